/** Studies on threads: the twin of `conduct` that waits. */
import type { Study } from '@brownout/scenarios';
import type { MakeOptions, RunMaker } from './pool.ts';

/**
 * Carries a study to its end, its runs made by `maker`; same result as `conduct`. Rejects with `RunsStopped` after an abort
 * and with `RunsBroken` when a run broke down; the study is then closed.
 */
export async function conductOn<Result>(
  study: Study<Result>,
  maker: RunMaker,
  options: MakeOptions = {},
): Promise<Result> {
  try {
    let step = study.next();
    while (step.done !== true) {
      const made = await maker.make(step.value, options);
      if (made.length !== step.value.length) {
        throw new RangeError(`conductOn: expected ${step.value.length} replications, got ${made.length}`);
      }
      step = study.next(made);
    }
    return step.value;
  } finally {
    study.return(undefined as Result);
  }
}
