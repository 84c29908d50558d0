/**
 * The beat of the page: once for each picture that the screen shows, everything that moves is moved, in one go. What need not be
 * so often - words, charts - has turns: while the time moves, one of them at a beat and none at a long one, so that no beat is
 * much longer than another. How long beats keep the page busy is measured here: `brownoutBeats()` in the console tells it.
 */

/** Called with the seconds since the beat before; returns true when it took long. */
type BeatListener = (elapsedSeconds: number) => boolean | void;

/** A turn for so many seconds: one at a beat of a usual screen, several where beats are rare. */
const secondsPerTurn = 1 / 60;

/** Beats of which the length is remembered, and every how many beats one is measured: measuring takes a task of its own. */
const remembered = 3600;
const measuredEvery = 4;

/** Something that is done now and then. */
interface Turn {
  readonly everyMilliseconds: number;
  /** True when there was something to do. */
  readonly take: () => boolean;
  last: number;
}

/** See above. */
export class Beat {
  readonly #isMoving: () => boolean;
  readonly #listeners: Set<BeatListener> = new Set();
  readonly #turns: Set<Turn> = new Set();
  readonly #lengths: Float64Array = new Float64Array(remembered);
  readonly #channel: MessageChannel = new MessageChannel();
  #count = 0;
  #beats = 0;
  #began = 0;

  /** `isMoving`: whether beats matter now; otherwise all turns that are due are taken at once. */
  constructor(isMoving: () => boolean) {
    this.#isMoving = isMoving;
  }

  /** Calls `listener` at each beat until the function that is returned is called; those who came first are called first. */
  add(listener: BeatListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls `take` at the end of a beat, about every so many milliseconds, until the function that is returned is called. It returns
   * whether there was something to do; if not it is asked again at the next beat.
   */
  nowAndThen(everyMilliseconds: number, take: () => boolean): () => void {
    const turn: Turn = { everyMilliseconds, take, last: -Infinity };
    this.#turns.add(turn);
    return () => this.#turns.delete(turn);
  }

  /** Begins; returns how to end it. */
  start(): () => void {
    let before = performance.now();
    // A message is heard when the page is no longer busy with this beat: rendering, layout and paint included.
    this.#channel.port1.onmessage = () => {
      this.#lengths[this.#count++ % remembered] = performance.now() - this.#began;
    };
    let handle = requestAnimationFrame(function beat(this: void) {
      handle = requestAnimationFrame(beat);
      once();
    });
    const once = (): void => {
      const began = performance.now();
      const elapsed = Math.max(0, (began - before) / 1000);
      before = began;
      let isLong = false;
      for (const listener of this.#listeners) isLong = listener(elapsed) === true || isLong;
      this.#takeTurns(began, isLong, Math.max(1, Math.round(elapsed / secondsPerTurn)));
      if (++this.#beats % measuredEvery !== 0) return;
      this.#began = began;
      this.#channel.port2.postMessage(null);
    };
    return () => cancelAnimationFrame(handle);
  }

  /** Lengths of the beats that were measured last, in milliseconds, oldest first; forgets them. */
  take(): number[] {
    const kept = Math.min(this.#count, remembered);
    const lengths = Array.from({ length: kept }, (_, i) => this.#lengths[(this.#count - kept + i) % remembered] ?? 0);
    this.#count = 0;
    return lengths;
  }

  /** Whoever has waited longest for its measure goes first; long beats are for those who have waited twice as long as is wanted. */
  #takeTurns(now: number, isLong: boolean, most: number): void {
    const isMoving = this.#isMoving();
    const least = !isMoving ? 0 : isLong ? 2 : 1;
    const waited = ({ last, everyMilliseconds }: Turn): number => (now - last) / everyMilliseconds;
    const due = [...this.#turns].filter((turn) => waited(turn) >= least).sort((a, b) => waited(b) - waited(a));
    let taken = 0;
    for (const turn of due) {
      if (!turn.take()) continue;
      turn.last = now;
      if (++taken === most && isMoving) return;
    }
  }
}
