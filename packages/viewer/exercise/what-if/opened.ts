/** A run that somebody sent: read by the engine, refused in words, or begun with its changes as a branch. */
import type { SharedRun } from '@brownout/scenarios';
import type { Run } from '../engine/run.ts';
import type { Exercise } from '../exercise-context.ts';
import { Store } from '../store.ts';

/** What has become of the last one. */
export interface Opened {
  readonly isReading: boolean;
  /** Why it was refused, line by line. */
  readonly problems: readonly string[];
  /** What was sent, and the baseline that was begun for it. */
  readonly shared?: SharedRun;
  readonly baseline?: Run;
}

const none: Opened = { isReading: false, problems: [] };
const stores = new WeakMap<Exercise, Store<Opened>>();

/** The store of a page, which also follows the parameters in its address. */
export function openedOf(exercise: Exercise): Store<Opened> {
  let store = stores.get(exercise);
  if (store === undefined) {
    store = new Store<Opened>(none);
    stores.set(exercise, store);
    const hear = (): void => {
      const { value } = exercise.parameters;
      if (exercise.screen.value === 'what-if' && value !== '') openShared(exercise, 'link', value);
    };
    exercise.parameters.subscribe(hear);
    hear();
  }
  return store;
}

/** Opens the text of a link or of a file. */
export function openShared(exercise: Exercise, form: 'link' | 'file', text: string): void {
  const store = openedOf(exercise);
  store.set({ isReading: true, problems: [] });
  exercise.answers.begin({ kind: 'open', form, text }, (news) => {
    if (news.kind === 'failed') store.set({ isReading: false, problems: news.problems });
    if (news.kind !== 'opened') return;
    const { shared } = news;
    const { source, seed, crew, untilSeconds } = shared;
    const baseline = exercise.start({
      source,
      seed,
      ...(crew === undefined ? {} : { crew }),
      ...(untilSeconds === undefined ? {} : { untilSeconds }),
    });
    store.set({ isReading: false, problems: [], shared, baseline });
  });
}
