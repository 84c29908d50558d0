/**
 * The beat of the page: once for each picture that the screen shows, everything that moves is moved, in one go. How long that
 * and all that follows from it keeps the page busy is measured here, always: `brownoutBeats()` in the console tells it.
 */

/** Called with the seconds since the beat before. */
type BeatListener = (elapsedSeconds: number) => void;

/** Beats of which the length is remembered. */
const remembered = 3600;

/** See above. */
export class Beat {
  readonly #listeners: Set<BeatListener> = new Set();
  readonly #lengths: Float64Array = new Float64Array(remembered);
  readonly #channel: MessageChannel = new MessageChannel();
  #count = 0;
  #began = 0;

  /** Calls `listener` at each beat until the function that is returned is called; those who came first are called first. */
  add(listener: BeatListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
      this.#began = performance.now();
      const elapsed = Math.max(0, (this.#began - before) / 1000);
      before = this.#began;
      for (const listener of this.#listeners) listener(elapsed);
      this.#channel.port2.postMessage(null);
    };
    return () => cancelAnimationFrame(handle);
  }

  /** Lengths of the last beats in milliseconds, oldest first; forgets them. */
  take(): number[] {
    const kept = Math.min(this.#count, remembered);
    const lengths = Array.from({ length: kept }, (_, i) => this.#lengths[(this.#count - kept + i) % remembered] ?? 0);
    this.#count = 0;
    return lengths;
  }
}
