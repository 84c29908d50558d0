/**
 * A canvas over a part of the picture. Each part has its own: for every picture of the screen the browser copies all of a canvas
 * on which anything was drawn, however little.
 */
import type { Box } from './box.ts';

/** One canvas, drawn on in the coordinates of the whole picture. */
export class Layer {
  readonly context: CanvasRenderingContext2D | null;
  readonly #canvas: HTMLCanvasElement;

  /** Adds it above those that `host` has. What is opaque has to be filled everywhere. */
  constructor(host: HTMLElement, isOpaque: boolean) {
    this.#canvas = document.createElement('canvas');
    this.#canvas.ariaHidden = 'true';
    host.append(this.#canvas);
    this.context = this.#canvas.getContext('2d', { alpha: !isOpaque });
  }

  /** Puts it over a box, its edges on pixels of the screen of which `scale` make one of CSS; it is empty afterwards. */
  place(box: Box, scale: number): void {
    const [left, top] = [Math.round(box.x * scale), Math.round(box.y * scale)];
    const canvas = this.#canvas;
    canvas.width = Math.max(1, Math.round((box.x + box.width) * scale) - left);
    canvas.height = Math.max(1, Math.round((box.y + box.height) * scale) - top);
    canvas.style.left = `${left / scale}px`;
    canvas.style.top = `${top / scale}px`;
    canvas.style.width = `${canvas.width / scale}px`;
    canvas.style.height = `${canvas.height / scale}px`;
    this.context?.setTransform(scale, 0, 0, scale, -left, -top);
  }

  /** Takes it away. */
  remove(): void {
    this.#canvas.remove();
  }
}
