import type { ContentTable } from './content.ts';

/**
 * Text of documents inside Markdown. Titles, names and notes come from files that somebody else may have written: they are
 * shown as they are and never become markup.
 */

/** The text on one line, with everything escaped that Markdown or HTML would read as markup. */
export function markdownText(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]|~#!]/g, (sign) => `\\${sign}`)
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/^(\s*)([-+]|\d+\.)(?=\s)/, '$1\\$2')
    .trim();
}

/** A table; cells are escaped here. */
export function markdownTable({ columns, rows }: ContentTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => markdownText(title))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map((cell) => markdownText(cell)))),
  ].join('\n');
}

/** Text in a fence that it cannot close. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')}\n${fence}`;
}
