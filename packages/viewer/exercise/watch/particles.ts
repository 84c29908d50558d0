/**
 * Requests on their way, as dots: more dots for more requests, in the shares of what became of them. Where a dot is follows
 * from its number and the time alone, so that a picture drawn twice is the same picture.
 */
import type { Pen } from './pen.ts';

/** What became of requests; the shares add up to 1. */
export interface Fates {
  readonly ok: number;
  /** Turned back at once. */
  readonly rejected: number;
  /** Went in and never came back in time. */
  readonly lost: number;
}

/** A straight way for dots, in CSS pixels. */
export interface Way {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  /** Dots spread so far to both sides. */
  readonly spread: number;
}

/** Most dots on one way. */
const mostDots = 26;
/** Share of the way that a dot covers in a second of the reader. */
const pace = 0.55;
/** Multiples of it spread evenly over 0..1, however many there are. */
const golden = 0.618033988749895;

/** How many dots stand for a rate: few for a few, never too many for very many. */
function dotCount(perSecond: number): number {
  return perSecond <= 0 ? 0 : Math.min(mostDots, Math.ceil(1 + 4.2 * Math.log10(1 + perSecond)));
}

/** Draws the dots at a time in seconds of the reader. */
export function drawDots(pen: Pen, way: Way, perSecond: number, fates: Fates, now: number): void {
  const count = dotCount(perSecond);
  for (let dot = 0; dot < count; dot++) {
    const position = dot * golden + now * pace;
    const round = Math.floor(position);
    const along = position - round;
    const side = scattered(dot, 0) * 2 - 1;
    // A dot keeps its fate while it travels, and gets another one the next time round.
    const fate = scattered(dot, round + 1);
    if (fate < fates.ok) drawDot(pen, way, along, side, pen.palette.good, true);
    else if (fate < fates.ok + fates.rejected) {
      // It comes to the door and goes back.
      drawDot(pen, way, along < 0.5 ? along * 2 : 2 - along * 2, side, pen.palette.bad, true);
    } else drawDot(pen, way, along, side, pen.palette.warn, false);
  }
}

/** A number of 0..1 without a pattern, the same for the same two numbers. */
function scattered(one: number, other: number): number {
  let mixed = Math.imul(one + 1, 0x9e3779b1) ^ Math.imul(other + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296;
}

function drawDot(pen: Pen, way: Way, along: number, side: number, colour: string, isFull: boolean): void {
  const { context } = pen;
  const [dx, dy] = [way.toX - way.fromX, way.toY - way.fromY];
  const length = Math.hypot(dx, dy) || 1;
  const x = way.fromX + dx * along + (-dy / length) * side * way.spread;
  const y = way.fromY + dy * along + (dx / length) * side * way.spread;
  context.beginPath();
  context.arc(x, y, 2.4, 0, 2 * Math.PI);
  if (isFull) {
    context.fillStyle = colour;
    context.fill();
  } else {
    context.lineWidth = 1.4;
    context.strokeStyle = colour;
    context.stroke();
  }
}
