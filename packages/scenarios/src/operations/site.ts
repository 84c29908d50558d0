/**
 * One cluster as operations see it: the cluster itself, what happened there last, and the API success that monitoring
 * measures. Everything that happens in a cluster is noted here with its cause.
 */
import { Signal, type Simulation } from '@brownout/core';
import type { DeathReason } from '../kubernetes/api-server/api-server.ts';
import { Cluster, type ClusterOptions } from '../kubernetes/cluster.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import { type Chronicle, noCause } from './chronicle.ts';
import { LockOutBook } from './lock-out.ts';
import { FailureBook } from './why/failure-book.ts';

/** Attempts of the clients that count for availability, cumulative. */
export interface ApiCounts {
  readonly ok: number;
  readonly ended: number;
  readonly waiting: number;
}

/** A cluster under operation. */
export class Site {
  readonly id: string;
  readonly cluster: Cluster;
  /** Evidence of what went wrong here. */
  readonly failures: FailureBook;
  readonly isStaging: boolean;
  /** Weight of the user traffic it normally serves. */
  readonly traffic: number;
  /** The latest note about a cause of trouble here: what a new trouble is blamed on when nothing is nearer. */
  lastCause: number = noCause;
  /** Note of the rollout reaching this cluster. */
  rolloutNote: number = noCause;
  /** Note of the first name that could not be resolved in the present episode. */
  dnsNote: number = noCause;
  memoryKills = 0;
  /** Nodes that operators have taken away and not given back. */
  nodesTaken = 0;
  /** How often scale-downs were broken off, and how many are under way. */
  scaleDownStops = 0;
  scaleDowns = 0;
  /** The DaemonSet object has been deleted, or changed back: by whom does not matter. */
  readonly takenBack: Signal = new Signal('change taken back');
  /** What administrators have met here. */
  readonly lockOut: LockOutBook = new LockOutBook();
  readonly #chronicle: Chronicle;

  constructor(
    simulation: Simulation,
    chronicle: Chronicle,
    options: ClusterOptions,
    traits: { readonly isStaging: boolean; readonly traffic: number },
  ) {
    this.id = options.id;
    this.isStaging = traits.isStaging;
    this.traffic = traits.traffic;
    this.#chronicle = chronicle;
    this.cluster = new Cluster(simulation, options, {
      apiServerDied: (server, reason, culprit) => {
        this.failures.died(server, reason);
        this.#apiServerDied(server, reason, culprit);
      },
      apiServerReady: () => {},
      etcdMemberKilled: (member) => {
        this.failures.etcdMemberKilled(member);
        this.lastCause = chronicle.note('etcd-kill', `etcd member ${member} out of memory`, this.lastCause, this.id);
      },
      etcdMemberBack: () => {},
      nameFailed: (record, tier) => {
        // An entry of a node's cache is no record: nobody refreshes it from the API.
        if (tier === 'registry') this.failures.nameFailed(record);
        this.#nameFailed();
      },
    });
    this.failures = new FailureBook(simulation, this.cluster);
  }

  /** Attempts that count for the availability of the control plane. */
  apiCounts(): ApiCounts {
    let ok = 0;
    let ended = 0;
    let waiting = 0;
    for (const group of this.cluster.controlPlane.settledGroups()) {
      if (!group.countsForAvailability) continue;
      ok += group.ended[Status.ok]!;
      const inside = group.inside;
      ended += group.sent - inside;
      waiting += inside;
    }
    return { ok, ended, waiting };
  }

  #apiServerDied(server: number, reason: DeathReason, culprit: string): void {
    // A machine that was lost or a process that was told to stop is a fault of its own, and noted by whoever injects it.
    if (reason === 'shutdown' || reason === 'machine-lost') return;
    const blame =
      culprit === this.cluster.options.daemon.name || culprit === '' ? this.#rolloutOr(this.lastCause) : this.lastCause;
    if (reason === 'liveness') {
      this.lastCause = this.#chronicle.note(
        'liveness-kill',
        `API server ${server} killed by its liveness probe`,
        blame,
        this.id,
      );
      return;
    }
    this.memoryKills++;
    const text = `API server ${server} out of memory while serving ${culprit}`;
    this.lastCause = this.#chronicle.note('memory-kill', text, blame, this.id);
  }

  /** The offender is named directly while it runs; after that, what it left behind. */
  #rolloutOr(other: number): number {
    return this.rolloutNote === noCause ? other : this.rolloutNote;
  }

  #nameFailed(): void {
    if (this.dnsNote !== noCause) return;
    this.dnsNote = this.#chronicle.note(
      'dns',
      'first cached name has run out and cannot be refreshed',
      this.lastCause,
      this.id,
    );
  }
}
