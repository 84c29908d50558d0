import type { Paint } from './style.ts';

/** Lines of text: wrapping, and tables whose columns line up. Everything printed is taken to be one column wide per character. */

/** One cell of a table; `paint` colours it after it was padded. */
export interface Cell {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

/** A column; `right` is for numbers. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** May be left out where there is no room; later ones go first. */
  readonly isOptional?: boolean;
}

/** A table before it is laid out. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (Cell | string)[])[];
}

/** Space between two columns. */
const gap = '  ';

/** Never wrap narrower than this, whatever the terminal says. */
const narrowest = 16;

/** The text in lines of at most `width`; words longer than that are cut. */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(narrowest, width);
  const lines: string[] = [];
  let line = '';
  // A percent sign stays with its number.
  for (const word of text.split(/\s+(?!%)/).flatMap((each) => pieces(each, limit))) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Wrapped lines, the first after `head`, the others indented as far. */
export function hang(head: string, text: string, width: number, paint?: Paint): string[] {
  const lines = wrap(text, width - head.length);
  const indent = ' '.repeat(head.length);
  return lines.map((line, index) => (index === 0 ? head : indent) + (paint?.(line) ?? line));
}

/** The start of the text, at most `width` long, with an ellipsis where something is missing. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/**
 * A table with a title row, its columns as wide as their content. Rows are cells or plain texts. Where `width` is too small,
 * optional columns are left out, and then the last column is wrapped.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (Cell | string)[])[],
  width: number,
  titlePaint: Paint,
): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const natural = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.text.length ?? 0)),
  );
  const kept = keptColumns(columns, natural, width);
  const pick = <T>(all: readonly T[]): T[] => all.filter((_, index) => kept.has(index));
  const widths = pick(natural);
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + gap.length, 0);
  const last = widths.length - 1;
  const wanted = widths[last] ?? 0;
  widths[last] = Math.max(Math.min(narrowest, wanted), Math.min(wanted, width - before));
  const titles = columns.map(({ title }): Cell => ({ text: title, paint: titlePaint }));
  return [titles, ...cells].flatMap((row) => tableRow(pick(columns), pick(row), widths));
}

function keptColumns(columns: readonly Column[], widths: readonly number[], width: number): ReadonlySet<number> {
  const kept = new Set(columns.keys());
  const total = (): number => [...kept].reduce((sum, index) => sum + (widths[index] ?? 0) + gap.length, -gap.length);
  for (let index = columns.length - 1; index >= 0 && total() > width; index -= 1) {
    if (columns[index]?.isOptional === true) kept.delete(index);
  }
  return kept;
}

function tableRow(columns: readonly Column[], row: readonly Cell[], widths: readonly number[]): string[] {
  const last = columns.length - 1;
  const wrapped = columns.map((_, index) => {
    const text = row[index]?.text ?? '';
    return index === last ? wrap(text, widths[index] ?? narrowest) : [text];
  });
  return besides(
    wrapped,
    columns.map((column, index) => ({ ...column, width: widths[index] ?? 0, paint: row[index]?.paint })),
  );
}

/** Room for one of several texts that stand side by side. */
export interface Room {
  readonly width: number;
  readonly align?: 'left' | 'right';
  readonly paint?: Paint | undefined;
}

/** Lines side by side, each in its room, painted after they were padded; no line ends in spaces. */
export function besides(texts: readonly (readonly string[])[], rooms: readonly Room[]): string[] {
  const height = Math.max(1, ...texts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) => {
    const end = texts.findLastIndex((lines) => (lines[row] ?? '') !== '');
    const parts = rooms.slice(0, end + 1).map(({ width, align, paint }, index) => {
      const text = texts[index]?.[row] ?? '';
      if (text === '') return ' '.repeat(index === end ? 0 : width);
      const padding = ' '.repeat(Math.max(0, width - text.length));
      const shown = paint?.(text) ?? text;
      if (align === 'right') return padding + shown;
      return index === end ? shown : shown + padding;
    });
    return parts.join(gap);
  });
}

function pieces(word: string, limit: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < word.length; start += limit) parts.push(word.slice(start, start + limit));
  return parts;
}
