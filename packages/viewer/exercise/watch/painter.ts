/** Draws a run on a canvas at any time, as often as the screen shows a picture, and does nothing where nothing has changed. */
import type { Run } from '../engine/run.ts';
import type { RunInfo } from '../engine/protocol.ts';
import type { Box } from './box.ts';
import { drawPicture } from './draw-picture.ts';
import { layoutOf, type Layout } from './layout.ts';
import { NodeGrid, pixelTable } from './node-grid.ts';
import { paletteOf, type Palette } from './palette.ts';
import { Pen } from './pen.ts';
import type { Picture } from './picture.ts';
import { lookOf, type NodeView, readPicture } from './read-picture.ts';

/** What a picture looks like. */
export interface Look {
  readonly isDark: boolean;
  readonly nodeView: NodeView;
  /** The cluster in front. */
  readonly front: number;
  /** Nothing moves but numbers. */
  readonly isStill: boolean;
}

/** A canvas and what is on it. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #run: Run;
  readonly #info: RunInfo;
  #look: Look;
  #palette: Palette;
  #table: Uint32Array;
  #layout: Layout;
  #grids: readonly NodeGrid[] = [];
  #picture: Picture | undefined;
  /** Number of the frame that `#picture` is. */
  #frame = -1;
  #isDirty = true;
  #moved = 0;
  /** What is pointed at. */
  #lit: Box | undefined;

  constructor(canvas: HTMLCanvasElement, run: Run, info: RunInfo, look: Look) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#run = run;
    this.#info = info;
    this.#look = look;
    this.#palette = paletteOf(look.isDark);
    this.#table = tableOf(this.#palette, look.nodeView);
    this.#layout = layoutOf(info, 0, 0, look.front);
    this.resize();
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** What is shown; undefined until there is a frame. */
  get picture(): Picture | undefined {
    return this.#picture;
  }

  /** Takes the size that the canvas has on the page now. */
  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const scale = Math.min(2, devicePixelRatio || 1);
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#context?.setTransform(scale, 0, 0, scale, 0, 0);
    this.#place();
  }

  setLook(look: Look): void {
    const before = this.#look;
    this.#look = look;
    if (look.isDark !== before.isDark || look.nodeView !== before.nodeView) {
      this.#palette = paletteOf(look.isDark);
      this.#table = tableOf(this.#palette, look.nodeView);
    }
    if (look.front !== before.front) this.#place();
    this.#isDirty = true;
  }

  /** Brings a box out; undefined: none. */
  light(box: Box | undefined): void {
    if (box === this.#lit) return;
    this.#lit = box;
    this.#isDirty = true;
  }

  /** Draws the time `t`; `elapsedSeconds` of the reader have gone by in which things moved. True when there is another frame. */
  show(t: number, elapsedSeconds: number): boolean {
    const { frames } = this.#run;
    const frame = frames?.indexAt(t) ?? -1;
    const isNew = frame !== this.#frame && frame >= 0;
    if (isNew && frames !== undefined) {
      this.#picture = readPicture(frames.get(frame), this.#info.layout, this.#info.agent);
      this.#frame = frame;
    }
    const moves = elapsedSeconds > 0 && !this.#look.isStill;
    if (moves) this.#moved += elapsedSeconds;
    if (isNew || moves || this.#isDirty) this.#draw();
    return isNew;
  }

  #place(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const layout = layoutOf(this.#info, width, height, this.#look.front);
    this.#layout = layout;
    this.#grids = this.#info.layout.clusters.map(({ nodes }, cluster) => {
      const box =
        cluster === layout.front.cluster
          ? layout.front.nodes
          : layout.sides.find((one) => one.cluster === cluster)?.nodes;
      return new NodeGrid(nodes, box?.width ?? 1, box?.height ?? 1);
    });
    this.#isDirty = true;
  }

  #draw(): void {
    const picture = this.#picture;
    if (this.#context === null || picture === undefined) return;
    this.#isDirty = false;
    picture.clusters.forEach(({ nodes }, cluster) => this.#grids[cluster]?.paint(nodes, this.#table));
    const pen = new Pen(this.#context, this.#palette, fontOfPage());
    drawPicture(pen, picture, {
      info: this.#info,
      layout: this.#layout,
      grids: this.#grids,
      now: this.#look.isStill ? undefined : this.#moved,
      lit: this.#lit,
    });
  }
}

function tableOf(palette: Palette, view: NodeView): Uint32Array {
  return pixelTable((byte) => palette.node[lookOf(byte, view)]);
}

let font: string | undefined;

/** The font of the page, asked for once: asking makes the browser work out all styles. */
function fontOfPage(): string {
  font ??= getComputedStyle(document.body).fontFamily;
  return font;
}
