/** Between a reflector and the control plane: the numbers of what it sends, and what the end of a request means to it. */
import { Status } from '../requests/api-request.ts';
import { Outcome, ReflectorState } from './reflector-machine.ts';
import type { PageOperations, ReflectorOperations } from './reflector-options.ts';

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

/** The numbers of a reflector's operations in the table of a control plane. */
export interface OperationNumbers {
  readonly listAny: number;
  readonly listSeen: number;
  readonly listNewest: number;
  readonly watch: number;
  /** -1 = it does not use WatchList. */
  readonly watchList: number;
  /** Absent = it does not turn pages. */
  readonly pages: Readonly<Record<keyof PageOperations, number>> | undefined;
}

/** Looks them up. */
export function operationNumbers(names: ReflectorOperations, numberOf: (name: string) => number): OperationNumbers {
  const { pages } = names;
  return {
    listAny: numberOf(names.listAny),
    listSeen: numberOf(names.listSeen),
    listNewest: numberOf(names.listNewest),
    watch: numberOf(names.watch),
    watchList: names.watchList === undefined ? -1 : numberOf(names.watchList),
    pages: pages && {
      further: numberOf(pages.further),
      expired: numberOf(pages.expired),
      wholeAny: numberOf(pages.wholeAny),
      wholeNewest: numberOf(pages.wholeNewest),
    },
  };
}

/** What a client sends in a state, by what it knows: `revision` 0 = nothing. */
export function nextOperation(
  state: ReflectorState,
  { listAny, listSeen, listNewest, watch, watchList }: OperationNumbers,
  isVersionUnavailable: boolean,
  revision: number,
): number {
  if (state === ReflectorState.watching) return watch;
  if (state === ReflectorState.streamingList) return watchList;
  if (isVersionUnavailable) return listNewest;
  return revision === 0 ? listAny : listSeen;
}
