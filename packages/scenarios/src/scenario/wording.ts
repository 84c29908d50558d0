import { textOf } from './provenance.ts';

/** How values and choices appear in messages and in lists of differences: on one line and not too long. */

/** Longest value quoted in an error message. */
const longestShown = 60;

/** `a, b or c` */
export function orList(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

/** What came, for an error message: text in quotes, everything shortened. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? JSON.stringify(value) : textOf(value);
  return text.length > longestShown ? `${text.slice(0, longestShown - 3)}...` : text;
}
