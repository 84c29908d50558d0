/**
 * The nodes of a cluster as a grid: one pixel of a small image for each node, which is then drawn larger. Painting 7,500 nodes
 * is one pass over their bytes through a table of 256 colours.
 */
import type { Box } from './box.ts';

/** Lines between nodes are drawn from this many pixels a node on. */
const linesFrom = 4;

/** How many columns a grid has so that its cells are as square as can be. */
export function columnCount(nodes: number, width: number, height: number): number {
  if (nodes === 0) return 1;
  const side = Math.sqrt((width * height) / nodes);
  return Math.max(1, Math.min(nodes, Math.ceil(width / side)));
}

/** Colours of 256 bytes as pixels, in the order of bytes of an image. */
export function pixelTable(colourOf: (byte: number) => string): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) table[byte] = pixelOf(colourOf(byte));
  return table;
}

function pixelOf(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  const bytes = new Uint8ClampedArray([value >> 16, (value >> 8) & 255, value & 255, 255]);
  return new Uint32Array(bytes.buffer)[0] ?? 0;
}

/** The image of one cluster. */
export class NodeGrid {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D | null;
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly #columns: number;
  readonly #rows: number;
  #painted: Uint8Array | undefined;
  #table: Uint32Array | undefined;

  constructor(nodes: number, width: number, height: number) {
    this.#columns = columnCount(nodes, width, height);
    this.#rows = Math.max(1, Math.ceil(nodes / this.#columns));
    this.#canvas = new OffscreenCanvas(this.#columns, this.#rows);
    this.#context = this.#canvas.getContext('2d');
    this.#image = new ImageData(this.#columns, this.#rows);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /** Brings the image up to date; nothing happens for the bytes and colours it already has. */
  paint(nodes: Uint8Array, table: Uint32Array): void {
    if (nodes === this.#painted && table === this.#table) return;
    const pixels = this.#pixels;
    const count = Math.min(nodes.length, pixels.length);
    for (let node = 0; node < count; node++) pixels[node] = table[nodes[node]!]!;
    this.#context?.putImageData(this.#image, 0, 0);
    this.#painted = nodes;
    this.#table = table;
  }

  /** Draws the image over a box; lines in `gap` stand between nodes that are large enough. */
  draw(context: CanvasRenderingContext2D, { x, y, width, height }: Box, gap: string): void {
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, x, y, width, height);
    const [wide, high] = [width / this.#columns, height / this.#rows];
    if (Math.min(wide, high) < linesFrom) return;
    context.beginPath();
    for (let column = 1; column < this.#columns; column++) {
      context.moveTo(x + column * wide, y);
      context.lineTo(x + column * wide, y + height);
    }
    for (let row = 1; row < this.#rows; row++) {
      context.moveTo(x, y + row * high);
      context.lineTo(x + width, y + row * high);
    }
    context.lineWidth = 1;
    context.strokeStyle = gap;
    context.stroke();
  }

  /** The node under a point of the box, or -1. */
  nodeAt({ x, y, width, height }: Box, atX: number, atY: number, nodes: number): number {
    const column = Math.floor(((atX - x) / width) * this.#columns);
    const row = Math.floor(((atY - y) / height) * this.#rows);
    const node = row * this.#columns + column;
    return column >= 0 && column < this.#columns && node >= 0 && node < nodes ? node : -1;
  }
}
