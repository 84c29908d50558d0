/** A tipping point in words, with a strip of what was seen at which value. */
import type { TipResult, TipRun } from '../experiment/tip.ts';
import { measureValueText } from './measure-text.ts';
import { plainStyle, type Style } from './style.ts';
import { hang, table } from './text.ts';
import { shareText } from './words.ts';

/** How it is written. */
export interface TipTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
}

/** Runs at one value that are drawn one by one; more are counted. */
const drawnRuns = 12;

/** The answer first, then what was seen. Ends in a line break. */
export function tipText(result: TipResult, options: TipTextOptions = {}): string {
  const { width = 100, style = plainStyle } = options;
  const lines = [
    style.strong(`TIPPING POINT ${result.scenario}`),
    ...hang('', `${result.path}, asked: ${result.when}`, width, style.faint),
    '',
    ...answerLines(result, width, style),
    '',
    ...seenLines(result, width, style),
  ];
  return `${lines.join('\n')}\n`;
}

/** The answer in one line, for the end of a report and for logs. */
export function tipAnswer({ path, tip, written }: TipResult): string {
  if (tip.status === 'never') return `${path}: no over the whole range`;
  if (tip.status === 'always') return `${path}: yes over the whole range`;
  if (tip.status === 'unclear') return `${path}: neither end of the range has a clear answer`;
  const beyond = tip.isOpenLow ? ', or less' : tip.isOpenHigh ? ', or more' : '';
  const sure = `${Number((tip.confidence * 100).toPrecision(3))} %`;
  return `${path} tips at ${written.value} (${sure} interval ${written.low} to ${written.high}${beyond})`;
}

function answerLines(result: TipResult, width: number, style: Style): string[] {
  const { tip, path, runs } = result;
  const chance = tip.level === 0.5 ? 'more likely than not' : `${shareText(tip.level)} likely`;
  const lines = [...hang('', tipAnswer(result), width, style.strong)];
  if (tip.status === 'found') {
    const [side, other] = tip.direction === 'rising' ? ['from there up', 'below'] : ['down from there', 'above'];
    const narrow = tip.isNarrow ? '' : ' The budget ended the search: more runs make the interval narrower.';
    lines.push(
      ...hang('', `A yes is ${chance} ${side}, and less than that ${other}. ${runs.length} runs.${narrow}`, width),
    );
  } else {
    lines.push(...hang('', `${runs.length} runs, at both ends of the range and between them.`, width));
  }
  if (tip.reversals.length > 0) {
    const places = tip.reversals.map(({ value, saw }) => `${saw} at ${writtenAt(result, value)}`).join(', ');
    const text = `Not one crossing: ${places}, where the other answer was to be expected. Search a smaller range of ${path}.`;
    lines.push(...hang('! ', text, width, style.warn));
  }
  return lines;
}

function seenLines(result: TipResult, width: number, style: Style): string[] {
  const rows = groupsOf(result.runs).map((runs) => {
    const hits = runs.filter(({ isYes }) => isYes).length;
    const drawn = runs.length <= drawnRuns ? '●'.repeat(hits) + '·'.repeat(runs.length - hits) : '';
    const middle = middleOf(runs);
    const text = measureValueText(result.measure, middle);
    const paint = hits === 0 ? style.good : hits === runs.length ? style.bad : style.warn;
    return [runs[0]!.written, { text: `${hits} of ${runs.length}`, paint }, text, { text: drawn, paint }];
  });
  const columns = [
    { title: 'value', align: 'right' },
    { title: 'yes' },
    { title: `${result.measure}, median` },
    { title: '● yes  · no', isOptional: true },
  ] as const;
  return table(columns, rows, width, style.faint);
}

/** Runs by value, from low to high. */
function groupsOf(runs: readonly TipRun[]): TipRun[][] {
  const groups = new Map<string, TipRun[]>();
  for (const run of [...runs].sort((a, b) => a.value - b.value)) {
    groups.set(run.written, [...(groups.get(run.written) ?? []), run]);
  }
  return [...groups.values()];
}

/** The value in the middle; what never happened comes last. */
function middleOf(runs: readonly TipRun[]): number | null {
  const sorted = runs.map(({ measure }) => measure ?? Infinity).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted[(sorted.length - 1) >> 1]!;
  return middle === Infinity ? null : middle;
}

function writtenAt({ runs }: TipResult, value: number): string {
  const nearest = runs.reduce((best, run) => (Math.abs(run.value - value) < Math.abs(best.value - value) ? run : best));
  return nearest.written;
}
