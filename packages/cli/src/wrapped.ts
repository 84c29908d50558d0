/** Lines for people, no wider than their terminal. */

/** A line broken between words; what follows the first is indented as far as it, and four characters more. */
export function wrapped(line: string, width: number): readonly string[] {
  const [indent = ''] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(' ')) {
    const start = lines.length === 0 ? indent : `${indent}    `;
    const longer = current === '' ? `${start}${word}` : `${current} ${word}`;
    if (longer.length <= width || current === '') {
      current = longer;
    } else {
      lines.push(current);
      current = `${indent}    ${word}`;
    }
  }
  return [...lines, current];
}
