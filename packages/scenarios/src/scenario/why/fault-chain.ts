/** The way back from a failed user request to a fault that took it before any service was asked. */
import type { World } from '../build.ts';
import type { CauseLink } from '../result.ts';

/** The chain, latest first; undefined when the first failure was not a fault's own doing. */
export function faultChain(
  world: Pick<World, 'chronicle' | 'firstUserFailure'>,
  after: (instant: number) => number,
  clock: (t: number) => string,
): CauseLink[] | undefined {
  const { notes } = world.chronicle;
  const failure = notes[world.firstUserFailure()];
  const fault = failure === undefined ? undefined : notes[failure.causedBy];
  if (failure === undefined || fault?.kind !== 'fault') return undefined;
  const link = (note: typeof failure, because: string): CauseLink => {
    const t = after(note.at);
    const where = note.cluster === undefined ? {} : { cluster: note.cluster };
    return { t, clock: clock(t), kind: note.kind, text: note.text, ...where, because };
  };
  return [
    link(failure, ''),
    link(fault, 'it takes requests before any service is asked; nothing in the run caused it'),
  ];
}
