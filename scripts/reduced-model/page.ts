/** The page on the smaller model: tables made from rows, and what is written by hand kept. */
import { existsSync, readFileSync } from 'node:fs';
import type { ReducedRow, ReducedVariant } from './rows.ts';

const mark = '<!-- Written by hand from here on: the script keeps it. -->';

/** The text of the page; what stands behind the mark in `file` is kept. */
export function reducedModelPage(
  variants: readonly ReducedVariant[],
  rows: readonly ReducedRow[],
  file: string,
): string {
  const of = (variant: string, model: ReducedRow['model']): ReducedRow[] =>
    rows.filter((row) => row.variant === variant && row.model === model);
  const both = variants.filter(({ id }) => of(id, 'whole').length > 0 && of(id, 'reduced').length > 0);
  const wholeEvents = median(rows.filter(({ model }) => model === 'whole').map(({ events }) => events));
  const reducedRows = rows.filter(({ model }) => model === 'reduced');
  const agreements = both.map((variant) => verdictOf(of(variant.id, 'whole'), of(variant.id, 'reduced')));
  const held = agreements.filter((one) => one === 'agrees').length;
  return `${[
    '# The smaller model beside the whole',
    '',
    'Written by `scripts/reduced-model/main.ts` from runs of both: `openai-2024-12-11`, 17,250 nodes. Medians over the runs named, with the range in brackets. The same seed does not make the same outage in both, since fewer nodes draw other numbers: what can agree is what does not hang on luck.',
    '',
    '| Change | Runs (whole, smaller) | Clusters lost, whole | smaller | Outage, whole (min) | smaller | Peak, whole (%) | smaller | Last recovery, whole (min) | smaller | Verdict on what is lost |',
    '| --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...both.map(({ id, title }, index) => {
      const [whole, small] = [of(id, 'whole'), of(id, 'reduced')];
      const cells = [
        title,
        `${whole.length}, ${small.length}`,
        lostText(whole),
        lostText(small),
        spread(whole, 'outageSeconds', 1 / 60, 0),
        spread(small, 'outageSeconds', 1 / 60, 0),
        spread(whole, 'peakErrorShare', 100, 0),
        spread(small, 'peakErrorShare', 100, 0),
        spread(whole, 'lastClusterRecovered', 1 / 60, 0),
        spread(small, 'lastClusterRecovered', 1 / 60, 0),
        agreements[index] ?? '',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
    `Verdicts that agree: ${held} of ${both.length}. Order by outage: ${orderText(both, of)}.`,
    '',
    `Events of a run: ${millions(wholeEvents)} for the whole, ${millions(median(reducedRows.map(({ events }) => events)))} for the smaller model (at most ${millions(Math.max(0, ...reducedRows.map(({ events }) => events)))}).`,
    '',
    `The day as it was, in minutes after the trigger: ${moments(of, 'whole')} in the whole, ${moments(of, 'reduced')} in the smaller model.`,
    '',
    `User time of a run's process, in seconds: ${cpuText(rows, 'whole')} for the whole where it was taken, ${cpuText(rows, 'reduced')} for the smaller model.`,
    '',
    mark,
    kept(file),
  ].join('\n')}`;
}

/** The clusters that are lost in more than half of the runs must be the same. */
function verdictOf(whole: readonly ReducedRow[], small: readonly ReducedRow[]): string {
  const usual = (rows: readonly ReducedRow[]): string =>
    [...new Set(rows.flatMap(({ lost }) => lost))]
      .filter((id) => rows.filter(({ lost }) => lost.includes(id)).length * 2 > rows.length)
      .sort()
      .join(', ');
  return usual(whole) === usual(small) ? 'agrees' : '**differs**';
}

function lostText(rows: readonly ReducedRow[]): string {
  const counts = new Map<string, number>();
  for (const id of rows.flatMap(({ lost }) => lost)) counts.set(id, (counts.get(id) ?? 0) + 1);
  if (counts.size === 0) return 'none';
  return [...counts]
    .sort()
    .map(([id, count]) => (count === rows.length ? id : `${id} (${count} of ${rows.length})`))
    .join(', ');
}

/** Pairs of changes whose medians differ by more than ten minutes in the whole, and how many of them the smaller model orders alike. */
function orderText(
  variants: readonly ReducedVariant[],
  of: (variant: string, model: ReducedRow['model']) => ReducedRow[],
): string {
  const outage = (id: string, model: ReducedRow['model']): number =>
    median(of(id, model).map(({ measures }) => measures['outageSeconds'] ?? 0));
  let [asked, alike] = [0, 0];
  for (const [i, { id: a }] of variants.entries()) {
    for (const { id: b } of variants.slice(i + 1)) {
      const whole = outage(a, 'whole') - outage(b, 'whole');
      if (Math.abs(whole) <= 600) continue;
      asked++;
      if (Math.sign(outage(a, 'reduced') - outage(b, 'reduced')) === Math.sign(whole)) alike++;
    }
  }
  return `${alike} of ${asked} pairs that are more than ten minutes apart in the whole come in the same order`;
}

function spread(rows: readonly ReducedRow[], name: string, factor: number, digits: number): string {
  const values = rows.map(({ measures }) => measures[name] ?? null);
  const known = values.filter((value): value is number => value !== null).map((value) => value * factor);
  if (known.length === 0) return 'never';
  const text = (value: number): string => value.toFixed(digits);
  const never = values.length - known.length;
  const range = known.length > 1 ? ` [${text(Math.min(...known))}, ${text(Math.max(...known))}]` : '';
  return `${text(median(known))}${range}${never > 0 ? `, never in ${never}` : ''}`;
}

/** When people could first have known, and when the first server was full. */
function moments(
  of: (variant: string, model: ReducedRow['model']) => ReducedRow[],
  model: ReducedRow['model'],
): string {
  const rows = of('as-it-was', model);
  const moment = (title: string, name: string): string => `${title} ${spread(rows, name, 1 / 60, 1)}`;
  return [
    moment('first saturation', 'firstSaturation'),
    moment('first user error', 'firstUserError'),
    moment('first alert', 'firstAlert'),
  ].join(', ');
}

function cpuText(rows: readonly ReducedRow[], of: ReducedRow['model']): string {
  const taken = rows.flatMap(({ model, cpuSeconds }) => (model === of && cpuSeconds > 0 ? [cpuSeconds] : []));
  const text = (value: number): string => value.toFixed(1);
  return `${text(median(taken))} [${text(Math.min(...taken))}, ${text(Math.max(...taken))}]`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0 ? 0 : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

function millions(events: number): string {
  return `${(events / 1e6).toFixed(1)} million`;
}

function kept(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length + 1) : '';
}
