/**
 * kube-scheduler as replicas that elect one of them. Unlike the controller manager it fills its informers before it takes
 * part in the election (`delayCacheUntilActive` is false by default), so a replica that wins works at once, and one that
 * was restarted cannot win before it has listed everything it watches.
 * Source: kubernetes/kubernetes cmd/kube-scheduler/app/server.go.
 */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { kubeScheduler } from '../flow-control/identity.ts';
import type { LeaderElectionOptions } from './election-options.ts';
import type { InformerObserver, InformerSet } from './informers.ts';
import { LeaderElection } from './leader-election.ts';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';

/** The schedulers of a cluster; one of them works. */
export class SchedulerProcess {
  readonly election: LeaderElection;
  readonly scheduler: Scheduler;

  constructor(
    simulation: Simulation,
    name: string,
    options: { readonly leaderElection: LeaderElectionOptions; readonly scheduler?: SchedulerOptions },
    parts: {
      readonly controlPlane: ControlPlane;
      readonly bound: (pod: number) => void;
      /** Makes the informers of a replica; absent = they are always filled. */
      readonly informersOf?: (candidate: number, observer: InformerObserver) => InformerSet;
    },
  ) {
    const { informersOf } = parts;
    const makeInformers = (candidate: number, synced: () => void): InformerSet =>
      informersOf!(candidate, { informersSynced: synced, informersBroke: () => {} });
    this.scheduler = new Scheduler(simulation, `${name}/scheduler`, options.scheduler ?? {}, parts);
    const election = { informersFirst: true, ...options.leaderElection };
    this.election = new LeaderElection(simulation, `${name}/scheduler`, election, {
      controlPlane: parts.controlPlane,
      identity: kubeScheduler,
      observer: { leaderStarted: () => this.scheduler.start(), leaderStopped: () => this.scheduler.stop() },
      ...(informersOf === undefined ? {} : { informersOf: makeInformers }),
    });
    this.scheduler.start();
  }
}
