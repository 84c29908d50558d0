/**
 * A study decides which runs it needs next from the ones it has, and never how they are made: it yields the runs it wants
 * and is handed their replications, in the same order. The same study so runs here, on a pool of threads or on many
 * machines, and its result depends on none of them.
 */
import { makeReplication, type Replication, type Wanted } from './replication.ts';

/** A study under way. Each list it yields may be made in any order, side by side. */
export type Study<Result> = Generator<readonly Wanted[], Result, readonly Replication[]>;

/** Makes runs and returns them in the order asked for. */
export type Executor = (wanted: readonly Wanted[]) => readonly Replication[];

/** Carries a study to its end. Synchronous; the package `brownout` has the twin that waits for other threads. */
export function conduct<Result>(study: Study<Result>, execute: Executor = runHere): Result {
  let step = study.next();
  while (step.done !== true) {
    const made = execute(step.value);
    if (made.length !== step.value.length) {
      throw new RangeError(`conduct: expected ${step.value.length} replications, got ${made.length}`);
    }
    step = study.next(made);
  }
  return step.value;
}

/** Makes the runs one after the other on this thread. */
export const runHere: Executor = (wanted) => wanted.map((one) => makeReplication(one)!);
