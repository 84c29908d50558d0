/** Studies whose settings are checked before anything is written. */
import type { Study } from '@brownout/scenarios';
import { InputError } from './input-error.ts';

/**
 * The study, as far as the first runs that it wants: what it refuses about its own settings it refuses up to there, and no
 * folder is made for it. Throws `InputError` or `DocumentError`.
 */
export function begun<Result>(study: Study<Result>): Study<Result> {
  const first = asInput(() => study.next());
  return rest(study, first);
}

/** What `read` returns; a RangeError of the library is bad input where the settings were typed. */
export function asInput<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new InputError(error.message) : error;
  }
}

function* rest<Result>(study: Study<Result>, first: ReturnType<Study<Result>['next']>): Study<Result> {
  let step = first;
  try {
    while (step.done !== true) step = study.next(yield step.value);
    return step.value;
  } finally {
    study.return(undefined as Result);
  }
}
