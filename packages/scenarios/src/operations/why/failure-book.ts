/**
 * What went wrong in one cluster, as evidence for the question why: attempts that failed, deaths of API servers with what
 * they had inside, names that could not be answered with the state of the attempt that should have refreshed them. It is
 * written when something fails and never otherwise, and of a kind that fails by the thousand only the first few are kept.
 *
 *   ControlPlane --attemptFailed, dialled--> FailureBook <--died, nameFailed-- Site
 *                                                 |
 *                          scenario/why: chain of causes, feedback loops
 */
import type { Simulation } from '@brownout/core';
import type { DeathReason } from '../../kubernetes/api-server/api-server.ts';
import type { Cluster } from '../../kubernetes/cluster.ts';
import { Phase, type RequestTable, Status } from '../../kubernetes/requests/api-request.ts';
import type { TroubleObserver } from '../../kubernetes/requests/trouble-observer.ts';
import { ConnectionHistory } from './connection-history.ts';
import { Deaths } from './deaths.ts';
import { type Inside, lookInside, sortOut } from './inside.ts';

/** An attempt that failed, or that somebody has waited for in vain so far. */
export interface TroubledAttempt {
  /** When it failed; when it was found waiting. Microseconds of the run. */
  readonly at: number;
  readonly group: number;
  readonly client: number;
  readonly subject: number;
  /** How it ended; -1 = it is still on its way. */
  readonly status: number;
  /** Where it was, one of `Phase`. */
  readonly phase: number;
  /** API server that held it or that it was sent to; -1 = none could be tried. */
  readonly server: number;
}

/** A name that could not be answered, and why. */
export interface NameFailure {
  readonly at: number;
  readonly record: number;
  /** The attempt that should have refreshed it; undefined when none was found. */
  readonly attempt: TroubledAttempt | undefined;
  /** Number of the death behind it, when the server was gone; -1 = it was not. */
  readonly death: number;
  /** Who was inside the server, when it was there. */
  readonly inside: Inside | undefined;
  /** Who waited for etcd, when the attempt did. */
  readonly atEtcd: Inside | undefined;
  /** True when the path to the API was cut. */
  readonly isCut: boolean;
}

/** An etcd member that was killed for its memory, and whose requests it held. */
export interface EtcdDeath {
  readonly at: number;
  readonly member: number;
  readonly inside: Inside;
}

/** Evidence of one kind is kept for the first few. */
const KEPT = 8;

/** The evidence of one cluster. */
export class FailureBook implements TroubleObserver {
  readonly deaths: Deaths = new Deaths();
  readonly etcdDeaths: EtcdDeath[] = [];
  readonly nameFailures: NameFailure[] = [];
  /** CPU that attempts would have needed, or had, that clients or servers gave up or that died: core-microseconds. */
  givenUpCpu = 0;
  readonly connections: ConnectionHistory;
  readonly #simulation: Simulation;
  readonly #cluster: Cluster;
  readonly #requests: RequestTable;
  /** CPU of each operation at an API server, in core-microseconds. */
  readonly #cpuOf: Float64Array;
  /** The latest failure of each group: overwritten in place, so that a storm allocates nothing. */
  readonly #last: Mutable<TroubledAttempt>[] = [];

  constructor(simulation: Simulation, cluster: Cluster) {
    this.#simulation = simulation;
    this.#cluster = cluster;
    const { controlPlane, options } = cluster;
    this.#requests = controlPlane.requests;
    this.#cpuOf = controlPlane.operations.apiServerCpu;
    // As long as a crash back-off at its longest: after that the server of a client could be back, and where the client is
    // now is where it belongs.
    const memory = options.controlPlane.apiServer.backoffCap;
    this.connections = new ConnectionHistory(simulation, controlPlane, this.deaths, memory);
    controlPlane.troubleObserver = this;
  }

  /** Part of the contract with `ControlPlane`. */
  attemptFailed(request: number, status: Status): void {
    const requests = this.#requests;
    const group = requests.group[request]!;
    const phase = requests.phase[request]!;
    const last = this.#last[group] ?? this.#open(group);
    last.at = this.#simulation.now;
    last.client = requests.client[request]!;
    last.subject = requests.subject[request]!;
    last.status = status;
    last.phase = phase;
    last.server = requests.server[request]!;
    if (phase !== Phase.hanging && isGivenUp(status)) {
      this.givenUpCpu += this.#cpuOf[requests.operation[request]!]!;
    }
  }

  /** Part of the contract with `ControlPlane`. */
  dialled(group: number, client: number, server: number): void {
    this.connections.dialled(group, client, server);
  }

