/** What all studies of the library take. */
import type { RunsOptions } from './runs.ts';
import { secondsOf, type ScenarioChanges } from './scenario.ts';

/** What all studies take. */
export interface StudyOptions extends ScenarioChanges, RunsOptions {
  /** Of the first run, default 1. Variants share their seeds. */
  readonly seed?: string | number;
  /** Ends runs this long after the trigger: seconds, or a time such as "2h". */
  readonly until?: string | number;
}

/** Seed and end of runs, as studies take them. */
export function seedAndEnd({ seed, until }: StudyOptions): { readonly seed: string; readonly untilSeconds?: number } {
  const untilSeconds = secondsOf(until);
  return { seed: String(seed ?? 1), ...(untilSeconds === undefined ? {} : { untilSeconds }) };
}

/** Without what was not said, so that defaults hold. */
export function stated<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
