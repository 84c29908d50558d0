/** Tables as kubectl prints them: columns three spaces apart, as wide as their longest cell, headings in capitals. */

/** Rows shown at most; the rest is counted: a screen is no place for 7,500 nodes. */
export const MOST_ROWS = 40;

/** `columns` are headings; every row has a cell for each. Rows beyond `MOST_ROWS` are counted. */
export function kubectlTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.slice(0, MOST_ROWS);
  const widths = columns.map((title, i) => Math.max(title.length, ...shown.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i]! + 3))).join('');
  const rest = rows.length - shown.length;
  return [
    line(columns),
    ...shown.map(line),
    ...(rest > 0 ? [`... and ${rest} more (${rows.length} in all)`] : []),
  ].join('\n');
}

/** Ages as kubectl prints them: 45s, 12m, 3h12m, 41d. */
export function ageText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) return `${whole}s`;
  if (whole < 600) return whole % 60 === 0 ? `${whole / 60}m` : `${Math.floor(whole / 60)}m${whole % 60}s`;
  if (whole < 3 * 3600) return `${Math.floor(whole / 60)}m`;
  if (whole < 8 * 3600) return `${Math.floor(whole / 3600)}h${Math.floor((whole % 3600) / 60)}m`;
  if (whole < 48 * 3600) return `${Math.floor(whole / 3600)}h`;
  return `${Math.floor(whole / 86_400)}d`;
}