  /** An API server process has died; what it had inside is still on its list. */
  died(server: number, reason: DeathReason): void {
    const { controlPlane, operations } = this.#cluster;
    const process = controlPlane.servers[server]!;
    // Connections to a machine that was lost break later, when clients notice; all others broke with the process.
    const life = reason === 'machine-lost' ? process.life : process.life - 1;
    this.deaths.add(
      {
        at: this.#simulation.now,
        server,
        reason,
        limitBytes: process.memoryLimitBytes,
        baselineBytes: operations.apiServerBaselineBytes,
        inside: lookInside(this.#parts, server),
      },
      life,
    );
  }

  /** An etcd member was killed for its memory. */
  etcdMemberKilled(member: number): void {
    if (this.etcdDeaths.length >= KEPT) return;
    const rows = this.#rows((row) => this.#cluster.controlPlane.requests.etcdMember[row] === member);
    this.etcdDeaths.push({ at: this.#simulation.now, member, inside: sortOut(this.#parts, rows) });
  }

  /** A record of the registry-backed DNS tier cannot be answered any more. */
  nameFailed(record: number): void {
    if (this.nameFailures.length >= KEPT) return;
    const { controlPlane, registryDns } = this.#cluster;
    const group = registryDns === undefined ? -1 : controlPlane.groups.findIndex(({ name }) => name === 'registry-dns');
    const attempt = this.#attemptAbout(group, record);
    this.nameFailures.push({
      at: this.#simulation.now,
      record,
      attempt,
      isCut: controlPlane.isBlocked,
      ...this.#stateBehind(attempt),
    });
  }

  get #parts(): { controlPlane: Cluster['controlPlane']; connections: ConnectionHistory; agents: string } {
    const { controlPlane, options } = this.#cluster;
    return { controlPlane, connections: this.connections, agents: options.daemon.name };
  }

  /** The attempt about a subject that is on its way, or else the one that has just failed. */
  #attemptAbout(group: number, subject: number): TroubledAttempt | undefined {
    const { requests } = this.#cluster.controlPlane;
    const isOurs = (row: number): boolean =>
      requests.group[row] === group && requests.subject[row] === subject && requests.isGone[row] === 0;
    const [row] = this.#rows(isOurs);
    if (row !== undefined) {
      const client = requests.client[row]!;
      const held = requests.server[row]!;
      return {
        at: this.#simulation.now,
        group,
        client,
        subject,
        status: -1,
        phase: requests.phase[row]!,
        server: held >= 0 ? held : this.connections.tried(group, client),
      };
    }
    const last = this.#last[group];
    if (last === undefined || last.subject !== subject) return undefined;
    return { ...last, server: last.server >= 0 ? last.server : this.connections.tried(group, last.client) };
  }

  #stateBehind(attempt: TroubledAttempt | undefined): Pick<NameFailure, 'death' | 'inside' | 'atEtcd'> {
    const nothing = { death: -1, inside: undefined, atEtcd: undefined };
    if (attempt === undefined) return nothing;
    const { controlPlane } = this.#cluster;
    const { server, phase, status } = attempt;
    const isGone = server < 0 || !controlPlane.servers[server]!.isReady || status === Status.reset;
    if (isGone) return { ...nothing, death: this.deaths.latest(server) };
    const waits = phase === Phase.reading || phase === Phase.writing || status === Status.serverError;
    const rows = waits ? this.#rows((row) => isAtEtcd(controlPlane.requests.phase[row]!)) : [];
    return {
      death: -1,
      inside: lookInside(this.#parts, server),
      atEtcd: waits ? sortOut(this.#parts, rows) : undefined,
    };
  }

  #rows(holds: (row: number) => boolean): number[] {
    const rows: number[] = [];
    this.#cluster.controlPlane.requests.forEachOpen((row) => {
      if (holds(row)) rows.push(row);
    });
    return rows;
  }

  #open(group: number): Mutable<TroubledAttempt> {
    const last = { at: 0, group, client: 0, subject: 0, status: 0, phase: 0, server: 0 };
    this.#last[group] = last;
    return last;
  }
}

type Mutable<T> = { -readonly [name in keyof T]: T[name] };

function isAtEtcd(phase: number): boolean {
  return phase === Phase.reading || phase === Phase.writing || phase === Phase.expressWriting;
}

/** Whether the server may have worked on the attempt, or would have had to. */
function isGivenUp(status: number): boolean {
  return (
    status === Status.timedOut ||
    status === Status.gatewayTimeout ||
    status === Status.serverError ||
    status === Status.reset
  );
}
