/** A table of two factors whose cells are shaded by their value: darker is more, and the number is always there as well. */
import type { Style } from './style.ts';
import { besides } from './text.ts';

/** One cell. */
export interface HeatCell {
  /** What the shade shows; `null` = did not happen, which has a mark of its own. */
  readonly value: number | null;
  readonly text: string;
  /** Second line, such as its interval; may be empty. */
  readonly note: string;
}

/** What a heat map shows. */
export interface HeatMap {
  /** Titles of the columns and of the rows. */
  readonly across: readonly string[];
  readonly down: readonly string[];
  /** By row, then column. */
  readonly cells: readonly (readonly HeatCell[])[];
}

const shades = ['──', '░░', '▒▒', '▓▓', '██'] as const;
const neverMark = '··';

/** The lines of the map, or undefined where it does not fit into `width`: then a plain table must do. */
export function heatMapLines({ across, down, cells }: HeatMap, width: number, style: Style): string[] | undefined {
  const shadeOf = shader(cells.flatMap((row) => row.map(({ value }) => value)));
  const shown = cells.map((row) =>
    row.map(({ value, text, note }) => [`${shadeOf(value)} ${text}`, ...(note === '' ? [] : [`   ${note}`])]),
  );
  const head = Math.max(...down.map((title) => title.length));
  const columns = across.map((title, index) =>
    Math.max(title.length + 3, ...shown.map((row) => Math.max(...row[index]!.map((line) => line.length)))),
  );
  if (head + columns.reduce((sum, each) => sum + each + 2, 0) > width) return undefined;
  const rooms = (paint?: Style['faint']) => [
    { width: head, align: 'right' as const, paint: style.faint },
    ...columns.map((each) => ({ width: each, paint })),
  ];
  return [
    ...besides([[''], ...across.map((title) => [`   ${title}`])], rooms(style.faint)),
    ...down.flatMap((title, row) => {
      const [first, ...rest] = besides([[title], ...shown[row]!], rooms());
      return [first!, ...rest.map((line) => style.faint(line))];
    }),
  ];
}

/** From a value to its shade: five equal steps from the smallest to the largest. */
function shader(values: readonly (number | null)[]): (value: number | null) => string {
  const numbers = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return (value) => {
    if (value === null) return neverMark;
    const place = high > low ? (value - low) / (high - low) : 0;
    return shades[Math.min(shades.length - 1, Math.floor(place * shades.length))]!;
  };
}

/** What the shades mean, in words. */
export function heatMapLegend(low: string, high: string, hasMissing: boolean): string {
  const ends = low === high ? `all ${low}` : `${shades.join('')} from ${low} to ${high}`;
  return `shades: ${ends}${hasMissing ? `; ${neverMark} did not happen` : ''}`;
}
