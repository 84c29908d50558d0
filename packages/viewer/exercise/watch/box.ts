/** Rectangles in CSS pixels, and how one is cut up. */

/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether a point lies in it. */
export function holds({ x, y, width, height }: Box, atX: number, atY: number): boolean {
  return atX >= x && atX < x + width && atY >= y && atY < y + height;
}

/** The box without so much at each side. */
export function inset({ x, y, width, height }: Box, by: number): Box {
  return { x: x + by, y: y + by, width: Math.max(0, width - 2 * by), height: Math.max(0, height - 2 * by) };
}

/** Equal parts side by side. */
export function columnsOf({ x, y, width, height }: Box, count: number, gap: number): Box[] {
  const each = (width - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, index) => ({ x: x + index * (each + gap), y, width: each, height }));
}

/** Equal parts below each other. */
export function rowsOf({ x, y, width, height }: Box, count: number, gap: number): Box[] {
  const each = (height - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, index) => ({ x, y: y + index * (each + gap), width, height: each }));
}
