import type { Paint } from './style.ts';

/** Lines of text: wrapping, and tables whose columns line up. Everything printed is taken to be one column wide per character. */

/** One cell of a table; `paint` colours it after it was padded. */
export interface Cell {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

/** A column: `right` for numbers. The last column of a table is wrapped if the table would be too wide. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
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
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, limit))) {
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
 * A table with a title row, its columns as wide as their content. Rows are cells or plain texts. The last column is wrapped
 * to fit `width`.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (Cell | string)[])[],
  width: number,
  titlePaint: Paint,
): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.text.length ?? 0)),
  );
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + gap.length, 0);
  const last = widths.length - 1;
  widths[last] = Math.max(narrowest, Math.min(widths[last] ?? 0, width - before));
  const titles = columns.map(({ title }): Cell => ({ text: title, paint: titlePaint }));
  return [titles, ...cells].flatMap((row) => tableRow(columns, row, widths, before));
}

function tableRow(
  columns: readonly Column[],
  row: readonly Cell[],
  widths: readonly number[],
  before: number,
): string[] {
  const last = columns.length - 1;
  const wrapped = wrap(row[last]?.text ?? '', widths[last] ?? narrowest);
  const lines = wrapped.length === 0 ? [''] : wrapped;
  return lines.map((lastText, lineIndex) => {
    if (lineIndex > 0)
      return ' '.repeat(before) + painted(row[last], pad(columns[last], lastText, widths[last])).trimEnd();
    const texts = columns.map((column, index) => {
      const text = index === last ? lastText : (row[index]?.text ?? '');
      const isLastLeft = index === last && column.align !== 'right';
      return painted(row[index], isLastLeft ? text : pad(column, text, widths[index]));
    });
    return texts.join(gap).trimEnd();
  });
}

function painted(cell: Cell | undefined, text: string): string {
  return cell?.paint?.(text) ?? text;
}

function pad(column: Column | undefined, text: string, width = 0): string {
  return column?.align === 'right' ? text.padStart(width) : text.padEnd(width);
}

function pieces(word: string, limit: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < word.length; start += limit) parts.push(word.slice(start, start + limit));
  return parts;
}
