/** Intervals side by side on one axis, drawn with characters: whether an interval crosses the line of no difference is seen at once. */
import type { Style } from './style.ts';

/** One interval. */
export interface ForestInterval {
  /** Where the dot goes; `null` = nowhere, for an infinite difference. */
  readonly middle: number | null;
  /** `null` = without bound. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * One line for each interval, `width` characters wide: `├──●──┤`, with `◂` and `▸` where an interval has no end, and `│`
 * where the difference is 0. Ends with the line of the axis, labelled by `label`.
 */
export function forestLines(
  intervals: readonly ForestInterval[],
  width: number,
  label: (value: number) => string,
  style: Style,
): { readonly rows: readonly string[]; readonly axis: string } {
  const numbers = [0, ...intervals.flatMap(({ middle, low, high }) => [middle, low, high])].filter(
    (value) => value !== null,
  );
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  // Room on both sides for intervals without an end.
  const isOpen = intervals.some(({ low, high }) => low === null || high === null);
  const margin = isOpen ? 2 : 0;
  const span = most - least || 1;
  const columnOf = (value: number): number => margin + Math.round(((value - least) / span) * (width - 1 - 2 * margin));
  const zero = columnOf(0);
  const rows = intervals.map(({ middle, low, high }) => {
    const cells: string[] = Array.from({ length: width }, (_, column) => (column === zero ? '│' : ' '));
    const from = low === null ? 0 : columnOf(low);
    const to = high === null ? width - 1 : columnOf(high);
    for (let column = from; column <= to; column++) cells[column] = column === zero ? '┼' : '─';
    if (from < to) {
      cells[from] = low === null ? '◂' : '├';
      cells[to] = high === null ? '▸' : '┤';
    }
    if (middle !== null) cells[columnOf(middle)] = '●';
    return cells.join('').trimEnd();
  });
  return { rows, axis: style.faint(axisLine([least, 0, most], columnOf, width, label)) };
}

function axisLine(
  values: readonly number[],
  columnOf: (value: number) => number,
  width: number,
  label: (value: number) => string,
): string {
  let line = '';
  // The line of no difference is labelled first, the ends where they do not run into it.
  const [least, zero, most] = values as [number, number, number];
  const placed: { readonly start: number; readonly text: string }[] = [];
  for (const value of new Set([zero, least, most])) {
    const text = value === 0 ? 'no difference' : label(value);
    const start = Math.max(0, Math.min(width - text.length, columnOf(value) - (text.length >> 1)));
    const isFree = placed.every(
      (one) => start + text.length + 1 < one.start || one.start + one.text.length + 1 < start,
    );
    if (isFree) placed.push({ start, text });
  }
  for (const { start, text } of placed.sort((a, b) => a.start - b.start)) line = line.padEnd(start) + text;
  return line;
}
