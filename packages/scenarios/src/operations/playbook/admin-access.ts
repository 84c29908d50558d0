/**
 * An administrator's ways to the API of one cluster, and the requests that kubectl makes of a command: discovery first, kept
 * on disk for a while, then what it reads, then what it writes. All must succeed, one after the other, each over a connection
 * of its own.
 */
import { type Duration, minutes, type Simulation, type Wait, waitFor } from '@brownout/core';
import type { Cluster } from '../../kubernetes/cluster.ts';
import { breakGlassAdmin, type Identity, userIdentity } from '../../kubernetes/flow-control/identity.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import { ApiCaller } from '../api-caller.ts';
import type { ActionName, Playbook, StepPath } from './playbook.ts';

/** `GET /api` and `GET /apis`: with aggregated discovery, on by default since Kubernetes 1.27, that is all (documented: KEP-3352). */
const DISCOVERY_REQUESTS = 2;
/** kubectl's cache of discovery answers is refreshed about so often (documented: EKS guide, control plane). */
const DISCOVERY_LIFE: Duration = minutes(10);

const GET = 'get';
const WRITE = 'object-update';

/**
 * What kubectl reads before it writes (documented: kubectl, pkg/polymorphichelpers/rollback.go and cmd/delete): for
 * `rollout undo` the DaemonSet and, by selector, its revisions; for the others the object. A LIST of a handful of revisions
 * costs about what a GET does (derived).
 */
const reads: Partial<Readonly<Record<ActionName, number>>> = { 'roll-back': 2 };

/** Requests of a command when discovery is on disk: what it reads, and what it writes. */
export function fewestRequests(action: ActionName): number {
  return (reads[action] ?? 1) + 1;
}

/** See above. */
export class AdminAccess {
  readonly #simulation: Simulation;
  readonly #callers: Map<StepPath, ApiCaller[]>;
  readonly #make: (path: StepPath, number: number) => ApiCaller;
  #discoveredAt = -Infinity;

  constructor(
    simulation: Simulation,
    cluster: Cluster,
    options: {
      readonly credential: Playbook['credential'];
      readonly timeout: Duration;
      /** Paths that somebody will go, as far as known before. */
      readonly paths: StepPath[];
      /** What the clients are called; default operator. */
      readonly name?: string;
    },
  ) {
    this.#simulation = simulation;
    const identity: Identity = options.credential === 'admin' ? userIdentity('admin') : breakGlassAdmin;
    const { name = 'operator' } = options;
    this.#make = (path, number) =>
      new ApiCaller(cluster, {
        name: `${name}${path === 'api' ? '' : `-${path}`}${number === 0 ? '' : `-${number + 1}`}`,
        identity,
        timeout: options.timeout,
        isInside: path === 'inside',
        usesBreakGlass: path === 'break-glass',
      });
    // A group that joins early is there when somebody looks at the groups of a quiet cluster.
    this.#callers = new Map(options.paths.map((path) => [path, [this.#make(path, 0)]]));
  }

  /** Commands on their way along a path. */
  busy(path: StepPath): number {
    return this.#callers.get(path)?.filter((caller) => caller.isBusy).length ?? 0;
  }

  /** Runs a command that changes something; the status of the request that failed, or of the write that ended it. */
  *send(path: StepPath, action: ActionName, requests?: number): Generator<Wait, Status, number> {
    const caller = this.#freeCaller(path);
    const discovered = requests === undefined ? yield* this.#discover(caller) : Status.ok;
    if (discovered !== Status.ok) return discovered;
    const read = requests === undefined ? (reads[action] ?? 1) : requests - 1;
    const asked = yield* this.#ask(caller, GET, read);
    return asked === Status.ok ? yield* this.#ask(caller, WRITE, 1) : asked;
  }

  /** Runs a command that reads: so many requests of one kind, after discovery. */
  *read(path: StepPath, operation: string, requests: number): Generator<Wait, Status, number> {
    const caller = this.#freeCaller(path);
    const discovered = yield* this.#discover(caller);
    return discovered === Status.ok ? yield* this.#ask(caller, operation, requests) : discovered;
  }

  *#discover(caller: ApiCaller): Generator<Wait, Status, number> {
    if (this.#simulation.now - this.#discoveredAt < DISCOVERY_LIFE) return Status.ok;
    const status = yield* this.#ask(caller, GET, DISCOVERY_REQUESTS);
    if (status === Status.ok) this.#discoveredAt = this.#simulation.now;
    return status;
  }

  *#ask(caller: ApiCaller, operation: string, requests: number): Generator<Wait, Status, number> {
    for (let i = 0; i < requests; i++) {
      const answered = caller.call(operation);
      yield* waitFor(answered);
      if (answered.value !== Status.ok) return answered.value as Status;
    }
    return Status.ok;
  }

  /** Commands that run at the same time are different people: each has a caller of its own. */
  #freeCaller(path: StepPath): ApiCaller {
    const callers = this.#callers.get(path) ?? [];
    this.#callers.set(path, callers);
    const free = callers.find((caller) => !caller.isBusy);
    if (free !== undefined) return free;
    const another = this.#make(path, callers.length);
    callers.push(another);
    return another;
  }
}
