/**
 * The time that is shown, and how it moves: played at a speed, or put somewhere by hand. It never runs past what has been
 * computed; put there by hand it waits, and the picture shows the last frame there is.
 */
import { Store } from './store.ts';

/** Simulated seconds for each second of the reader. */
export const speeds: readonly number[] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1000];

/** What the player is doing. */
export interface Playing {
  readonly isPlaying: boolean;
  /** One of `speeds`. */
  readonly speed: number;
  /** True while the time shown lies ahead of what is computed. */
  readonly isWaiting: boolean;
}

/** A stretch of time in seconds after the trigger, and how much of it is computed. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly computed: number;
}

/** The longest step of one tick, in seconds of the reader: a page that was in the background does not jump. */
const longestTick = 0.25;

/** The time cursor. */
export class Player {
  /** Seconds after the trigger. Changes at every tick while it plays. */
  readonly time: Store<number> = new Store(0);
  readonly playing: Store<Playing> = new Store<Playing>({ isPlaying: false, speed: 120, isWaiting: false });
  #stretch: Stretch = { start: 0, end: 0, computed: 0 };

  get stretch(): Stretch {
    return this.#stretch;
  }

  /** The stretch of a run; `computed` grows while the engine works. */
  cover(stretch: Stretch): void {
    this.#stretch = stretch;
    this.#settle(this.time.value);
  }

  /** Begins at the start of a run. */
  rewind(stretch: Stretch, isPlaying: boolean): void {
    this.#stretch = stretch;
    this.#settle(stretch.start);
    this.#change({ isPlaying });
  }

  /** Puts the time somewhere; playing goes on from there. */
  seek(t: number): void {
    this.#settle(t);
  }

  toggle(): void {
    const { isPlaying } = this.playing.value;
    const isAtEnd = this.time.value >= this.#stretch.end;
    if (!isPlaying && isAtEnd) this.#settle(this.#stretch.start);
    this.#change({ isPlaying: !isPlaying });
  }

  setSpeed(speed: number): void {
    this.#change({ speed });
  }

  /** The next speed, up or down. */
  changeSpeed(steps: number): void {
    const at = speeds.indexOf(this.playing.value.speed);
    const next = speeds[Math.min(speeds.length - 1, Math.max(0, at + steps))];
    if (next !== undefined) this.#change({ speed: next });
  }

  /** Moves on by so many seconds of the reader. */
  tick(elapsedSeconds: number): void {
    const { isPlaying, speed } = this.playing.value;
    if (!isPlaying) return;
    const { computed, end } = this.#stretch;
    const now = this.time.value;
    if (now < computed) {
      this.#settle(Math.min(computed, now + Math.min(elapsedSeconds, longestTick) * speed));
    }
    if (this.time.value >= end) this.#change({ isPlaying: false });
    else this.#change({ isWaiting: this.time.value >= computed });
  }

  #settle(t: number): void {
    const { start, end, computed } = this.#stretch;
    const time = Math.min(end, Math.max(start, t));
    this.time.set(time);
    this.#change({ isWaiting: time > computed && computed < end });
  }

  #change(change: Partial<Playing>): void {
    const before = this.playing.value;
    const after = { ...before, ...change };
    const isSame =
      before.isPlaying === after.isPlaying && before.speed === after.speed && before.isWaiting === after.isWaiting;
    if (!isSame) this.playing.set(after);
  }
}
