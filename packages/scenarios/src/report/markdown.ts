import type { CauseLink, RunResult } from '../scenario/result.ts';
import { chartLines } from './chart.ts';
import { reportContent, type ContentTable, type ReportContent } from './content.ts';
import { markdownText, markdownTable, fenced } from './markdown-text.ts';
import { plainStyle } from './style.ts';
import { afterText } from './words.ts';

/** The report on a run as Markdown (GitHub's): for an issue, a wiki, a review. Charts are text in a fence. */

/** What a report as Markdown may have besides the run. */
export interface MarkdownOptions {
  /** The same scenario without the mitigations, to set its KPIs beside those of this run. */
  readonly baseline?: RunResult;
}

/** Columns of the text charts: wide enough to read, narrow enough for a page of a wiki. */
const chartWidth = 96;

/** The report, ending in a line break. */
export function reportMarkdown(result: RunResult, options: MarkdownOptions = {}): string {
  const content = reportContent(result, options.baseline);
  const parts = [
    `# ${markdownText(content.title)}`,
    markdownText(content.outcome),
    ...mitigationParts(content),
    ...tablePart('Published and simulated', content.comparison),
    ...tablePart(options.baseline === undefined ? 'In numbers' : 'In numbers, beside the baseline', content.measures),
    ...tablePart('What happened, when', storyTable(content), `Times of day in ${markdownText(result.clock.zone)}.`),
    ...chartParts(result),
    ...tablePart('Cluster by cluster', content.clusters),
    ...tablePart('Product by product', content.products),
    ...causeParts(content.causes),
    ...tablePart('Why it went on', content.loops, markdownText(content.loopRemark)),
    ...assumedParts(content),
    ...(content.warnings.length === 0 ? [] : ['## Be careful', bullets(content.warnings)]),
    '## How to have it again',
    fenced(content.replay),
    markdownText(content.identity),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The story as a table; facts that were published are marked. */
export function storyTable({ story }: ReportContent): ContentTable {
  return {
    columns: [
      { title: 'time', align: 'left' },
      { title: 'since the trigger', align: 'right' },
      { title: 'what', align: 'left' },
    ],
    rows: story.map(({ clock, after, text, isPublished }) => [
      clock,
      after,
      isPublished ? `» published: ${text}` : text,
    ]),
  };
}

/** The chain of causes as a list, from the failed request back to the trigger. */
export function causeList(causes: readonly CauseLink[]): string {
  return causes
    .map(({ t, clock, kind, text, cluster, because = '' }, index) => {
      const place = cluster === undefined ? '' : `${cluster}: `;
      const isFirst = index === 0 || kind === 'users';
      const line = `- ${clock} (${afterText(t)}) ${isFirst ? '' : '**because** '}${markdownText(`${place}${text}`)}`;
      return because === '' ? line : `${line}<br>*${markdownText(because)}*`;
    })
    .join('\n');
}

/** The text charts of a run in a fence; nothing when it has no series. */
export function chartParts(result: RunResult): string[] {
  const lines = chartLines(result, chartWidth, plainStyle);
  return lines.length === 0 ? [] : ['## Over time', fenced(lines.join('\n'))];
}

function mitigationParts({ mitigations }: ReportContent): string[] {
  if (mitigations.length === 0) return [];
  const items = mitigations.map(({ id, title, parameters, difference }) => {
    const values = parameters === '' ? '' : `, ${markdownText(parameters)}`;
    const lines = difference.length === 0 ? ['changes nothing in this scenario'] : difference;
    return [
      `- **${markdownText(title)}** (${markdownText(id)}${values})`,
      ...lines.map((line) => `  - ${markdownText(line)}`),
    ].join('\n');
  });
  return ['## Mitigated by', items.join('\n')];
}

function tablePart(title: string, table: ContentTable, remark = ''): string[] {
  if (table.rows.length === 0) return [];
  return [`## ${title}`, ...(remark === '' ? [] : [remark]), markdownTable(table)];
}

function causeParts(causes: readonly CauseLink[]): string[] {
  return causes.length === 0 ? [] : ['## Why the first user request failed', causeList(causes)];
}

function assumedParts({ sources, sourceSummary }: ReportContent): string[] {
  const rows = sources
    .filter(({ source }) => source === 'assumed')
    .map(({ path, text, note }) => [path, text, note] as const);
  const columns = ['where', 'value', 'why'].map((title) => ({ title, align: 'left' as const }));
  return tablePart('Assumed', { columns, rows }, `Of ${sourceSummary} values.`);
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${markdownText(line)}`).join('\n');
}
