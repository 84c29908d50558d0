import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder, type Invocation } from '../../test/context.ts';
import { tinyText } from '../../test/tiny-document.ts';

const tiny = await tinyText('1 min');

function folderWithTiny(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tiny.yaml'), tiny);
  return folder;
}

async function run(args: string, folder: string, environment: Record<string, string> = {}): Promise<Invocation> {
  return await brownout(args.split(' '), { folder, environment });
}

const studies = {
  replay: 'replay tiny.yaml --replications 5 --seed 3',
  compare: 'compare tiny.yaml --replications 2 --mitigate break-glass --mitigate serve-stale-dns:window=12h',
  sweep: 'sweep tiny.yaml --vary clusters[0].nodes=2..4:3 --replications 2',
};

describe('a study made in shares', () => {
  it.each(Object.entries(studies))('has the file and the result of one process: %s', async (_name, study) => {
    const folder = folderWithTiny();
    const one = await run(`${study} --out one --workers 1 --json`, folder);
    expect(one.exitCode).toBe(0);
    for (const index of ['0', '1', '2']) {
      const share = await run(`${study} --out shares --shard auto/3`, folder, { JOB_COMPLETION_INDEX: index });
      const name = `replications-${Number(index) + 1}-of-3.ndjson`;
      expect(share.stderr).toMatch(
        /^Share . of 3: [12] of [56] runs are made; they are in shares\/replications-.-of-3\.ndjson\n$/,
      );
      expect(share.stderr).toContain(`shares/${name}`);
      expect([share.exitCode, share.stdout]).toEqual([0, '']);
    }
    const files = ['3', '1', '2'].map((index) => `shares/replications-${index}-of-3.ndjson`);
    const merged = await run(`merge ${files.join(' ')} --out shares/replications.ndjson`, folder);
    expect([merged.exitCode, merged.stderr]).toEqual([0, '']);
    expect(merged.stdout).toContain(
      'replications of 3 files are in shares/replications.ndjson\nTheir result: brownout',
    );
    const [whole, put] = ['one', 'shares'].map((name) =>
      readFileSync(join(folder, name, 'replications.ndjson'), 'utf8'),
    );
    expect(put === whole).toBe(true);
    const result = await run(`${study} --out shares --resume --json`, folder);
    expect(result.stdout === one.stdout).toBe(true);
  });

  it('of which one is missing is not merged, and merge says how to make it', async () => {
    const folder = folderWithTiny();
    await run(`${studies.replay} --out o --shard 1/2`, folder);
    const { exitCode, stderr } = await run('merge o/replications-1-of-2.ndjson --out o/replications.ndjson', folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('merge: 2 replications of a share of 2 are missing:\n  seed 4 of document');
    expect(stderr).toContain(`  brownout ${studies.replay} --shard 2/2 --resume\n`);
  });

  it('begun again with --resume makes what is missing of its share and nothing else', async () => {
    const folder = folderWithTiny();
    await run(`${studies.replay} --out o --shard 1/2`, folder);
    const path = join(folder, 'o/replications-1-of-2.ndjson');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.slice(0, -20));
    const { exitCode, stderr } = await run(`${studies.replay} --out o --shard 1/2 --resume`, folder);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('torn while it was written');
    expect(readFileSync(path, 'utf8')).toBe(whole);
  });

  it('is merged into a file that is not there yet', async () => {
    const folder = folderWithTiny();
    await run(`${studies.replay} --out o --shard 1/1`, folder);
    const merge = 'merge o/replications-1-of-1.ndjson --out o/replications.ndjson';
    expect((await run(merge, folder)).exitCode).toBe(0);
    expect(await run(merge, folder)).toMatchObject({
      exitCode: 2,
      stderr: 'merge: "o/replications.ndjson" is there already; remove it, or choose another name with --out\n',
    });
    expect((await run('merge nothing.ndjson --out x', folder)).stderr).toBe(
      'cannot read "nothing.ndjson": no such file\n',
    );
  });
});

describe('where runs are made', () => {
  it.each([
    ['replay tiny.yaml --shard 1/2', '--shard: one run is made here; it is for --replications of 2 and more'],
    ['replay tiny.yaml --redis redis://h', '--redis: one run is made here'],
    [
      `${studies.compare} --half-width 1s --shard 1/2`,
      'compare: a comparison to a precision ends when it is reached, so',
    ],
    [`${studies.replay} --redis`, '--redis: expected a URL behind it, or BROWNOUT_REDIS in the environment'],
    [`${studies.replay} --redis redis://:secret@127.0.0.1:1`, 'cannot use Redis at redis://:***@127.0.0.1:1: '],
    [`${studies.replay} --shard 3/2`, '--shard: shares of 2 are 1/2 to 2/2, got "3/2"'],
    ['tip tiny.yaml --vary clusters[0].nodes=2..4 --shard 1/2', 'tip: a search decides from runs which ones it needs'],
    ['plan tiny.yaml --goal x --shard 1/2', 'plan: a search decides from runs which ones it needs next'],
    ['worker', 'worker: expected --redis <url>, or BROWNOUT_REDIS in the environment'],
    ['worker --redis redis://h --lock 10ms', '--lock: expected at least 1 s, got "10ms"'],
    ['worker --redis redis://h --concurrency 0', '--concurrency: expected a whole number from 1 to'],
  ])('is refused where it makes no sense: %s', async (args, message) => {
    const { exitCode, stderr } = await run(args, folderWithTiny());
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
    expect(exitCode).toBe(2);
  });
});
