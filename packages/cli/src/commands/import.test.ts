import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { captureFolder, captureNames } from '../../test/captures.ts';
import { brownout, temporaryFolder } from '../../test/context.ts';

function folderOfCaptures(): string {
  const folder = temporaryFolder();
  for (const name of captureNames) copyFileSync(join(captureFolder, name), join(folder, name));
  return folder;
}

it('imports the files of a cluster, gives an account, and the documents are valid', async () => {
  const folder = folderOfCaptures();
  const made = await brownout(['import', ...captureNames, '--trigger-daemonset', 'agent'], { folder });
  expect([made.exitCode, made.stderr]).toEqual([0, '']);
  expect(made.stdout).toContain('scenario clusters[0].nodes = 20    nodes.json.gz: counted');
  expect(made.stdout).toContain('Written: imported-load.yaml    (brownout replay imported-load.yaml)');
  for (const name of ['imported.yaml', 'imported-load.yaml']) {
    expect(await brownout(['validate', name], { folder })).toMatchObject({ exitCode: 0 });
  }
  const again = await brownout(['import', ...captureNames], { folder });
  expect([again.exitCode, again.stderr]).toEqual([
    2,
    '"imported.yaml" exists; remove it, or give --out another name\n',
  ]);
});

it('says what is wrong with a file, writes nothing and changes nothing', async () => {
  const folder = folderOfCaptures();
  const whole = readFileSync(join(folder, 'nodes.json.gz'));
  writeFileSync(join(folder, 'cut.gz'), whole.subarray(0, 900));
  writeFileSync(join(folder, 'latin'), Buffer.from([0x7b, 0xe9, 0x7d]));
  writeFileSync(join(folder, 'zeros.gz'), gzipSync(Buffer.alloc(210_000_000, 32)));
  writeFileSync(
    join(folder, 'bomb.yaml'),
    'kind: &a [x, x, x, x]\nitems: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n',
  );
  const cases = [
    ['cut.gz', 'cannot read "cut.gz": the gzip file is cut or damaged; save it again\n'],
    ['latin', 'cannot read "latin": expected text in UTF-8, got something else\n'],
    ['zeros.gz', 'cannot read "zeros.gz": it unpacks to more than 200 MB; cut it, or save less\n'],
    ['bomb.yaml', 'bomb.yaml: aliases repeat too much of the document\n'],
    ['missing.json', 'cannot read "missing.json": no such file\n'],
    ['.', 'cannot read ".": expected a file, got a folder\n'],
    ['/dev/zero', 'cannot read "/dev/zero": expected a file, got a device\n'],
  ] as const;
  for (const [name, message] of cases) {
    const { exitCode, stderr, stdout } = await brownout(['import', 'nodes.json.gz', name], { folder });
    expect([exitCode, stderr, stdout]).toEqual([2, message, '']);
  }
  expect(existsSync(join(folder, 'imported.yaml'))).toBe(false);
  expect(readFileSync(join(folder, 'nodes.json.gz')).equals(whole)).toBe(true);
});

it('reads what another program writes, up to the same size', async () => {
  const folder = folderOfCaptures();
  const pipe = join(folder, 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const writing = writeFile(pipe, readFileSync(join(folder, 'nodes.json.gz')));
  const { exitCode, stdout } = await brownout(['import', 'pipe', '--out', 'piped.yaml'], { folder });
  await writing;
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('clusters[0].nodes = 20    pipe: counted')]);
});

it('reads flow schemas from YAML of several documents', async () => {
  const folder = folderOfCaptures();
  const one = (name: string): string =>
    `apiVersion: flowcontrol.apiserver.k8s.io/v1\nkind: FlowSchema\nmetadata: { name: ${name}, annotations: { a: hunter2 } }\nspec: { priorityLevelConfiguration: { name: workload-low } }\n`;
  writeFileSync(join(folder, 'own.yaml'), `---\n${one('first')}---\n${one('second')}`);
  const { exitCode } = await brownout(['import', 'nodes.json.gz', 'own.yaml', '--out', 'made.yaml'], { folder });
  const text = readFileSync(join(folder, 'made.yaml'), 'utf8');
  expect([exitCode, /name: first/.test(text), /name: second/.test(text), /hunter2/.test(text)]).toEqual([
    0,
    true,
    true,
    false,
  ]);
});

it('calibrates from two scrapes, and says what they do not tell', async () => {
  const folder = folderOfCaptures();
  const { exitCode, stdout } = await brownout(['calibrate', 'metrics-before.txt.gz', 'metrics-after.txt.gz'], {
    folder,
  });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^PUT leases +311 +2\.06 \(1\.72 to 2\.4\) +-$/m);
  expect(stdout).toContain('GET daemonsets: duration: 10 requests in buckets this coarse leave');
  expect(stdout).toContain('1 stretch between pages for 7 unknowns');
  const wrong = await brownout(['calibrate', 'metrics-before.txt.gz', 'flags.txt'], { folder });
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, 'flags.txt: expected a scrape of /metrics, got flags\n']);
});
