/** A plan in words: the cheapest set that meets the goal, what else does, why the cheaper ones do not, and the front. */
import type { PlanResult, PlanRow } from '../experiment/plan.ts';
import { measureValueText } from './measure-text.ts';
import { plainStyle, type Style } from './style.ts';
import { type Cell, hang, table } from './text.ts';
import { shareText } from './words.ts';

/** How it is written. */
export interface PlanTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
}

/** Sets in a table at most; the data has all of them. */
const mostRows = 30;

/** The answer first. Ends in a line break. */
export function planText(result: PlanResult, options: PlanTextOptions = {}): string {
  const { width = 100, style = plainStyle } = options;
  const { rows, best } = result;
  const tried = rows.filter(({ count }) => count > 0);
  const cheaper = tried.filter((row) => row.verdict !== 'meets' && row.verdict !== 'open');
  const others = tried.filter((row) => row.verdict === 'meets' && row !== rows[best ?? -1]);
  const lines = [
    style.strong(`PLAN ${result.scenario}`),
    ...hang('', `goal: ${result.goals.join(' and ')}`, width, style.faint),
    '',
    ...answerLines(result, width, style),
    ...section('ALSO MEETS IT', others, width, style),
    ...section('DOES NOT', cheaper, width, style),
    ...frontLines(result, width, style),
  ];
  return `${lines.join('\n')}\n`;
}

/** The answer in one line. */
export function planAnswer({ rows, best, goals }: PlanResult): string {
  const row = best === null ? undefined : rows[best];
  if (row === undefined) return `no set meets ${goals.join(' and ')}`;
  return `${nameOf(row)} (cost ${costText(row.cost)}) meets it in ${row.hits} of ${row.count} runs`;
}

function answerLines(result: PlanResult, width: number, style: Style): string[] {
  const { chance, doubtful, confidence, runs, rows } = result;
  const sure = shareText(confidence);
  const rule =
    `A set meets the goal where it does so in ${shareText(chance)} of all days; one with ${shareText(doubtful)} or less is ` +
    `taken for such a set with a probability of ${shareText(1 - confidence)} at most. ${runs} runs, ${sure} intervals.`;
  const paint = result.best === null ? style.bad : style.strong;
  const answer = planAnswer(result);
  const closest = [...rows].filter(({ count }) => count > 0).sort((a, b) => b.hits / b.count - a.hits / a.count)[0];
  const hint =
    result.best === null && closest !== undefined && closest.hits > 0
      ? hang('', `Closest: ${nameOf(closest)}, ${closest.hits} of ${closest.count} runs.`, width)
      : [];
  return [...hang('', answer, width, paint), ...hint, ...hang('', rule, width, style.faint)];
}

function section(title: string, rows: readonly PlanRow[], width: number, style: Style): string[] {
  if (rows.length === 0) return [];
  const names = Object.keys(rows[0]!.medians);
  const cells = rows
    .slice(0, mostRows)
    .map((row) => [
      costText(row.cost),
      metText(row, style),
      ...names.map((name) => measureValueText(name, row.medians[name] ?? null)),
      nameOf(row) + (row.verdict === 'undecided' ? ' (undecided)' : ''),
    ]);
  const columns = [
    { title: 'cost', align: 'right' as const },
    { title: 'goal met' },
    ...names.map((name) => ({ title: name, isOptional: name !== names[0] })),
    { title: 'set' },
  ];
  const rest = rows.length - cells.length;
  const more = rest > 0 ? [style.faint(`and ${rest} more`)] : [];
  return ['', style.strong(title), ...table(columns, cells, width, style.faint), ...more];
}

function frontLines(result: PlanResult, width: number, style: Style): string[] {
  const { front, rows, harm } = result;
  const shown = front.filter(({ place }) => place !== 'dominated');
  if (shown.length === 0) return [];
  const text = (value: number | null): string => (value === null ? '' : measureValueText(harm, Math.max(0, value)));
  const cells = shown.map(({ candidate, cost, mean, low, high, place }): (Cell | string)[] => [
    costText(cost),
    text(mean),
    low === null ? 'one run' : `${text(low)} to ${text(high)}`,
    `${nameOf(rows[candidate]!)}${place === 'front' ? '' : ' (beaten, within noise)'}`,
  ]);
  const columns = [
    { title: 'cost', align: 'right' as const },
    { title: 'mean' },
    { title: 'interval', isOptional: true },
    { title: 'set' },
  ];
  return [
    '',
    style.strong(`COST AGAINST ${harm}, what nothing cheaper beats`),
    ...table(columns, cells, width, style.faint),
  ];
}

function metText({ hits, count, verdict }: PlanRow, style: Style): Cell {
  return { text: `${hits} of ${count}`, paint: verdict === 'meets' ? style.good : style.bad };
}

function nameOf({ set }: PlanRow): string {
  return set === '' ? 'as it is' : set;
}

function costText(cost: number): string {
  return String(Number(cost.toPrecision(4)));
}
