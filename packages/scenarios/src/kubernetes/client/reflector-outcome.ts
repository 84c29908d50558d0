/** What the end of a request means to a reflector. */
import { Status } from '../requests/api-request.ts';
import { Outcome } from './reflector-machine.ts';

/** A server error that names a time to come back is "too large resource version"; no other one does. */
export function outcomeOf(status: number, retryAfterSeconds: number): Outcome {
  switch (status) {
    case Status.ok:
      return Outcome.ok;
    case Status.tooManyRequests:
      return Outcome.tooManyRequests;
    case Status.refused:
      return Outcome.refused;
    case Status.reset:
      return Outcome.broken;
    case Status.serverError:
      return retryAfterSeconds > 0 ? Outcome.tooLarge : Outcome.failed;
    default:
      return Outcome.failed;
  }
}
