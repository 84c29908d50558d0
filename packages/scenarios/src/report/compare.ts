/** A comparison in words: the ranking, for each measure the differences from the baseline as a forest plot, and what pairing saved. */
import type { VariantComparison } from '@brownout/core';
import type { ComparedMeasure, CompareResult } from '../experiment/compare.ts';
import { measureKind } from '../experiment/condition.ts';
import { isRecovery } from '../experiment/replication.ts';
import { measureDefinitions } from '../scenario/measure-definitions.ts';
import { forestLines } from './forest-plot.ts';
import { measureValueText } from './measure-text.ts';
import { plainStyle, type Style } from './style.ts';
import { hang, table, wrap } from './text.ts';
import { namesText, shareText, spanText } from './words.ts';

/** How a comparison is written. */
export interface CompareTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
}

/** Forest plots are at most so wide. */
const widestPlot = 48;

/** The comparison as text, ending in a line break. */
export function compareText(result: CompareResult, options: CompareTextOptions = {}): string {
  const { width = 100, style = plainStyle } = options;
  const lines = [
    style.strong(`COMPARED ${result.title}`),
    ...wrap(howText(result), width).map(style.faint),
    ...variantLines(result, width, style),
    '',
    ...rankingLines(result, width, style),
    ...result.measures.flatMap((measure) => ['', ...measureLines(measure, width, style)]),
    '',
    ...wrap(pairingText(result), width),
    ...recoveryLines(result, width),
  ];
  return `${lines.join('\n')}\n`;
}

function howText({ replications, seed, level, outcome, variants }: CompareResult): string {
  const ends = {
    fixed: '',
    reached: '; the precision asked for is reached',
    unconfirmed: '; the precision asked for is reached, but not confirmed by further runs',
    maximum: '; the precision asked for is NOT reached',
    stopped: '; stopped early',
  };
  return (
    `${replications} runs of each of ${variants.length} variants under the same seeds, from seed ${seed} on${ends[outcome]}. ` +
    `All intervals of one measure hold together with ${Number((level * 100).toFixed(1))} %.`
  );
}

function variantLines({ variants }: CompareResult, width: number, style: Style): string[] {
  return variants
    .slice(1)
    .flatMap(({ name, changes }) => [
      '',
      ...hang('', name, width, style.strong),
      ...changes.flatMap((change) => hang('  ', change, width)),
    ]);
}

function rankingLines({ measures }: CompareResult, width: number, style: Style): string[] {
  const { measure, comparison, summaries, better } = measures[0]!;
  const names = [comparison.baseline, ...comparison.variants.map(({ name }) => name)];
  const rows = comparison.ranking.map(({ name, rank, notDistinguishableFrom }) => {
    const { median, lo, hi } = summaries[names.indexOf(name)]!;
    const text = (value: number | null): string => measureValueText(measure, value);
    return [
      String(rank),
      name,
      text(median),
      lo === hi ? '' : `${text(lo)} to ${text(hi)}`,
      alikeText(notDistinguishableFrom, names.length - 1),
    ];
  });
  const columns = [
    { title: 'rank', align: 'right' as const },
    { title: 'variant' },
    { title: 'median' },
    { title: 'interval', isOptional: true },
    { title: '' },
  ];
  return [
    ...wrap(`RANKING by ${titleOf(measure)}, ${better} is better`, width).map(style.strong),
    ...table(columns, rows, width, style.faint),
  ];
}

function alikeText(others: readonly string[], all: number): string {
  if (others.length === 0) return '';
  return `not distinguishable from ${others.length === all && all > 1 ? 'any other' : namesText(others)}`;
}

