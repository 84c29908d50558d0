/** Tables as text: CSV after RFC 4180, and JSON lines. */
import type { Cell, Row } from './rows.ts';

/** Header and rows, lines ended by CR LF. `null` is an empty cell. An empty table is an empty text: it has no columns. */
export function csvText(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return '';
  const lines = [names.map(csvCell), ...rows.map((row) => names.map((name) => csvCell(row[name] ?? null)))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** One JSON object a line, each ended by a line break. */
export function ndjsonText(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/**
 * Quoted where it must be. A text that a spreadsheet would take for a formula is quoted and begins with an apostrophe, or a
 * name in a scenario could run something on the machine of whoever opens the table.
 */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) && !isNumeric(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
