/** What the functions of the library share: how runs are made, watched and stopped. */
import { conductOn } from '../pool/conduct-on.ts';
import { createPool, type RunMaker } from '../pool/pool.ts';
import type { MadeProgress } from '../pool/progress-meter.ts';
import type { Study } from '@brownout/scenarios';

/** How runs are made. */
export interface RunsOptions {
  /** Runs made side by side; default as many as there are cores. The result does not depend on it. */
  readonly workers?: number;
  /** Threads to use instead of own ones, for many studies in a row; whoever made them closes them. */
  readonly pool?: RunMaker;
  /** Stops the runs; the promise then rejects with `RunsStopped`. */
  readonly signal?: AbortSignal;
  /** Called some ten times a second with how far the runs are. */
  readonly onProgress?: (progress: MadeProgress) => void;
}

/** Lends `use` a maker of runs: the one handed in, or threads that live only as long. */
export async function withRuns<T>(options: RunsOptions, use: (maker: RunMaker) => Promise<T>): Promise<T> {
  if (options.pool !== undefined) return await use(options.pool);
  const pool = createPool(options.workers === undefined ? {} : { workers: options.workers });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

/** Carries a study to its end. */
export async function conducted<Result>(study: Study<Result>, options: RunsOptions): Promise<Result> {
  return await withRuns(options, (maker) => conductOn(study, maker, watched(options)));
}

/** What a pool needs to know of the options. */
export function watched({ signal, onProgress }: RunsOptions): {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MadeProgress) => void;
} {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
}
