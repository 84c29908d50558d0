/** What comes before time runs in a drill: the day up to where it begins, and of one that is taken up again everything that was done. */
import type { DrillEntry, DrillSession } from '@brownout/scenarios';
import type { Pace } from './drill-messages.ts';

/** A drill that somebody hosted until their page was gone. With its setup it is the whole session. */
export interface PastDrill {
  readonly log: readonly DrillEntry[];
  /** How far it had come, in seconds after the trigger. */
  readonly untilSeconds: number;
  readonly state: Exclude<Pace['state'], 'preparing'>;
}

/** Simulated seconds in one go: between two of them a host looks at its watch. */
const stride = 60;

/** See above. */
export class Preparation {
  readonly #session: DrillSession;
  readonly #log: readonly DrillEntry[];
  readonly #untilSeconds: number;
  #done = 0;

  constructor(session: DrillSession, past: PastDrill | undefined) {
    this.#session = session;
    this.#log = past?.log ?? [];
    this.#untilSeconds = Math.min(session.endSeconds, Math.max(session.startSeconds, past?.untilSeconds ?? -Infinity));
  }

  /** Goes on until `isTimeUp`; true when everything is as it was. */
  goOn(isTimeUp: () => boolean): boolean {
    const session = this.#session;
    do {
      const entry = this.#log[this.#done];
      const target = entry?.t ?? this.#untilSeconds;
      // Nothing comes after the end, whatever a log says.
      if (session.now < target && !session.isOver) session.advanceTo(Math.min(target, session.now + stride));
      else if (entry === undefined) return true;
      else {
        this.#done++;
        session.redo(entry);
      }
    } while (!isTimeUp());
    return false;
  }
}
