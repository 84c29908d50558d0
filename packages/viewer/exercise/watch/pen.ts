/** A canvas with the few things that the picture is made of: cards, texts, bars. */
import type { Box } from './box.ts';
import type { Palette } from './palette.ts';

/** No letter that is used is broader than this share of its size. */
const widestShare = 0.75;

/** How a text is set. */
export interface TextStyle {
  readonly colour?: string;
  readonly size?: number;
  readonly isBold?: boolean;
  readonly align?: 'left' | 'right' | 'center';
  /** Cut with an ellipsis beyond this width. */
  readonly most?: number;
}

/** Draws in CSS pixels. */
export class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly #font: string;
  #fontNow = '';

  constructor(context: CanvasRenderingContext2D, palette: Palette, font: string) {
    this.context = context;
    this.palette = palette;
    this.#font = font;
    context.textBaseline = 'alphabetic';
  }

  /** `y` is the base line. */
  text(text: string, x: number, y: number, style: TextStyle = {}): void {
    const { context } = this;
    const { colour = this.palette.ink, size = 11, isBold = false, align = 'left', most } = style;
    const font = `${isBold ? '600 ' : ''}${size}px ${this.#font}`;
    if (font !== this.#fontNow) {
      context.font = font;
      this.#fontNow = font;
    }
    context.fillStyle = colour;
    context.textAlign = align;
    // Measuring costs as much as drawing: what is short enough by any font is not measured.
    const isShort = most === undefined || text.length * size * widestShare <= most;
    context.fillText(isShort ? text : this.#fitting(text, most), x, y);
  }

  /** The same; returns the width that was taken. */
  measuredText(text: string, x: number, y: number, style: TextStyle = {}): number {
    this.text(text, x, y, style);
    return Math.min(style.most ?? Infinity, this.context.measureText(text).width);
  }

  /** A filled box with round corners, and a line around it. */
  card({ x, y, width, height }: Box, fill: string, line: string): void {
    const { context } = this;
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, Math.max(0, width - 1), Math.max(0, height - 1), 5);
    context.fillStyle = fill;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = line;
    context.stroke();
  }

  /** A bar filled to a share of 0..1; the rest is track. */
  bar({ x, y, width, height }: Box, share: number, colour: string): void {
    const { context, palette } = this;
    context.fillStyle = palette.track;
    context.fillRect(x, y, width, height);
    context.fillStyle = colour;
    context.fillRect(x, y, width * Math.min(1, Math.max(0, share)), height);
  }

  /** Several shares side by side in one bar. */
  stacked({ x, y, width, height }: Box, shares: readonly (readonly [share: number, colour: string])[]): void {
    const { context, palette } = this;
    context.fillStyle = palette.track;
    context.fillRect(x, y, width, height);
    let at = x;
    for (const [share, colour] of shares) {
      const wide = width * Math.min(1, Math.max(0, share));
      context.fillStyle = colour;
      context.fillRect(at, y, Math.min(wide, x + width - at), height);
      at += wide;
    }
  }

  /** Slanted lines over a box: it is out of service. */
  hatch({ x, y, width, height }: Box, colour: string): void {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    context.beginPath();
    for (let at = -height; at < width; at += 7) {
      context.moveTo(x + at, y + height);
      context.lineTo(x + at + height, y);
    }
    context.lineWidth = 1;
    context.strokeStyle = colour;
    context.stroke();
    context.restore();
  }

  #fitting(text: string, most: number): string {
    const { context } = this;
    if (context.measureText(text).width <= most) return text;
    let shown = text;
    while (shown.length > 1 && context.measureText(`${shown}…`).width > most) shown = shown.slice(0, -1);
    return `${shown}…`;
  }
}
