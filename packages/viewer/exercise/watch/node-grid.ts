/**
 * The nodes of a cluster as a grid: one pixel of a small image for each node, which is then drawn larger. Painting 7,500 nodes
 * is one pass over their bytes through a table of colours.
 */
import type { Box } from './box.ts';

/** Lines between nodes are drawn from this many pixels a node on. */
const linesFrom = 4;

/** How many columns a grid has so that its cells are as square as can be. */
function columnCount(nodes: number, width: number, height: number): number {
  if (nodes === 0) return 1;
  const side = Math.sqrt((width * height) / nodes);
  return Math.max(1, Math.min(nodes, Math.ceil(width / side)));
}

/** Every second node is drawn so much darker where nodes are too small for lines between them. */
const shade = 0.93;

/** Colours of 256 bytes as pixels, in the order of bytes of an image; after them the same again, a little darker. */
export function pixelTable(colourOf: (byte: number) => string): Uint32Array {
  const table = new Uint32Array(512);
  for (let byte = 0; byte < 256; byte++) {
    table[byte] = pixelOf(colourOf(byte), 1);
    table[256 + byte] = pixelOf(colourOf(byte), shade);
  }
  return table;
}

function pixelOf(hex: string, share: number): number {
  const value = Number.parseInt(hex.slice(1), 16);
  const channels = [value >> 16, (value >> 8) & 255, value & 255].map((channel) => channel * share);
  const bytes = new Uint8ClampedArray([...channels, 255]);
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
  readonly #hasLines: boolean;
  #painted: Uint8Array | undefined;
  #table: Uint32Array | undefined;

  constructor(nodes: number, width: number, height: number) {
    this.#columns = columnCount(nodes, width, height);
    this.#rows = Math.max(1, Math.ceil(nodes / this.#columns));
    this.#hasLines = Math.min(width / this.#columns, height / this.#rows) >= linesFrom;
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
    const columns = this.#columns;
    for (let node = 0, column = 0, row = 0; node < count; node++) {
      const darker = this.#hasLines ? 0 : ((column ^ row) & 1) << 8;
      pixels[node] = table[nodes[node]! | darker]!;
      if (++column === columns) {
        column = 0;
        row++;
      }
    }
    this.#context?.putImageData(this.#image, 0, 0);
    this.#painted = nodes;
    this.#table = table;
  }

  /** Draws the image over a box; lines in `gap` stand between nodes that are large enough. */
  draw(context: CanvasRenderingContext2D, { x, y, width, height }: Box, gap: string): void {
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, x, y, width, height);
    if (!this.#hasLines) return;
    const [wide, high] = [width / this.#columns, height / this.#rows];
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
}
