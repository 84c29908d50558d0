import { momentText, spanText } from '@brownout/scenarios';
import type { Sink } from './context.ts';

/** The progress of a run on one line of a terminal, rewritten in place. Elsewhere nothing is printed. */

/** Narrower than this the bar is left out. */
const narrowest = 50;

/** A progress line; `clear` removes it before anything else is printed. */
export class ProgressLine {
  readonly #sink: Sink;
  readonly #clock: { readonly zero: string; readonly zone: string };
  readonly #startedAt: number;
  #first: number | undefined;
  #isShown = false;

  constructor(sink: Sink, clock: { readonly zero: string; readonly zone: string }) {
    this.#sink = sink;
    this.#clock = clock;
    this.#startedAt = performance.now();
  }

  /** Shows how far the run is. */
  update(simulatedSeconds: number, endSeconds: number): void {
    if (!this.#sink.isTerminal) return;
    this.#first ??= simulatedSeconds;
    const share = (simulatedSeconds - this.#first) / Math.max(1, endSeconds - this.#first);
    const elapsed = (performance.now() - this.#startedAt) / 1000;
    const moment = momentText({ clock: this.#clock }, simulatedSeconds);
    const text = progressText({ share, elapsedSeconds: elapsed, moment, columns: this.#sink.columns ?? 80 });
    this.#sink.write(`\r${text}\u001b[K`);
    this.#isShown = true;
  }

  /** Removes the line. */
  clear(): void {
    if (this.#isShown) this.#sink.write('\r\u001b[K');
    this.#isShown = false;
  }
}

/** What a progress line says. */
export interface Progress {
  /** Share of the run that is done, 0..1. */
  readonly share: number;
  readonly elapsedSeconds: number;
  /** Where the simulation is, for people. */
  readonly moment: string;
  readonly columns: number;
}

/** `replaying ███████░░░░░░░  38 %  16:05 (+1 h 14 min)  12 s left`, at most `columns - 1` wide. */
export function progressText({ share, elapsedSeconds, moment, columns }: Progress): string {
  const left = share > 0.05 ? `${spanText(Math.ceil((elapsedSeconds * (1 - share)) / share))} left` : '';
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const text = `${percent}  ${moment.padEnd(19)}  ${left}`.trimEnd();
  const room = Math.min(40, columns - 1 - 'replaying '.length - text.length - 12);
  if (columns < narrowest || room < 8) return `replaying${text}`.slice(0, columns - 1);
  const done = Math.round(share * room);
  return `replaying ${'█'.repeat(done)}${'░'.repeat(room - done)} ${text}`;
}
