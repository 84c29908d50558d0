/**
 * kube-scheduler as replicas that elect one of them. Unlike the controller manager it fills its informers before it takes
 * part in the election (`delayCacheUntilActive` is false by default), so a replica that wins works at once.
 * Source: kubernetes/kubernetes cmd/kube-scheduler/app/server.go.
 */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import { kubeScheduler } from '../flow-control/identity.ts';
import type { LeaderElectionOptions } from './election-options.ts';
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
    parts: { readonly controlPlane: ControlPlane; readonly bound: (pod: number) => void },
  ) {
    this.scheduler = new Scheduler(simulation, `${name}/scheduler`, options.scheduler ?? {}, parts);
    this.election = new LeaderElection(simulation, `${name}/scheduler`, options.leaderElection, {
      controlPlane: parts.controlPlane,
      identity: kubeScheduler,
      observer: { leaderStarted: () => this.scheduler.start(), leaderStopped: () => this.scheduler.stop() },
    });
    this.scheduler.start();
  }
}