function measureLines({ measure, comparison, better }: ComparedMeasure, width: number, style: Style): string[] {
  const head = `${titleOf(measure)}: ${comparison.method} of the differences from ${comparison.baseline}`;
  const title = wrap(head, width).map(style.strong);
  const { variants } = comparison;
  if (variants.every(({ verdict }) => verdict === 'identical')) return [...title, '  the same in every run'];
  const named = Math.min(Math.max(...variants.map(({ name }) => name.length)), 32);
  const plotWidth = Math.min(widestPlot, width - 4);
  const { rows, axis } = forestLines(
    variants.map(({ difference, lo, hi }) => ({ middle: difference, low: lo, high: hi })),
    plotWidth,
    (value) => signedText(measure, value),
    style,
  );
  const texts = variants.map((variant) =>
    differenceText(measure, variant, { better, method: comparison.method }, style),
  );
  const isBeside = width >= named + plotWidth + 4;
  return [
    ...title,
    ...variants.flatMap(({ name }, index) => [
      ...(isBeside
        ? [`${name.slice(0, named).padEnd(named)}  ${rows[index]!}`]
        : [`${name.slice(0, width)}`, `  ${rows[index]!}`]),
      ...hang('    ', texts[index]!.text, width, texts[index]!.paint),
    ]),
    `${' '.repeat(isBeside ? named + 2 : 2)}${axis}`,
  ];
}

function differenceText(
  measure: string,
  { difference, lo, hi, probability, verdict, coverage }: VariantComparison,
  { better, method }: Pick<ComparedMeasure, 'better'> & Pick<ComparedMeasure['comparison'], 'method'>,
  style: Style,
): { readonly text: string; readonly paint: Style['good'] } {
  if (verdict === 'identical') return { text: 'the same in every run', paint: style.faint };
  const end = (value: number | null, side: string): string =>
    value === null ? `no ${side} bound` : signedText(measure, value);
  const middle = difference === null ? 'infinite: one of the two does not happen' : signedText(measure, difference);
  const chance = probability < 0.001 ? 'p < 0.001' : `p = ${Number(probability.toFixed(3))}`;
  // Student's interval has no width where all differences are equal, which would look like certainty.
  if (method === 'mean' && lo === hi && verdict === 'not distinguishable')
    return { text: `${middle} in every run, ${chance}: too few runs to tell it from luck`, paint: style.faint };
  const worth = coverage < 0.9 ? `, which covers with ${shareText(coverage)} only` : '';
  const text = `${middle} (${end(lo, 'lower')} to ${end(hi, 'upper')}${worth}), ${chance}: ${verdictText(verdict, better)}`;
  const isClear = verdict === 'lower' || verdict === 'higher';
  return { text, paint: !isClear ? style.faint : verdict === better ? style.good : style.bad };
}

function verdictText(verdict: VariantComparison['verdict'], better: 'lower' | 'higher'): string {
  if (verdict === 'lower' || verdict === 'higher')
    return verdict === better ? `${verdict}, better` : `${verdict}, worse`;
  return verdict;
}

function signedText(measure: string, value: number): string {
  const kind = measureKind(measure);
  const size = kind === 'moment' ? spanText(Math.abs(value)) : measureValueText(measure, Math.abs(value));
  const text = kind === 'share' ? size.replace(' %', ' points') : size;
  return value === 0 ? text : `${value < 0 ? '-' : '+'}${text}`;
}

function titleOf(measure: string): string {
  const title = measureDefinitions.find(({ name }) => name === measure)?.title;
  return title === undefined ? measure : `${measure} (${title})`;
}

/** What a recovery of 0 s means, where there is one. */
function recoveryLines({ measures, variants }: CompareResult, width: number): string[] {
  const hasZero = ({ measure }: ComparedMeasure): boolean =>
    variants.some(({ values }) => values[measure]?.includes(0));
  const found = measures.filter((one) => isRecovery(one.measure) && hasZero(one));
  if (found.length === 0) return [];
  const names = namesText(found.map(({ measure }) => measure));
  return wrap(`${names}: 0 s where no cluster was lost, for nothing had to recover.`, width);
}

/** What the common seeds were worth, in replications that need not be made. */
function pairingText({ measures }: CompareResult): string {
  const { measure, comparison } = measures[0]!;
  const gains = comparison.variants.flatMap(({ name, pairing }) => (pairing === null ? [] : [{ name, ...pairing }]));
  if (gains.length === 0) {
    return `What the common seeds saved for ${measure} cannot be said: it does not vary, or did not happen in some runs.`;
  }
  const texts = gains.map(
    ({ name, saving, correlation }) =>
      `${name} ${Number(saving.toPrecision(2))} times (correlation ${correlation.toFixed(2)})`,
  );
  return (
    `Common seeds: without them, as exact a difference in ${measure} would take this many times as many runs: ` +
    `${texts.join('; ')}.`
  );
}
