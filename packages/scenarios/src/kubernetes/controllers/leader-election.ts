/**
 * Leader election by a lease among the replicas of one component (kube-controller-manager, kube-scheduler), as client-go
 * does it. The holder writes the lease every retry period; a renewal that does not get through within the renew deadline
 * ends the process, which its kubelet starts again with a crash back-off. Others read the lease every one to 2.2 retry
 * periods and write their own name when they have not *seen it change* for the lease duration by their own clock: what the
 * holder thinks of the time does not matter, and a restarted process waits like any other, because its name is new.
 *
 *   standby: GET ... GET, unchanged for 15 s -> PUT --ok--> leads: fill informers, work; PUT every 2 s
 *      ^                                                        | no PUT (or GET and PUT) got through for 10 s
 *      +---- start <---- crash back-off <---- process exits <---+
 *
 * Sources: client-go tools/leaderelection/leaderelection.go; the holder's PUT without a GET before it came with 1.30
 * (kubernetes/kubernetes PR 122069); requests time out after half the renew deadline, at least 1 s
 * (resourcelock.NewFromKubeconfig). A write that was committed but not acknowledged counts as not made here; upstream it
 * can make two processes lead for a moment, which client-go's package comment says it does not rule out.
 */
import { type Duration, type EventType, noEvent, noTime, type Simulation, type Stream } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import type { Identity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { type Candidate, createCandidate, Request } from './candidate.ts';
import { ACQUIRE_JITTER, checkedElection, type LeaderElectionOptions } from './election-options.ts';
import type { InformerSet } from './informers.ts';
import type { Leader } from './leader.ts';

/** Told what becomes of the candidates. */
export interface LeaderElectionObserver {
  /** The candidate leads and its informers are filled. */
  leaderStarted(candidate: number): void;
  /** A candidate that led is gone. */
  leaderStopped(candidate: number): void;
}

const LEASE_GET = operationNumber('get');
const LEASE_PUT = operationNumber('lease-update');

/** The candidates of one component and the lease they compete for. */
export class LeaderElection implements Leader {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: Required<LeaderElectionOptions>;
  readonly #observer: LeaderElectionObserver;
  readonly #candidates: readonly Candidate[];
  readonly #jitter: Stream;
  readonly #attempt: EventType;
  readonly #deadline: EventType;
  readonly #restart: EventType;
  readonly #started: EventType;
  /** The lease as stored. */
  #holder: number;
  #version = 0;
  #names: number;
  #transitions = 0;

  /** `informersOf` makes the informers of a candidate; they are started when it begins to lead, as in the KCM. */
  constructor(
    simulation: Simulation,
    name: string,
    options: LeaderElectionOptions,
    parts: {
      readonly controlPlane: ControlPlane;
      readonly identity: Identity;
      readonly observer: LeaderElectionObserver;
      readonly informersOf?: (candidate: number, synced: () => void) => InformerSet;
    },
  ) {
    this.#options = checkedElection(name, options);
    this.#simulation = simulation;
    this.#controlPlane = parts.controlPlane;
    this.#observer = parts.observer;
    this.#jitter = simulation.streams.get(`${name}/leader-election/jitter`);
    this.#attempt = simulation.event(`${name} lease attempt`, (ticket) => this.#attemptIfAlive(ticket));
    this.#deadline = simulation.event(`${name} renew deadline`, (candidate) => this.#lose(candidate));
    this.#restart = simulation.event(`${name} process restart`, (candidate) => this.#exec(candidate));
    this.#started = simulation.event(`${name} process started`, (candidate) => this.#begin(candidate));
    const count = this.#options.candidates;
    this.#names = count;
    this.#candidates = Array.from({ length: count }, (_, index) =>
      createCandidate(name, index, this.#options, {
        ...parts,
        now: simulation.now,
        informers: parts.informersOf?.(index, () => this.#informersSynced(index)),
        answered: (attempt, status) => this.#answered(this.#candidates[index]!, attempt, status),
      }),
    );
    this.#holder = 0;
    this.#startRunning();
  }

  /** Whether a candidate leads and works. */
  get isLeading(): boolean {
    return this.leader >= 0;
  }

  /** The candidate that works, -1 when none does. */
  get leader(): number {
    return this.#candidates.findIndex((candidate) => candidate.works);
  }

  /** Candidates that hold the lease as far as they know: never more than one. */
  get holders(): number {
    return this.#candidates.filter((candidate) => candidate.holds).length;
  }

  /** Candidates whose process runs, and whether each of them holds the lease as far as it knows. */
  get running(): readonly { readonly candidate: number; readonly holds: boolean }[] {
    return this.#candidates
      .filter((candidate) => candidate.isAlive)
      .map(({ index, holds }) => ({ candidate: index, holds }));
  }

  /** How often the lease has changed hands. */
  get transitions(): number {
    return this.#transitions;
  }

  /** The process of a candidate dies, as when its machine is lost; its kubelet starts it again after the back-off. */
  kill(candidate: number): void {
    this.#exit(this.#candidates[candidate]!);
  }

  /** The component has been running for long: the first candidate leads, the others wait at random phases. */
  #startRunning(): void {
    for (const candidate of this.#candidates) {
      if (candidate.holds || this.#options.informersFirst) candidate.informers?.startFilled();
      const { retryPeriod } = this.#options;
      const phase = candidate.holds ? retryPeriod : Math.floor(retryPeriod * this.#jitter.uniform());
      this.#schedule(candidate, phase as Duration);
    }
  }

  #schedule(candidate: Candidate, wait: Duration): void {
    candidate.attempt++;
    this.#attempt.after(wait, this.#ticket(candidate));
  }

  /** An event argument that says which candidate and, in the rest of its bits, which attempt of it. */
  #ticket(candidate: Candidate): number {
    return (candidate.attempt % 10_000_000) * this.#candidates.length + candidate.index;
  }

  #attemptIfAlive(ticket: number): void {
    const candidate = this.#candidates[ticket % this.#candidates.length]!;
    if (!candidate.isAlive || ticket !== this.#ticket(candidate)) return;
    candidate.attemptedAt = this.#simulation.now;
    if (candidate.holds && candidate.deadline === noEvent) {
      candidate.deadline = this.#deadline.after(this.#options.renewDeadline, candidate.index);
    }
    candidate.isOptimistic = candidate.holds && this.#options.renewsOptimistically && this.#isValid(candidate);
    this.#send(candidate, candidate.isOptimistic ? Request.put : Request.get);
  }

  #isValid(candidate: Candidate): boolean {
    return candidate.seenAt + this.#options.leaseDuration > candidate.attemptedAt;
  }

  #send(candidate: Candidate, request: 1 | 2): void {
    candidate.request = request;
    const isGet = request === Request.get;
    const operation = isGet ? LEASE_GET : LEASE_PUT;
    this.#controlPlane.send(isGet ? candidate.getGroup : candidate.putGroup, 0, operation, candidate.attempt);
  }

  #answered(candidate: Candidate, attempt: number, status: number): void {
    if (!candidate.isAlive || attempt !== candidate.attempt || candidate.request === Request.none) return;
    const request = candidate.request;
    candidate.request = Request.none;
    if (request === Request.put) this.#put(candidate, status);
    else if (status === Status.ok) this.#look(candidate);
    else this.#failed(candidate);
  }

  #look(candidate: Candidate): void {
    if (candidate.seenVersion !== this.#version) {
      candidate.seenVersion = this.#version;
      candidate.seenHolder = this.#holder;
      candidate.seenAt = this.#simulation.now;
    }
    const isMine = candidate.seenHolder === candidate.name;
    if (!isMine && this.#isValid(candidate)) this.#failed(candidate);
    else this.#send(candidate, Request.put);
  }

  /** A write succeeds only on the version that was seen last; anything else is a conflict. */
  #put(candidate: Candidate, status: number): void {
    const isConflict = candidate.seenVersion !== this.#version;
    if (status === Status.ok && !isConflict) {
      this.#won(candidate);
    } else if (candidate.isOptimistic) {
      candidate.isOptimistic = false;
      this.#send(candidate, Request.get);
    } else {
      this.#failed(candidate);
    }
  }

  #won(candidate: Candidate): void {
    if (this.#holder !== candidate.name) this.#transitions++;
    this.#holder = candidate.name;
    candidate.seenVersion = ++this.#version;
    candidate.seenHolder = candidate.name;
    candidate.seenAt = this.#simulation.now;
    this.#simulation.cancel(candidate.deadline);
    candidate.deadline = noEvent;
    this.#schedule(candidate, this.#options.retryPeriod);
    if (candidate.holds) return;
    candidate.holds = true;
    if (candidate.informers?.hasSynced ?? true) this.#informersSynced(candidate.index);
    else candidate.informers!.start();
  }

  /** A holder tries again every retry period from the start of an attempt, others that long and more after its end. */
  #failed(candidate: Candidate): void {
    const { retryPeriod } = this.#options;
    if (candidate.holds) {
      const next = candidate.attemptedAt + retryPeriod - this.#simulation.now;
      this.#schedule(candidate, Math.max(noTime, next) as Duration);
    } else {
      this.#schedule(candidate, Math.round(retryPeriod * (1 + ACQUIRE_JITTER * this.#jitter.uniform())) as Duration);
    }
  }

  #informersSynced(index: number): void {
    const candidate = this.#candidates[index]!;
    if (!candidate.competes && candidate.isAlive) this.#compete(candidate);
    if (!candidate.holds || candidate.works) return;
    candidate.works = true;
    this.#observer.leaderStarted(index);
  }

  #lose(index: number): void {
    const candidate = this.#candidates[index]!;
    candidate.deadline = noEvent;
    if (candidate.holds) this.#exit(candidate);
  }

  #exit(candidate: Candidate): void {
    if (!candidate.isAlive) return;
    const worked = candidate.works;
    candidate.isAlive = false;
    candidate.competes = false;
    candidate.holds = false;
    candidate.works = false;
    candidate.request = Request.none;
    this.#simulation.cancel(candidate.deadline);
    candidate.deadline = noEvent;
    candidate.informers?.stop();
    candidate.gets.disconnect(0);
    candidate.puts.disconnect(0);
    this.#restart.after(candidate.backoff.died(this.#simulation.now), candidate.index);
    if (worked) this.#observer.leaderStopped(candidate.index);
  }

  #exec(index: number): void {
    this.#candidates[index]!.backoff.started(this.#simulation.now);
    this.#started.after(this.#options.startTime, index);
  }

  /** A new process knows nothing: what it reads first is new to it, and so has to stand for a whole lease duration. */
  #begin(index: number): void {
    const candidate = this.#candidates[index]!;
    candidate.isAlive = true;
    candidate.name = this.#names++;
    candidate.seenVersion = -1;
    candidate.seenHolder = -1;
    if (this.#options.informersFirst && candidate.informers !== undefined) candidate.informers.start();
    else this.#compete(candidate);
  }

  #compete(candidate: Candidate): void {
    candidate.competes = true;
    this.#schedule(candidate, noTime);
  }
}
