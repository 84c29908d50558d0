/** The debrief of a page, whichever screen is shown: the session it is about, and what has been found out so far. */
import type { Replayed } from '../engine/drill-protocol.ts';
import type { Task } from '../engine/engine.ts';
import type { Exercise } from '../exercise-context.ts';
import { messageOf } from '../message-of.ts';
import { Store } from '../store.ts';
import { Conductor, type Stage } from './conduct.ts';

/** See above. Replaced as a whole. */
export interface DebriefState {
  readonly status: 'none' | 'reading' | 'ready' | 'failed';
  /** Of reading, 0 to 1. */
  readonly share: number;
  readonly problems: readonly string[];
  readonly replayed?: Replayed;
  /** In the smaller model, where there is one; and exactly. */
  readonly first?: Stage;
  readonly exact?: Stage;
}

const nothing: DebriefState = { status: 'none', share: 0, problems: [] };

/** See above. */
export class DebriefBook {
  readonly state: Store<DebriefState> = new Store<DebriefState>(nothing);
  readonly #exercise: Exercise;
  #reading: Task | undefined;
  #conductors: Conductor[] = [];

  constructor(exercise: Exercise) {
    this.#exercise = exercise;
  }

  /** Plays a saved session again, and goes on with it. */
  open(name: string, text: string): void {
    this.stop();
    this.#reading?.abort();
    this.state.set({ ...nothing, status: 'reading' });
    const task = this.#exercise.engine.begin({ kind: 'drill-replay', name, text }, (news) => {
      if (this.#reading !== task) return;
      if (news.kind === 'drill-progress') this.state.set({ ...this.state.value, share: news.share });
      else if (news.kind === 'drill-replayed') this.take(news.replayed);
      else if (news.kind === 'failed') this.state.set({ ...nothing, status: 'failed', problems: news.problems });
    });
    this.#reading = task;
  }

  /** A session that was just played. What it is compared with is begun at once. */
  take(replayed: Replayed): void {
    this.stop();
    this.state.set({ status: 'ready', share: 1, problems: [], replayed });
    void this.#compare(replayed);
  }

  /** Compares again under other seeds: was an alternative better, or only lucky? */
  async again(): Promise<void> {
    const { replayed } = this.state.value;
    try {
      await this.#conductors.at(-1)?.again();
    } catch (error) {
      if (this.state.value.replayed === replayed) this.state.set({ ...this.state.value, problems: [messageOf(error)] });
    }
  }

  /** Makes no more runs; what is known stays. */
  stop(): void {
    for (const conductor of this.#conductors) conductor.stop();
  }

  async #compare(replayed: Replayed): Promise<void> {
    const { engine } = this.#exercise;
    const change = (of: Partial<DebriefState>): void => {
      if (this.state.value.replayed === replayed) this.state.set({ ...this.state.value, ...of });
    };
    const exact = new Conductor(engine, replayed.record, (stage) => change({ exact: stage }));
    const small = replayed.reduced?.record;
    const first = small === undefined ? undefined : new Conductor(engine, small, (stage) => change({ first: stage }));
    this.#conductors = first === undefined ? [exact] : [first, exact];
    change({ exact: exact.stage });
    const isCurrent = (): boolean => this.#conductors.includes(exact);
    try {
      await first?.run();
    } catch {
      // What the smaller model cannot do, the exact one says; it is next.
    }
    try {
      if (isCurrent()) await exact.run();
    } catch (error) {
      change({ problems: [messageOf(error)] });
    }
  }
}

const books = new WeakMap<Exercise, DebriefBook>();

/** The debrief of a page. */
export function debriefOf(exercise: Exercise): DebriefBook {
  const known = books.get(exercise);
  if (known !== undefined) return known;
  const made = new DebriefBook(exercise);
  books.set(exercise, made);
  return made;
}
