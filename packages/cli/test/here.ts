/** A pool without threads: makes runs on the test's own thread, one after the other, so that commands are tested quickly. */
import { makeReplication, type Replication, type Wanted } from '@brownout/scenarios';
import { setImmediate } from 'node:timers/promises';
import { RunsBroken, RunsStopped, type BrokenRun } from '../src/pool/errors.ts';
import type { MakeOptions, RunPool } from '../src/pool/pool.ts';
import { sharedOf } from '../src/pool/shared-document.ts';

/** What a test may choose. */
export interface HereOptions {
  /** Seeds whose runs break down. */
  readonly breaking?: readonly string[];
  /** Called after each run. */
  readonly onMade?: () => void;
}

/** Makes runs here. */
export function poolHere(here: HereOptions = {}): RunPool {
  return { workers: 1, make: (wanted, options) => make(wanted, options ?? {}, here), close: () => Promise.resolve() };
}

async function make(
  wanted: readonly Wanted[],
  options: MakeOptions,
  { breaking = [], onMade }: HereOptions,
): Promise<readonly Replication[]> {
  const made: Replication[] = [];
  const broken: BrokenRun[] = [];
  for (const [index, one] of wanted.entries()) {
    await setImmediate();
    if (options.signal?.aborted === true) throw new RunsStopped(made.length, wanted.length);
    try {
      if (breaking.includes(one.seed)) throw new Error('it breaks down');
      const replication = makeReplication(one, {
        ...(options.resultsOf?.includes(index) === true
          ? { onResult: (result) => options.onResult?.(result, index) }
          : {}),
      })!;
      made.push(replication);
      options.onMade?.(replication, index);
      onMade?.();
    } catch (error) {
      broken.push({ wanted: one, hash: sharedOf(one.document).hash, message: String(error), timeSeconds: undefined });
    }
  }
  if (broken.length > 0) throw new RunsBroken(broken);
  return made;
}
