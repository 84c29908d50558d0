/** What all screens of the exercise share: the engine, the run that is watched, the time that is shown. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Beat } from './beat.ts';
import type { Engine, EngineWorker } from './engine/engine.ts';
import type { CatalogueEntry, RunRequest } from './engine/protocol.ts';
import type { Run } from './engine/run.ts';
import type { Player } from './player.ts';
import type { Store } from './store.ts';

/** The screens, by the word in the address. */
export type ScreenId = 'watch' | 'what-if' | 'drill' | 'debrief';

/** Handed to every screen by `useExercise`. */
export interface Exercise {
  readonly engine: Engine;
  /** A worker of its own for first answers, which wait behind nothing. */
  readonly answers: Engine;
  /** For whoever needs a worker for as long as the page is open, such as a drill. */
  readonly createWorker: () => EngineWorker;
  /** Incidents that come with the page; empty until the engine has told. */
  readonly catalogue: Store<readonly CatalogueEntry[]>;
  /** The run that is watched, and the baseline of a what-if; undefined until one is chosen. */
  readonly run: Store<Run | undefined>;
  readonly player: Player;
  /** For everything that moves: called once for each picture that the screen shows. */
  readonly beat: Beat;
  readonly screen: Store<ScreenId>;
  /** What stands in the address behind `#screen?`, such as a shared link; '' for nothing. */
  readonly parameters: Store<string>;
  /** The run that is watched is ended, and this one takes its place, at its start. Returns it. */
  start(request: RunRequest): Run;
  /** Shows a run that was begun elsewhere, such as a branch, at the time that is shown now. */
  show(run: Run): void;
}

/** Undefined outside of the page. */
export const ExerciseContext: preact.Context<Exercise | undefined> = createContext<Exercise | undefined>(undefined);

/** The exercise that a component stands in. */
export function useExercise(): Exercise {
  const exercise = useContext(ExerciseContext);
  if (exercise === undefined) throw new Error('exercise: a screen outside of the page');
  return exercise;
}
