/** What the smaller model may be believed in - what is lost, and which change does more - with the whole beside it. */
import { median, medianInterval, pairedMedianInterval } from '@brownout/core';
import { pairsOf, valueOf, type VariantResult } from '../results.ts';
import type { RunRow } from '../row.ts';
import type { WholeRun } from '../whole-runs.ts';
import { asCount, asMinutes, medianText, runsText, table } from './markdown.ts';

/** Of a hundred changes that do nothing, one is called shorter or longer. */
export const verdictLevel = 0.99;
/** With fewer pairs no interval reaches that level. */
const fewestPairs = 8;

/** Shown of each variant. */
const headings = [
  'Variant',
  'Runs',
  'Lost in most runs',
  'How many',
  'Nothing lost in',
  'In words',
  'Outage shorter, longer in',
  'Whole: runs',
  'Whole: lost in most',
  'Whole: outage (min)',
  'Agree on what is lost',
];

/** One row for each variant, beside its baseline, in the order given. */
export function verdictTable(
  variants: readonly VariantResult[],
  baseline: VariantResult,
  whole: (variant: string) => readonly WholeRun[],
): string {
  return table(
    headings,
    variants.map((variant) => {
      const name = variant === baseline ? `**${variant.id}** (baseline)` : variant.id;
      return [name, ...ownCells(variant, baseline), ...wholeCells(variant, whole(variant.id))];
    }),
  );
}

/** The variants by what they do in words, in the order given: a list to read before the table. */
export function verdictList(variants: readonly VariantResult[], baseline: VariantResult): string {
  const byWords = new Map<string, string[]>();
  for (const variant of variants) {
    if (variant === baseline) continue;
    const words = wordsOf(variant, baseline);
    byWords.set(words, [...(byWords.get(words) ?? []), variant.id]);
  }
  return [...byWords].map(([words, ids]) => `- **${words}:** ${ids.join(', ')}`).join('\n');
}

/** The clusters that are lost in more than half of the runs, by name. */
export function usuallyLost(runs: readonly Pick<RunRow, 'measures'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { measures } of runs) {
    for (const [name, value] of Object.entries(measures)) {
      const [cluster, measure] = name.split('/');
      if (measure === 'clustersLost' && value === 1) counts.set(cluster!, (counts.get(cluster!) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([id, count]) => (2 * count > runs.length ? [id] : [])).sort();
}

/** What a variant does, in words: first to clusters, then to the users' outage. */
export function wordsOf(variant: VariantResult, baseline: VariantResult): string {
  const lost = lossesText(usuallyLost(baseline.rows), usuallyLost(variant.rows));
  const [before, now] = [baseline, variant].map(({ rows }) => median(rows.map((row) => valueOf(row, 'outageSeconds'))));
  const outage = now === 0 && before! > 0 ? 'no outage' : changeText(variant, baseline);
  if (outage === '') return lost === '' ? 'no difference seen' : lost;
  return lost === '' ? outage : `${lost}, ${outage}`;
}

function ownCells(variant: VariantResult, baseline: VariantResult): string[] {
  const { rows } = variant;
  const none = rows.filter(({ measures }) => measures['clustersLost'] === 0).length;
  const count = medianText(medianInterval(rows.map((row) => valueOf(row, 'clustersLost'))), asCount);
  const cells = [runsText(variant), namesText(usuallyLost(rows)), count, `${none} of ${rows.length}`];
  if (variant === baseline) return [...cells, '', ''];
  return [...cells, wordsOf(variant, baseline), pairsText(variant, baseline)];
}

function wholeCells({ rows }: VariantResult, whole: readonly WholeRun[]): string[] {
  if (whole.length === 0) return ['0', '', '', ''];
  const [own, other] = [rows, whole].map((runs) => namesText(usuallyLost(runs)));
  const outage = medianInterval(whole.map((run) => valueOf(run, 'outageSeconds')));
  return [String(whole.length), other!, medianText(outage, asMinutes), own === other ? 'yes' : '**no**'];
}

function lossesText(before: readonly string[], now: readonly string[]): string {
  const [gone, added] = [before.filter((id) => !now.includes(id)), now.filter((id) => !before.includes(id))];
  if (gone.length === 0 && added.length === 0) return '';
  if (now.length === 0) return 'nothing lost';
  if (added.length === 0) return 'fewer lost';
  return gone.length === 0 ? 'more lost' : 'others lost';
}

function changeText(variant: VariantResult, baseline: VariantResult): string {
  const pairs = pairsOf(baseline, variant);
  if (pairs.length < fewestPairs) return 'too few runs to say';
  const [first, second] = [0, 1].map((side) => pairs.map((pair) => valueOf(pair[side as 0 | 1], 'outageSeconds')));
  const { low, high } = pairedMedianInterval(first!, second!, verdictLevel);
  return high < 0 ? 'shorter outage' : low > 0 ? 'longer outage' : '';
}

/** In how many of the pairs the outage became shorter, and in how many longer. */
function pairsText(variant: VariantResult, baseline: VariantResult): string {
  const changes = pairsOf(baseline, variant).map((pair) => {
    const [before, now] = pair.map((row) => valueOf(row, 'outageSeconds'));
    return now! - before!;
  });
  const [less, more] = [changes.filter((change) => change < 0), changes.filter((change) => change > 0)];
  return `${less.length}, ${more.length} of ${changes.length}`;
}

function namesText(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
