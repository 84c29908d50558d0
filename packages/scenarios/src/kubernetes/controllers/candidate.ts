/** One replica of a component that takes part in leader election: what it knows, and its two clients. */
import { type Duration, type EventHandle, noEvent, seconds } from '@brownout/core';
import { CrashBackoff } from '../api-server/crash-backoff.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Identity } from '../flow-control/identity.ts';
import type { LeaderElectionOptions } from './election-options.ts';
import type { InformerSet } from './informers.ts';

/** What a candidate waits for an answer to. */
export const Request = { none: 0, get: 1, put: 2 } as const;

/** One replica of the component. */
export interface Candidate {
  readonly index: number;
  readonly backoff: CrashBackoff;
  readonly informers: InformerSet | undefined;
  readonly gets: ClientGroup;
  readonly puts: ClientGroup;
  readonly getGroup: number;
  readonly putGroup: number;
  isAlive: boolean;
  /** Name in the lease: different in each life of the process. */
  name: number;
  /** Takes part in the election. */
  competes: boolean;
  /** Holds the lease, as far as it knows. */
  holds: boolean;
  /** Began to work: its informers were filled. */
  works: boolean;
  request: 0 | 1 | 2;
  /** Whether the PUT under way is the one without a GET before it. */
  isOptimistic: boolean;
  /** Counts attempts, so that the answer to one that was given up meets nobody. */
  attempt: number;
  attemptedAt: number;
  /** What it saw of the lease last, and when that was new to it. */
  seenVersion: number;
  seenHolder: number;
  seenAt: number;
  deadline: EventHandle;
}

/** A candidate of a component that has been running for long: the first holds the lease and works, the others know it. */
export function createCandidate(
  name: string,
  index: number,
  options: Required<LeaderElectionOptions>,
  parts: {
    readonly controlPlane: ControlPlane;
    readonly identity: Identity;
    readonly now: number;
    readonly informers: InformerSet | undefined;
    readonly answered: (attempt: number, status: number) => void;
  },
): Candidate {
  const { controlPlane, identity } = parts;
  const clients = (suffix: string, verb: string): ClientGroup => {
    const group = new ClientGroup({
      name: `${name}-${index}-lease${suffix}`,
      describe: () => ({ ...identity, verb, ...leases }),
      timeout: Math.max(seconds(1), Math.floor(options.renewDeadline / 2)) as Duration,
      clients: 1,
      isInside: true,
      countsForAvailability: true,
      onReply: parts.answered,
    });
    group.pinnedServer = options.pinnedServers[index] ?? controlPlane.breakGlassServer;
    return group;
  };
  const gets = clients('-get', 'get');
  const puts = clients('', 'update');
  return {
    index,
    backoff: new CrashBackoff(options.restart),
    informers: parts.informers,
    gets,
    puts,
    getGroup: controlPlane.join(gets),
    putGroup: controlPlane.join(puts),
    isAlive: true,
    name: index,
    competes: true,
    holds: index === 0,
    works: index === 0,
    request: Request.none,
    isOptimistic: false,
    attempt: 0,
    attemptedAt: 0,
    seenVersion: 0,
    seenHolder: 0,
    seenAt: parts.now,
    deadline: noEvent,
  };
}

const leases = { apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system' } as const;
