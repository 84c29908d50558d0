/** What links of the chain of causes say. */
import { Phase, Status } from '../../kubernetes/requests/api-request.ts';
import type { UserTrouble } from '../../operations/chronicle.ts';
import type { Death } from '../../operations/why/deaths.ts';
import type { TroubledAttempt } from '../../operations/why/failure-book.ts';
import type { GroupInside, Inside } from '../../operations/why/inside.ts';

const GIB = 1024 * 1024 * 1024;

/** A share as a whole percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Why a user request failed that did not fail for want of a name. */
export function describeTrouble(trouble: UserTrouble | undefined): string {
  switch (trouble) {
    case 'no-instance':
      return 'an instance had gone and was still listed, and what took it was not written down';
    case 'address':
      return 'the addresses that it was given were out of date, and why was not written down';
    case 'overload':
      return 'its cluster had fewer instances than the traffic needed, and what took them was not written down';
    default:
      return 'what it failed for was not written down';
  }
}

/** How an attempt ended, or where it waits. */
export function describeAttempt(attempt: TroubledAttempt, inside: Inside | undefined): string {
  const place = attempt.server < 0 ? 'no API server takes connections' : `API server ${attempt.server}`;
  const queue = inside === undefined || inside.queued === 0 ? '' : `, ${inside.queued} in line`;
  switch (attempt.status) {
    case -1:
      return `the GET that should refresh it is not answered: ${waitsFor(attempt, place, queue)}`;
    case Status.tooManyRequests:
      return `the GET that should refresh it was refused with 429: ${place} has no seat${queue}`;
    case Status.refused:
      return `the GET that should refresh it was refused: nobody listens at ${place}`;
    case Status.reset:
      return `the GET that should refresh it was cut off: ${place} died with it inside`;
    case Status.timedOut:
    case Status.gatewayTimeout:
      return `the GET that should refresh it timed out: ${waitsFor(attempt, place, queue)}`;
    case Status.serverError:
      return `the GET that should refresh it failed: ${place} got no answer from etcd`;
    default:
      return `the GET that should refresh it was denied by ${place}`;
  }
}

function waitsFor({ phase, server }: TroubledAttempt, place: string, queue: string): string {
  if (server < 0) return place;
  switch (phase) {
    case Phase.hanging:
      return `${place} is silent`;
    case Phase.connecting:
      return `its connection waits for the cores of ${place}`;
    case Phase.queued:
      return `it waits for a seat at ${place}${queue}`;
    case Phase.reading:
    case Phase.writing:
    case Phase.expressWriting:
      return `it waits for etcd behind ${place}`;
    default:
      return `it waits for the cores of ${place}`;
  }
}

/** Why an attempt leads to the death of a server. */
export function becauseOfAttempt({ status, server }: TroubledAttempt): string {
  if (server < 0) return 'the balancer had no server left; this was the last one to die';
  return status === Status.reset ? 'the attempt was inside when it died' : 'the attempt was for this server';
}

/** What became of a process. */
export function describeDeath({ server, reason }: Death): string {
  switch (reason) {
    case 'memory':
      return `API server ${server} was killed for its memory`;
    case 'liveness':
      return `API server ${server} was killed by its liveness probe`;
    case 'shutdown':
      return `API server ${server} shut down`;
    case 'machine-lost':
      return `API server ${server} was lost with its machine`;
  }
}

/** Whose requests were inside a process when it died, and what they held. */
export function describeHolder({ reason, inside, limitBytes, baselineBytes }: Death, holder: GroupInside): string {
  const what = `${holder.requests} ${holder.operation} of ${holder.name}`;
  if (reason !== 'memory') return `${what} were inside, of ${inside.requests} requests`;
  const rest = `beside ${gibibytes(baselineBytes)} that the process has anyway; its limit is ${gibibytes(limitBytes)}`;
  return `${what} needed ${gibibytes(holder.bytes)} of the ${gibibytes(inside.bytes)} of all requests, ${rest}`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** Who keeps a living server busy. */
export function describeInside(server: number, inside: Inside, cores: number): string {
  const first = inside.groups[0];
  const who = first === undefined ? '' : `; ${first.requests} are ${first.operation} of ${first.name}`;
  return `API server ${server}: ${inside.onCores} requests share ${cores} cores, ${inside.queued} wait for a seat${who}`;
}
