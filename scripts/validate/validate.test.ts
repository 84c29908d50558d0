/** From plan to pages on a small incident: stopped half-way, resumed, written. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readData } from './data-file.ts';
import { readOptions } from './options.ts';
import { smallStudy } from './testing/small-study.ts';
import { validate } from './validate.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brownout-validate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command; stops it when its progress shows that so many runs are made. */
async function run(args: string, sources: string, stopAfter = Infinity) {
  const stop = new AbortController();
  let text = '';
  let made = 0;
  const code = await validate([smallStudy()], readOptions(args.split(' ').filter(Boolean)), {
    sources,
    cache: (incident) => join(folder, 'cache', incident),
    pages: join(folder, 'pages'),
    screen: {
      isTerminal: true,
      write: (part) => {
        text += part;
        if (/^\r\[\d+\//.test(part)) made += 1;
        if (made >= stopAfter) stop.abort();
      },
    },
    print: (part) => (text += part),
    signal: stop.signal,
    size: { replications: 2, draws: 2, decisive: [] },
  });
  return { code, text, made };
}

const tables = '--tables bands,counterfactuals --jobs 1';

it('runs what is missing, stops, resumes, and writes what is there', { timeout: 240_000 }, async () => {
  const stopped = await run(tables, 'one', 2);
  expect(stopped.code).toBe(130);
  expect(stopped.made).toBeLessThan(8);

  // As if the process had been killed while it wrote.
  appendFileSync(join(folder, 'cache/small/bands.ndjson'), '{"hash":"0123');
  const resumed = await run(tables, 'one');
  expect(resumed.code).toBe(0);
  expect(resumed.text).toContain('1 stored lines could not be read');
  // Bands: 2 variants; counterfactuals: no trigger, no tier, and one random order that is not the original.
  const all = resumed.made + stopped.made;
  expect(all).toBeGreaterThanOrEqual(8);
  expect((await run(tables, 'one')).made).toBe(0);
  expect(existsSync(join(folder, 'pages'))).toBe(false);

  const listed = await run('--list --tables bands', 'one');
  expect(listed.text).toContain('as-it-was: 2 of 2');
  expect(listed.text).not.toContain('counterfactuals');

  // Sources that changed without effect cost one run per variant.
  const probed = await run('--tables bands --jobs 1', 'two');
  expect([probed.code, probed.made]).toEqual([0, 2]);

  const page = join(folder, 'pages/small.md');
  const written = await run('--write', 'one');
  expect(written.code).toBe(3);
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('# Two clusters: simulated beside published');
  expect(text).toMatch(/\*\*Partial: \d+ of the \d+ runs asked for are there/);
  expect(text).toMatch(
    /\| 1 first alert \| 5 to 10 min \| 7 \| 6\.5 \| 0 \| 100 % \[34, 100\] \(2 of 2\) \| .+ \| inside \|/,
  );
  expect(text).toMatch(
    /\| the same day without the rollout \| 2 \| 0 \| never \| never \| never \| 0 \| 0 \| 0 \| 0 \|/,
  );
  expect(readdirSync(join(folder, 'pages/data'))).toContain('small.counterfactuals.json');
  const data = readData(readFileSync(join(folder, 'pages/data/small.bands.json'), 'utf8'), 'small.bands.json');
  expect(data.variants.map(({ id, rows }) => [id, rows.length])).toEqual([
    ['as-it-was', 2],
    ['roll-back-only', 2],
  ]);

  const note = '<!-- Written by hand from here on: `pnpm validate` keeps it. -->\n\n## Remarks\n';
  writeFileSync(page, `old\n\n${note}`);
  await run('--write', 'one');
  expect(readFileSync(page, 'utf8')).toBe(`${text}\n${note}`);

  // Another machine goes on from what is committed: one run of each document, and the other is taken over.
  rmSync(join(folder, 'cache'), { recursive: true });
  const takenOver = await run('--tables bands --jobs 1', 'three');
  expect([takenOver.code, takenOver.made]).toEqual([0, 2]);
  expect(takenOver.text).toContain('2 runs by other sources, or from the committed tables, hold');
  await run('--write', 'three');
  const again = readData(readFileSync(join(folder, 'pages/data/small.bands.json'), 'utf8'), 'small.bands.json');
  expect(again.variants).toEqual(data.variants);
});
