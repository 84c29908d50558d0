/**
 * The people: paged by an alert, they find the cause, steer traffic away, try to take the change back through the API,
 * and when that does not work attack the clusters one after the other by other means. Every step takes time, needs a
 * path that may be closed, and each cluster worked on needs a member of a limited crew.
 *
 *   alert -> paged -> diagnosis --+--> (nothing changed, nothing broken: a false alarm) the next alert
 *                                 +--> steer traffic every minute
 *                                 +--> per cluster: roll back through the API, again and again
 *                                 +--> per cluster, after escalation and with a crew member:
 *                                        block admin API | scale API servers up | scale cluster down, in parallel
 *                                        -> roll back from inside -> agents gone -> unblock -> verify -> next cluster
 */
import {
  delay,
  type Duration,
  minutes,
  type Process,
  Signal,
  type Simulation,
  spawn,
  type Stream,
  type Wait,
  waitFor,
} from '@brownout/core';
import { Status } from '../kubernetes/requests/api-request.ts';
import { breakGlassAdmin } from '../kubernetes/flow-control/identity.ts';
import type { Alerting } from './alerting.ts';
import { ApiCaller } from './api-caller.ts';
import { FALSE_ALARM, isCauseInSight } from './cause-in-sight.ts';
import { type Chronicle, noCause } from './chronicle.ts';
import { type LockOut, lockOutsOf } from './lock-out.ts';
import { type HumanPurpose, humanStream } from './playbook/human-streams.ts';
import { Roster } from './playbook/roster.ts';
import { keepSteering } from './playbook/traffic-effects.ts';
import type { Site } from './site.ts';
import type { UserTraffic } from '../data-plane/user-traffic.ts';

/** A time that people need, drawn anew each time. */
export interface HumanTime {
  sample(stream: Stream): Duration;
}

/** How the operators work. */
export interface OperatorsOptions {
  readonly agent: string;
  readonly crew: number;
  readonly paging: HumanTime;
  readonly diagnosis: HumanTime;
  readonly steering: HumanTime;
  readonly rollbackPause: HumanTime;
  readonly rollbackTimeout: Duration;
  readonly rollbackRequests: number;
  readonly escalation: HumanTime;
  readonly blockAdminApi: HumanTime | null;
  readonly scaleUp: HumanTime | null;
  readonly scaleUpFactor: number;
  readonly scaleDown: HumanTime | null;
  readonly scaleDownShare: number;
  readonly verification: HumanTime;
}

/** User error share above which traffic is steered away from a cluster. */
const STEER_ABOVE = 0.01;
/** It comes back when users there have seen no such errors for this long. */
const CALM_BEFORE_RETURN = minutes(10);
const LOOK_INTERVAL = minutes(1);

/** What is known of the work on one cluster. */
class Incident {
  readonly site: Site;
  readonly index: number;
  /** The DaemonSet object has been deleted. */
  readonly deleted: Signal;
  /** No pod of the DaemonSet is left. */
  readonly cleared: Signal = new Signal('agents gone');
  isTaken = false;
  /** Somebody looks when the last pod goes. */
  isClearing = false;

  constructor(site: Site, index: number) {
    this.site = site;
    this.deleted = site.takenBack;
    this.index = index;
  }
}

/** The operators of all clusters. */
export class Operators {
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: OperatorsOptions;
  readonly #sites: readonly Site[];
  readonly #alerting: Alerting;
  readonly #users: UserTraffic;
  readonly #stopRollout: () => boolean;
  readonly #incidents: readonly Incident[];
  readonly #outside: readonly ApiCaller[];
  readonly #inside: readonly ApiCaller[];
  readonly #crew: Roster;
  #knowledge = noCause;

