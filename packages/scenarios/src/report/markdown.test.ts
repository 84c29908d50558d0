import { expect, it } from 'vitest';
import { quietResult, sampleResult } from '../../test/sample-result.ts';
import { markdownText, fenced } from './markdown-text.ts';
import { reportMarkdown } from './markdown.ts';
import { runPhases } from './phases.ts';
import { postmortemMarkdown } from './postmortem.ts';

/** What stands under a heading. */
function part(text: string, title: string): string {
  const [, ...rest] = text.split(`\n## ${title}\n`);
  return rest.join('').split('\n## ')[0] ?? '';
}

/** The usual headings of a postmortem, in their order. */
const headings = [
  'Summary',
  'Impact',
  'Root Causes',
  'Trigger',
  'Resolution',
  'Detection',
  'Action Items',
  'Lessons Learned',
  'Timeline',
  'Supporting information',
];

it('the report says the outcome first, then tables, the causes and how to have it again', () => {
  const text = reportMarkdown(sampleResult);
  expect(text.split('\n').slice(0, 3)).toEqual([
    '# A sample outage',
    '',
    expect.stringMatching(/^1 of 2 clusters loses/),
  ]);
  expect(part(text, 'Published and simulated')).toContain('| 15:16 (+25 min) | 15:16 (+25 min) | the same |');
  expect(part(text, 'Cluster by cluster')).toMatch(/\| large \| 7,500 \| API memory, 15:11 \|/);
  expect(part(text, 'Why the first user request failed')).toContain(
    '- 15:15:25 (+24 min) **because** large: first cached',
  );
  expect(part(text, 'Assumed')).toContain('| clusters\\[\\*\\].nodes | 100, 7500 | sizes are not published |');
  expect(part(text, 'How to have it again')).toContain('brownout replay sample --seed 7\n');
});

it('with a baseline the KPIs stand beside its own', () => {
  const text = reportMarkdown(quietResult, { baseline: sampleResult });
  expect(part(text, 'In numbers, beside the baseline')).toContain('| clusters lost | 1 | 0 | 1 less |');
});

it('every row of a table has as many cells as its heading', () => {
  for (const text of [reportMarkdown(sampleResult), postmortemMarkdown(sampleResult)]) {
    for (const block of text.split('\n\n').filter((each) => each.startsWith('|'))) {
      const widths = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size, block).toBe(1);
    }
  }
});

it('a command to type again is quoted where a shell would read more into it', () => {
  const run = {
    ...sampleResult,
    scenario: "it's; rm",
    mitigations: [{ id: 'staged-rollout', title: 'Staged', parameters: { bake: '30 min', waves: 4 }, difference: [] }],
  };
  expect(reportMarkdown(run)).toContain(
    `brownout replay 'it'\\''s; rm' --seed 7 --mitigate staged-rollout:bake=30min,waves=4\n`,
  );
});

it('text of documents is shown and never becomes markup', () => {
  const hostile = '<script>x</script> [a](javascript:b) | `c` *d* # e ![f](http://g) &lt;\nh';
  const shown = markdownText(hostile);
  expect(shown).toBe(
    '&lt;script&gt;x&lt;/script&gt; \\[a\\](javascript:b) \\| \\`c\\` \\*d\\* \\# e \\!\\[f\\](http:&#47;&#47;g) &amp;lt; h',
  );
  const text = reportMarkdown({ ...sampleResult, title: hostile, warnings: [hostile] });
  expect(text).toContain(`# ${shown}\n`);
  expect(text).toContain(`- ${shown}\n`);
  expect(text).not.toContain('<script');
});

it('text in a fence cannot close it', () => {
  expect(fenced('a\n````\nb')).toBe('`````text\na\n````\nb\n`````');
});

it('the postmortem has the usual headings in their order, each with something under it', () => {
  const text = postmortemMarkdown(sampleResult);
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(headings);
  for (const title of headings) expect(part(text, title).trim(), title).not.toBe('');
});

it('the postmortem says what the run knows and leaves the rest to people', () => {
  const text = postmortemMarkdown(sampleResult);
  expect(part(text, 'Trigger')).toContain('14:56:30, large: agent rolled out, 7500 nodes.');
  expect(part(text, 'Detection')).toContain(
    'The first alert fires at 15:13 (+23 min), 2 min 30 s after the first saturated API server, 2 min 30 s before the first user errors.',
  );
  expect(part(text, 'Resolution')).toContain('- 15:51:00 (+1 h) large: cluster recovered');
  expect(part(text, 'Lessons Learned')).toContain('locked out of the worst cluster for 25 min');
  expect(text.match(/\*\*To write:\*\*/g)?.length).toBeGreaterThan(8);
});

it('measures to take are questions, with their cost and what they leave out, and leave out what was applied', () => {
  const items = part(postmortemMarkdown(sampleResult), 'Action Items');
  expect(items).toContain('Would it have helped: Staged rollout');
  expect(items).toContain('| question | mitigation | costs | leaves out |');
  expect(items).not.toMatch(/\bshould\b|recommend/i);
  const applied = { id: 'staged-rollout', title: 'Staged', parameters: {}, difference: [] };
  const with1 = postmortemMarkdown({ ...sampleResult, mitigations: [applied] });
  expect(part(with1, 'Action Items')).not.toContain('Would it have helped: Staged rollout');
});

it('a quiet day asks for nothing and names no cause', () => {
  const text = postmortemMarkdown({ ...quietResult, causes: [] });
  expect(part(text, 'Action Items')).not.toContain('Would it have helped');
  expect(part(text, 'Root Causes')).toContain('No user request failed');
  expect(part(text, 'Detection')).toContain('No alert fires');
});

it('phases follow each other from the start of the run to its end', () => {
  expect(runPhases(sampleResult).map(({ id, start, end }) => [id, start, end])).toEqual([
    ['before', -600, 1200],
    ['hidden', 1200, 1500],
    ['outage', 1500, 3600],
    ['after', 3600, 5400],
  ]);
  expect(runPhases(quietResult).map(({ id }) => id)).toEqual(['before']);
  const unended = { ...sampleResult, kpis: { ...sampleResult.kpis, lastClusterRecovered: null, clustersLost: 2 } };
  expect(runPhases(unended).map(({ id }) => id)).toEqual(['before', 'hidden', 'outage', 'recovering']);
});
