import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brownout } from '../../test/context.ts';

const example = fileURLToPath(new URL('../../../../docs/guides/two-clusters.yaml', import.meta.url));
const report = async (...args: string[]): ReturnType<typeof brownout> =>
  await brownout(['report', ...args], { folder });

/** The folder of a short run, and the one it is in. */
let run: string;
let folder: string;

describe('report', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-report-'));
    await brownout(['replay', example, '--until', '4min', '--out', 'run'], { folder });
    run = join(folder, 'run');
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes one HTML file beside the result, with its data inside', async () => {
    const { exitCode, stdout, stderr } = await report(run);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/report\.html: \d+ KiB\n$/);
    const html = readFileSync(join(run, 'report.html'), 'utf8');
    expect(html).toContain('http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src \'sha256-');
    expect(html).toContain('"schema":"brownout/report-view@1"');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:|\/)/);
  });

  it('writes Markdown with a baseline, and the postmortem, to standard output where that is asked for', async () => {
    const markdown = await report(join(run, 'result.json'), '--format', 'markdown', '--baseline', run, '--out', '-');
    expect(markdown.stdout).toMatch(/^# .*\n\n[\s\S]*## In numbers, beside the baseline\n/);
    const postmortem = await report(run, '--format', 'postmortem', '--out', '-');
    expect(postmortem.stdout).toMatch(/^# Postmortem: /);
    expect([markdown.exitCode, postmortem.exitCode]).toEqual([0, 0]);
  });

  it('refuses what it cannot use in one line, with exit code 2', async () => {
    const damaged = join(run, 'damaged.json');
    const written = readFileSync(join(run, 'result.json'), 'utf8');
    const whole = JSON.parse(written) as Record<string, unknown>;
    writeFileSync(damaged, JSON.stringify({ ...whole, timeline: 'none' }));
    const inside = join(run, 'inside.json');
    writeFileSync(inside, JSON.stringify({ ...whole, timeline: [null] }));
    const torn = join(run, 'torn.json');
    writeFileSync(torn, written.slice(0, 200));
    const many = join(run, 'many.json');
    writeFileSync(many, JSON.stringify({ ...whole, replications: 5 }));
    const other = join(run, 'other.json');
    writeFileSync(other, JSON.stringify({ ...whole, scenario: 'other' }));
    const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
      [['nothing-there'], /^cannot read "nothing-there": no such result\n$/],
      [[run, '--format', 'htm'], /^--format: expected one of html, markdown, postmortem, got "htm".*html/],
      [[damaged], /is damaged: timeline: expected array, got string\n$/],
      [[inside, '--format', 'markdown'], /is damaged: /],
      [[torn], /^cannot read ".*torn\.json": /],
      [[many], /expected schema "brownout\/result@1" with one replication, got 5 replications\n$/],
      [
        [run, '--format', 'markdown', '--baseline', other],
        /^--baseline: expected a run of two-clusters, got one of other\n$/,
      ],
      [[run, '--format', 'postmortem', '--baseline', run], /^--baseline: a postmortem is of one run/],
      [[run, '--format', 'markdown', '--out', 'no/such/folder.md'], /^cannot write "no\/such\/folder\.md": /],
    ];
    for (const [args, message] of cases) {
      const { exitCode, stderr, stdout } = await report(...args);
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n'), stderr).toHaveLength(1);
      expect([exitCode, stdout]).toEqual([2, '']);
    }
  });
});
