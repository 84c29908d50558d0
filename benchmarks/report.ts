/** Turns rates into the tables of results.md. */
import { median, rateKey, type Rates } from './runner.ts';
import type { Ratio, Workload } from './suite.ts';

/** A measured workload. */
export interface Measured {
  readonly workload: Workload;
  readonly rates: Rates;
}

/** The table of ratios that were asked for, and those that are only reported. */
export function ratioTable(measured: readonly Measured[]): string[] {
  const rows = measured.flatMap(({ workload, rates }) =>
    workload.ratios.map((ratio) => ratioRow(workload, ratio, rates)),
  );
  return [
    '| workload | ratio | median (spread) | asked for | |',
    '|---|---|---|---|---|',
    ...rows.filter((row) => row !== undefined),
  ];
}

/** The table of rates: millions per CPU second, median of the runs, lowest and highest. */
export function rateTable(measured: readonly Measured[]): string[] {
  const rows = measured.flatMap(({ workload, rates }) =>
    [...rates]
      .filter(([key]) => isReported(workload, key))
      .map(
        ([key, values]) =>
          `| ${workload.title} | ${key.replace(': main', '')} | ${workload.unit} | ${summary(values)} |`,
      ),
  );
  return ['| workload | who | M of | per CPU second (spread) |', '|---|---|---|---|', ...rows];
}

/** The phases before the main one are told where a ratio is. */
function isReported(workload: Workload, key: string): boolean {
  return (
    key.endsWith(': main') ||
    workload.ratios.some(({ of, over, phase }) => [of, over].some((who) => key === rateKey(who, phase)))
  );
}

function ratioRow(workload: Workload, { of, over, phase, atLeast }: Ratio, rates: Rates): string | undefined {
  const upper = rates.get(rateKey(of, phase));
  const lower = rates.get(rateKey(over, phase));
  if (upper === undefined || lower === undefined) return undefined;
  const ratios = upper.map((rate, run) => rate / lower[run]!);
  const asked = atLeast === undefined ? '' : `>= ${atLeast.toFixed(1)}`;
  const phaseName = phase === 'main' ? '' : `, ${phase}`;
  return `| ${workload.title}${phaseName} | ${of} / ${over} | ${summary(ratios)} | ${asked} | ${atLeast === undefined ? '' : verdict(median(ratios) >= atLeast)} |`;
}

/** Median, with the lowest and the highest. */
export function summary(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} - ${Math.max(...values).toFixed(2)})`;
}

/** Whether what was asked for is reached. */
export function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**missed**';
}
