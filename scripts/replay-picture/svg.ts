/** A small writer of SVG: elements as strings, numbers on a grid of a tenth of a pixel, so equal input gives equal bytes. */

/** Attributes of an element in the order in which they are written. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A length or place in pixels as it is written: one decimal, no "-0". */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

/** Text that is safe between tags and in attributes. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** One element; `children` are elements, already written. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? pixels(value) : escapeText(value)}"`,
  );
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** A line of text with its baseline at `y`. */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, [escapeText(content)]);
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string {
  return element('path', { d: `M${pixels(x1)} ${pixels(y1)}L${pixels(x2)} ${pixels(y2)}`, ...attributes });
}

/**
 * The path of a staircase: the value `y[i]` holds from `x[i]` to `x[i + 1]`; `x` has one place more than `y`. Steps
 * without a visible change of height are left out.
 */
export function staircase(x: readonly number[], y: readonly number[]): string {
  let path = '';
  let height = '';
  y.forEach((value, index) => {
    const next = pixels(value);
    if (next === height) return;
    path += index === 0 ? `M${pixels(x[0]!)} ${next}` : `H${pixels(x[index]!)}V${next}`;
    height = next;
  });
  return y.length === 0 ? '' : `${path}H${pixels(x[y.length]!)}`;
}

/**
 * Width of a line of text in pixels, estimated on the wide side: system fonts differ by a tenth, and a label that is
 * given too much room is better than one that runs into its neighbour.
 */
export function textWidth(content: string, fontSize: number): number {
  let units = 0;
  for (const letter of content) {
    if ("iljtf.,:;|!'() ".includes(letter)) units += 0.36;
    else if ('mwMW%'.includes(letter)) units += 0.9;
    else if (/[A-Z0-9]/.test(letter)) units += 0.64;
    else units += 0.58;
  }
  return units * fontSize;
}

/** A text in lines no wider than `room` pixels; a single word may be wider. */
export function wrap(content: string, room: number, fontSize: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && textWidth(longer, fontSize) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
