/** How a request, and each attempt at it, ends. Outcomes of the modelled world are values, never exceptions. */

/**
 * - `served`: a good answer came in time;
 * - `rejected`: the server (or the client's own gate) said no;
 * - `abandoned`: the caller left;
 * - `timed out`: the deadline passed;
 * - `lost`: no reply will come, and no timeout was set that would have told the caller.
 */
export type Outcome = 'served' | 'rejected' | 'abandoned' | 'timed out' | 'lost';

/** Every outcome, in the order in which columns count them. */
export const outcomes: readonly Outcome[] = ['served', 'rejected', 'abandoned', 'timed out', 'lost'];

/**
 * Place of an outcome in `outcomes`; a switch, because a string lookup per request would cost more than the request.
 */
export function outcomeIndex(outcome: Outcome): number {
  switch (outcome) {
    case 'served':
      return 0;
    case 'rejected':
      return 1;
    case 'abandoned':
      return 2;
    case 'timed out':
      return 3;
    case 'lost':
      return 4;
  }
}
