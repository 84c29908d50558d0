import { spanText } from '@brownout/scenarios';
import type { Sink } from './context.ts';
import type { MadeProgress } from './pool/progress-meter.ts';

/** The progress of many runs on one line of a terminal, rewritten in place. Elsewhere nothing is printed. */

/** Bars are at most so wide, and left out below the lesser width. */
const widestBar = 30;
const narrowestBar = 8;

/** A progress line; `clear` removes it before anything else is printed. */
export class RunsProgress {
  readonly #sink: Sink;
  #isShown = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Shows how far the runs are. */
  readonly update = (progress: MadeProgress): void => {
    if (!this.#sink.isTerminal || progress.total === 0) return;
    this.#sink.write(`\r${runsProgressText(progress, this.#sink.columns ?? 80)}\u001b[K`);
    this.#isShown = true;
  };

  /** Removes the line. */
  clear(): void {
    if (this.#isShown) this.#sink.write('\r\u001b[K');
    this.#isShown = false;
  }
}

/** `12/40 runs ████████░░░░░░  31 %  2 min left  seed 5 45 %, seed 6 12 %`, at most `columns - 1` wide. */
export function runsProgressText(progress: MadeProgress, columns: number): string {
  const { done, total, share, leftSeconds, running } = progress;
  const left = leftSeconds === undefined ? '' : `  ${spanText(Math.ceil(leftSeconds))} left`;
  const head = `${done}/${total} runs`;
  const middle = `${Math.floor(share * 100)} %`.padStart(6) + left;
  const seeds = running.map((one) => `seed ${one.seed} ${Math.floor(one.share * 100)} %`).join(', ');
  const room = Math.min(widestBar, columns - 1 - head.length - middle.length - 2);
  const bar =
    room < narrowestBar ? '' : ` ${'█'.repeat(Math.round(share * room))}${'░'.repeat(room - Math.round(share * room))}`;
  const text = `${head}${bar}${middle}`;
  return (text.length + 2 + seeds.length < columns ? `${text}  ${seeds}`.trimEnd() : text).slice(0, columns - 1);
}