  constructor(
    simulation: Simulation,
    chronicle: Chronicle,
    options: OperatorsOptions,
    parts: {
      readonly sites: readonly Site[];
      readonly alerting: Alerting;
      readonly users: UserTraffic;
      /** Stops a rollout that is still going on; false when there is none. */
      readonly stopRollout: () => boolean;
    },
  ) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    this.#sites = parts.sites;
    this.#alerting = parts.alerting;
    this.#users = parts.users;
    this.#stopRollout = parts.stopRollout;
    this.#incidents = parts.sites.map((site, index) => new Incident(site, index));
    const caller = { identity: breakGlassAdmin, timeout: options.rollbackTimeout, usesBreakGlass: true };
    this.#outside = parts.sites.map(
      (site) => new ApiCaller(site.cluster, { ...caller, name: 'operator', isInside: false }),
    );
    this.#inside = parts.sites.map(
      (site) => new ApiCaller(site.cluster, { ...caller, name: 'operator-inside', isInside: true }),
    );
    this.#crew = new Roster(options.crew);
    spawn(simulation, 'operators', this.#respond());
  }

  /** Lock-out of every cluster on which an admin action was tried. */
  lockOuts(): LockOut[] {
    return lockOutsOf(this.#sites);
  }

  *#respond(): Process {
    let alert = this.#alerting.firstAlert;
    for (;;) {
      yield* waitFor(alert);
      yield delay(this.#options.paging.sample(this.#simulation.streams.get('operators/paging')));
      this.#knowledge = this.#chronicle.note('operators', 'engineers are notified', alert.value!);
      yield delay(this.#options.diagnosis.sample(this.#simulation.streams.get('operators/diagnosis')));
      if (isCauseInSight(this.#sites, this.#chronicle)) break;
      this.#chronicle.note('operators', FALSE_ALARM, this.#knowledge);
      alert = this.#alerting.nextAlert();
    }
    this.#knowledge = this.#chronicle.note('operators', `cause identified: ${this.#options.agent}`, this.#knowledge);
    if (this.#stopRollout()) this.#chronicle.note('action', 'rollout stopped', this.#knowledge);
    spawn(this.#simulation, 'steering', this.#steer());
    for (;;) {
      for (const incident of this.#incidents) this.#take(incident);
      yield delay(LOOK_INTERVAL);
    }
  }

  /** A cluster that has the change is rolled back; one that the rollout reaches later is taken on then. */
  #take(incident: Incident): void {
    if (incident.isTaken || incident.site.rolloutNote === noCause) return;
    incident.isTaken = true;
    spawn(this.#simulation, `roll back ${incident.site.id}`, this.#rollBack(incident, 'roll-back'));
    spawn(this.#simulation, `escalate ${incident.site.id}`, this.#escalate(incident));
  }

  /** One try is a sequence of requests that must all succeed, as a command-line tool sends them. */
  *#rollBack(incident: Incident, step: 'roll-back' | 'roll-back-inside'): Process {
    const caller = (step === 'roll-back' ? this.#outside : this.#inside)[incident.index]!;
    while (!incident.deleted.isFired) {
      const succeeded = yield* this.#tryOnce(caller);
      if (incident.deleted.isFired) break;
      if (succeeded) {
        this.#delete(incident);
        return;
      }
      if (incident.site.lockOut.failed(this.#simulation.now)) {
        this.#note(incident, 'lock-out', 'roll-back fails: the API does not answer');
      }
      yield* waitFor(incident.deleted, this.#options.rollbackPause.sample(this.#stream(incident, step, 'pause')));
    }
    this.#lookWhenCleared(incident);
  }

  *#tryOnce(caller: ApiCaller): Generator<Wait, boolean, number> {
    for (let i = 0; i < this.#options.rollbackRequests; i++) {
      const answered = caller.call(i === this.#options.rollbackRequests - 1 ? 'object-update' : 'get');
      yield* waitFor(answered);
      if (answered.value !== Status.ok) return false;
    }
    return true;
  }

  #delete(incident: Incident): void {
    incident.site.lockOut.succeeded(this.#simulation.now);
    incident.deleted.fire();
    this.#note(incident, 'action', `${this.#options.agent} deleted`);
    incident.site.cluster.daemonSet.select(0);
    this.#lookWhenCleared(incident);
  }

  /** Once, whoever took the change back. */
  #lookWhenCleared(incident: Incident): void {
    if (incident.isClearing) return;
    incident.isClearing = true;
    spawn(this.#simulation, `agents of ${incident.site.id}`, this.#awaitCleared(incident));
  }

  *#awaitCleared(incident: Incident): Process {
    while (incident.site.cluster.daemonSet.podCount > 0) yield delay(LOOK_INTERVAL);
    this.#note(incident, 'action', `last pod of ${this.#options.agent} deleted`);
    incident.cleared.fire();
  }

  /** A cluster whose alert still fires when patience has run out is worked on by other means. */
  *#escalate(incident: Incident): Process {
    let isOver = yield* waitFor(
      incident.cleared,
      this.#options.escalation.sample(this.#stream(incident, 'take-on', 'wait')),
    );
    while (!isOver && !this.#alerting.isFiring(incident.index))
      isOver = yield* waitFor(incident.cleared, LOOK_INTERVAL);
    if (isOver) return;
    yield* waitFor(this.#crew.request(1, () => 0));
    if (!incident.cleared.isFired) yield* this.#recover(incident);
    this.#crew.release(1);
  }

  *#recover(incident: Incident): Process {
    this.#note(incident, 'operators', 'crew begins with this cluster');
    const { blockAdminApi, scaleUp, scaleDown } = this.#options;
    if (blockAdminApi !== null) this.#start(incident, 'block', this.#block(incident, blockAdminApi));
    if (scaleUp !== null) this.#start(incident, 'scale up', this.#scaleUp(incident, scaleUp));
    if (scaleDown !== null) this.#start(incident, 'scale down', this.#scaleDown(incident, scaleDown));
    yield* waitFor(incident.cleared);
    if (incident.site.cluster.controlPlane.isBlockedBy('operators')) {
      incident.site.cluster.unblockAdminApi();
      this.#note(incident, 'action', 'block of the admin API lifted');
    }
    yield delay(this.#options.verification.sample(this.#stream(incident, 'verify', 'time')));
    this.#note(incident, 'recovery', 'operators call the cluster recovered');
  }

  #start(incident: Incident, name: string, body: Process): void {
    spawn(this.#simulation, `${name} ${incident.site.id}`, body);
  }

  *#block(incident: Incident, time: HumanTime): Process {
    if (yield* waitFor(incident.cleared, time.sample(this.#stream(incident, 'block', 'time')))) return;
    incident.site.cluster.blockAdminApi();
    this.#note(incident, 'action', 'admin API blocked at the network');
    yield* this.#rollBack(incident, 'roll-back-inside');
  }

  *#scaleUp(incident: Incident, time: HumanTime): Process {
    if (yield* waitFor(incident.cleared, time.sample(this.#stream(incident, 'scale-up', 'time')))) return;
    const factor = this.#options.scaleUpFactor;
    const { balanced } = incident.site.cluster.controlPlane;
    for (const server of balanced) server.resize(server.cpu.cores * factor, server.memoryLimitBytes * factor);
    this.#note(incident, 'action', `API servers replaced by machines ${factor} times as large`);
  }

  *#scaleDown(incident: Incident, time: HumanTime): Process {
    if (yield* waitFor(incident.cleared, time.sample(this.#stream(incident, 'scale-down', 'time')))) return;
    const { cluster } = incident.site;
    const removed = cluster.removeNodes(Math.round(cluster.kubelets.count * this.#options.scaleDownShare));
    this.#note(incident, 'action', `cluster scaled down by ${removed} nodes`);
  }

  /** Once a minute, traffic leaves clusters whose users see errors and comes back to those that are well again. */
  *#steer(): Process {
    yield delay(this.#options.steering.sample(humanStream(this.#simulation, undefined, 'steer', 'time')));
    yield* keepSteering(this.#simulation, this.#users, this.#incidents, {
      above: STEER_ABOVE,
      calm: CALM_BEFORE_RETURN,
      onSteered: ({ site }, to) => this.#chronicle.note('action', `traffic steered ${to}`, this.#knowledge, site.id),
    });
  }

  /** Each time has a stream of its own, the one that the same step of the default playbook draws from. */
  #stream(incident: Incident, step: string, purpose: HumanPurpose): Stream {
    return humanStream(this.#simulation, incident.site.id, step, purpose);
  }

  #note(incident: Incident, kind: 'lock-out' | 'action' | 'operators' | 'recovery', text: string): void {
    this.#chronicle.note(kind, text, this.#knowledge, incident.site.id);
  }
}
