/**
 * Draws a run at any time, as often as the screen shows a picture, and does nothing where nothing has changed. Each part of the
 * picture of a frame has a canvas; above them are those for the dots that move between two frames.
 */
import type { Run } from '../engine/run.ts';
import type { RunInfo } from '../engine/protocol.ts';
import type { Box } from './box.ts';
import {
  drawMotion,
  drawPart,
  motionBox,
  type MotionPart,
  motionParts,
  partBox,
  type PicturePart,
  pictureParts,
  type Scene,
} from './draw-picture.ts';
import { Layer } from './layer.ts';
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
  readonly #host: HTMLElement;
  readonly #layers: Readonly<Record<PicturePart, Layer>>;
  readonly #dots: Readonly<Record<MotionPart, Layer>>;
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
  #wasLong = false;
  /** What is pointed at. */
  #lit: Box | undefined;

  /** Puts its canvases into `host`, an element without content. */
  constructor(host: HTMLElement, run: Run, info: RunInfo, look: Look) {
    const opaque = (): Layer => new Layer(host, true);
    this.#host = host;
    this.#layers = { front: opaque(), nodes: opaque(), sides: opaque(), users: opaque() };
    this.#dots = { edge: new Layer(host, false), flows: new Layer(host, false) };
    this.#run = run;
    this.#info = info;
    this.#look = look;
    this.#palette = paletteOf(look.isDark);
    this.#table = tableOf(this.#palette, look.nodeView);
    this.#layout = layoutOf(info, 0, 0, look.front);
    this.resize();
  }

  /** Takes its canvases away. */
  remove(): void {
    for (const layer of [...Object.values(this.#layers), ...Object.values(this.#dots)]) layer.remove();
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Whether the largest parts were drawn last time. */
  get wasLong(): boolean {
    return this.#wasLong;
  }

  /** What is shown; undefined until there is a frame. */
  get picture(): Picture | undefined {
    return this.#picture;
  }

  setLook(look: Look): void {
    const before = this.#look;
    this.#look = look;
    if (look.isDark !== before.isDark || look.nodeView !== before.nodeView) {
      this.#palette = paletteOf(look.isDark);
      this.#table = tableOf(this.#palette, look.nodeView);
    }
    if (look.front !== before.front) this.resize();
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
    this.#wasLong = parts.includes('front') || parts.includes('sides');
    const waits = isPlaying && parts.includes('front') && !this.#look.isStill;
    if (hasToMove && !waits) this.#move();
    return isNew;
  }

  /** Takes the size that the element has on the page now. */
  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    const layout = layoutOf(this.#info, width, height, this.#look.front);
    const scale = Math.min(2, devicePixelRatio || 1);
    for (const part of pictureParts) this.#layers[part].place(partBox(layout, part), scale);
    for (const part of motionParts) this.#dots[part].place(motionBox(layout, part), scale);
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
    if (picture === undefined || parts.length === 0) return;
    this.#isDirty = false;
    this.#due = this.#due.filter((part) => !parts.includes(part));
    const front = this.#layout.front.cluster;
    picture.clusters.forEach(({ nodes }, cluster) => {
      if (parts.includes(cluster === front ? 'nodes' : 'sides')) this.#grids[cluster]?.paint(nodes, this.#table);
    });
    const scene: Scene = {
      info: this.#info,
      layout: this.#layout,
      grids: this.#grids,
      isStill: this.#look.isStill,
      lit: this.#lit,
    };
    for (const part of parts) {
      const { context } = this.#layers[part];
      if (context !== null) drawPart(new Pen(context, this.#palette, fontOfPage()), picture, scene, part);
    }
  }

  #move(): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    for (const part of motionParts) {
      const { context } = this.#dots[part];
      if (context === null) continue;
      if (this.#look.isStill) context.clearRect(0, 0, this.#layout.width, this.#layout.height);
      else drawMotion(new Pen(context, this.#palette, ''), picture, this.#layout, part, this.#moved);
    }
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
