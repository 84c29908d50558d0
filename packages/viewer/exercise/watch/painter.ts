/**
 * Draws a run at any time, as often as the screen shows a picture, and does nothing where nothing has changed. There are two
 * canvases: one for the picture of a frame, and one above it for the dots that move between two frames.
 */
import type { Run } from '../engine/run.ts';
import type { RunInfo } from '../engine/protocol.ts';
import type { Box } from './box.ts';
import { drawMotion, drawPart, type PicturePart, pictureParts, type Scene } from './draw-picture.ts';
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

/** Frames follow each other no faster than this while it plays, in seconds of the reader. */
const shortestSecondsPerFrame = 1 / 15;

/** The canvases and what is on them. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #dots: HTMLCanvasElement;
  readonly #dotsContext: CanvasRenderingContext2D | null;
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
  /** What of the frame is not drawn yet. */
  #due: readonly PicturePart[] = [];
  #moved = 0;
  #sinceFrame = 0;
  /** What is pointed at. */
  #lit: Box | undefined;

  constructor(canvas: HTMLCanvasElement, dots: HTMLCanvasElement, run: Run, info: RunInfo, look: Look) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#dots = dots;
    this.#dotsContext = dots.getContext('2d');
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
    for (const canvas of [this.#canvas, this.#dots]) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.getContext('2d')?.setTransform(scale, 0, 0, scale, 0, 0);
    }
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

  /**
   * Draws the time `t`; `elapsedSeconds` of the reader have gone by in which things moved. True when there is another frame.
   * While it plays, frames are drawn at most so often that numbers can be seen to change.
   */
  show(t: number, elapsedSeconds: number): boolean {
    const { frames } = this.#run;
    const frame = frames?.indexAt(t) ?? -1;
    const isPlaying = elapsedSeconds > 0;
    this.#sinceFrame += elapsedSeconds;
    const isDrawn =
      this.#picture === undefined || (this.#due.length === 0 && this.#sinceFrame >= shortestSecondsPerFrame);
    const isNew = frame !== this.#frame && frame >= 0 && (!isPlaying || isDrawn);
    if (isNew && frames !== undefined) {
      this.#picture = readPicture(frames.get(frame), this.#info);
      this.#frame = frame;
      this.#sinceFrame = 0;
    }
    const hasToMove = this.#isDirty || isNew || (isPlaying && !this.#look.isStill);
    if (this.#isDirty || isNew) this.#due = pictureParts;
    // While it plays each part has a beat of its own, and dots do not move in that of the largest, so that none is long.
    const parts = isPlaying && !this.#isDirty ? this.#due.slice(0, 1) : this.#due;
    this.#draw(parts);
    this.#moved += elapsedSeconds;
    const isLong = isPlaying && parts.includes('front') && !this.#look.isStill;
    if (hasToMove && !isLong) this.#move();
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

  #draw(parts: readonly PicturePart[]): void {
    const picture = this.#picture;
    if (this.#context === null || picture === undefined || parts.length === 0) return;
    this.#isDirty = false;
    this.#due = this.#due.filter((part) => !parts.includes(part));
    const front = this.#layout.front.cluster;
    picture.clusters.forEach(({ nodes }, cluster) => {
      if (parts.includes(cluster === front ? 'front' : 'sides')) this.#grids[cluster]?.paint(nodes, this.#table);
    });
    const pen = new Pen(this.#context, this.#palette, fontOfPage());
    const scene: Scene = {
      info: this.#info,
      layout: this.#layout,
      grids: this.#grids,
      isStill: this.#look.isStill,
      lit: this.#lit,
    };
    for (const part of parts) drawPart(pen, picture, scene, part);
  }

  #move(): void {
    const picture = this.#picture;
    if (this.#dotsContext === null || picture === undefined) return;
    if (this.#look.isStill) this.#dotsContext.clearRect(0, 0, this.#layout.width, this.#layout.height);
    else drawMotion(new Pen(this.#dotsContext, this.#palette, ''), picture, this.#layout, this.#moved);
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
