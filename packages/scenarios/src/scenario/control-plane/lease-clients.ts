/** Kubelets that renew their leases, and nothing else of them; and the age of every lease. */
import {
  type Duration,
  type EventHandle,
  type EventType,
  ms,
  noEvent,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../../kubernetes/client/backoff.ts';
import { ClientGroup } from '../../kubernetes/client/client-group.ts';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { LeaseRenewals } from '../../kubernetes/nodes/lease-renewal.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import type { LeasesSection } from './document.ts';
import { apiGroupOf, identityOf } from './identity.ts';
import type { Load } from './loads.ts';
import type { ClientBook } from './phase-book.ts';
import type { LeaseResult } from './result.ts';

/** After a conflict, where that is followed. */
const Anew = { nothing: 0, reading: 1, renewing: 2 } as const;
/** Between two reads that fail; as `LeaseRenewals` has it. */
const READ_LOOP: DoublingBackoff = { first: ms(200), longest: seconds(7) };
/** From an answer to the next attempt of the same tick (assumed). */
const AT_ONCE = ms(1);

/** The lease clients of all kubelets. */
export class LeaseClients implements Load {
  readonly #section: LeasesSection;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #book: ClientBook;
  readonly #rules: LeaseRenewals;
  readonly #put: number;
  readonly #get: number;
  readonly #group: ClientGroup;
  readonly #groupNumber: number;
  readonly #renew: EventType;
  readonly #phase: Stream;
  readonly #renewedAt: Float64Array;
  readonly #sentAt: Float64Array;
  readonly #next: Float64Array;
  /** Whether a request of the node is on its way. */
  readonly #isBusy: Uint8Array;
  readonly #knowsVersion: Uint8Array;
  /** What the node does after a conflict, one of the values of `Anew`, and how often its reading has failed. */
  readonly #anew: Uint8Array;
  readonly #readFailures: Uint8Array;
  /** Oldest age of each lease in this phase. */
  readonly #oldest: Float64Array;
  #count = 0;

  constructor(
    section: LeasesSection,
    parts: {
      readonly simulation: Simulation;
      readonly controlPlane: ControlPlane;
      readonly book: ClientBook;
      /** Numbers of the operations that renew and read a lease. */
      readonly put: number;
      readonly get: number;
    },
  ) {
    const { simulation, controlPlane } = parts;
    const { count, name } = section;
    this.#section = section;
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#book = parts.book;
    this.#put = parts.put;
    this.#get = parts.get;
    const timings = { renewInterval: section.period, renewJitter: section.jitter, requestTimeout: section.timeout };
    this.#rules = new LeaseRenewals(count, timings, simulation.streams.get(`${name}/jitter`));
    this.#phase = simulation.streams.get(`${name}/phase`);
    this.#renewedAt = new Float64Array(count);
    this.#sentAt = new Float64Array(count);
    this.#next = new Float64Array(count).fill(noEvent);
    this.#isBusy = new Uint8Array(count);
    this.#knowsVersion = new Uint8Array(count).fill(section.firstConflicts ? 0 : 1);
    this.#anew = new Uint8Array(count);
    this.#readFailures = new Uint8Array(count);
    this.#oldest = new Float64Array(count);
    this.#renew = simulation.event(`${name} renewal`, (node) => this.#send(node), 'arrival');
    this.#group = new ClientGroup({
      name,
      clients: count,
      timeout: section.timeout,
      describe: (node) => ({
        ...identityOf(section.user, section.groups, node),
        verb: 'update',
        resource: 'leases',
        apiGroup: apiGroupOf('leases'),
        namespace: 'kube-node-lease',
      }),
      isInside: false,
      countsForAvailability: true,
      onReply: (node, status, retryAfter) => this.#replied(node, status, retryAfter),
    });
    this.#groupNumber = controlPlane.join(this.#group);
  }

  /**
   * Nodes that join have a connection and a fresh lease, and renew it at random instants of one period; whatever one was in
   * the middle of when it left is forgotten. One that left and is back before its last answer goes on with that. At most
   * `count` nodes of the section.
   */
  set(nodes: number): void {
    for (let node = this.#count; node < nodes; node++) {
      this.#renewedAt[node] = this.#simulation.now;
      if (this.#isBusy[node] === 1) continue;
      this.#startOver(node);
      this.#connect(node);
      const wait = Math.floor(this.#phase.uniform() * this.#section.period);
      this.#next[node] = this.#renew.after(wait as Duration, node);
    }
    for (let node = nodes; node < this.#count; node++) this.#simulation.cancel(this.#next[node]! as EventHandle);
    this.#count = nodes;
  }

  /** The ages of the phase that ends, after which they are looked at anew. */
  close(): LeaseResult {
    const nodes = Array.from({ length: this.#count }, (_, node) => {
      this.#age(node);
      const age = this.#oldest[node]!;
      this.#oldest[node] = 0;
      return age;
    });
    return {
      oldestAgeSeconds: nodes.reduce((oldest, age) => Math.max(oldest, age), 0) / seconds(1),
      staleFor20Seconds: nodes.filter((age) => age > seconds(20)).length,
      staleFor40Seconds: nodes.filter((age) => age > seconds(40)).length,
    };
  }

  #startOver(node: number): void {
    this.#anew[node] = Anew.nothing;
    this.#readFailures[node] = 0;
    this.#rules.startOver(node);
  }

  /** Connections are spread over the API servers. */
  #connect(node: number): void {
    const { balanced } = this.#controlPlane;
    const server = balanced[node % balanced.length]!;
    this.#group.connect(node, server.index, server.life);
  }

  #age(node: number): void {
    this.#oldest[node] = Math.max(this.#oldest[node]!, this.#simulation.now - this.#renewedAt[node]!);
  }

  #send(node: number): void {
    const isRepetition = this.#rules.isRepetition(node);
    if (!isRepetition && this.#anew[node] === Anew.nothing) this.#book.offered();
    this.#book.sent();
    this.#isBusy[node] = 1;
    this.#sentAt[node] = this.#simulation.now;
    this.#rules.sent(node, this.#simulation.now);
    const isReading = this.#rules.isReading(node) || this.#anew[node] === Anew.reading;
    const operation = isReading ? this.#get : this.#put;
    this.#controlPlane.send(this.#groupNumber, node, operation, node, isRepetition);
  }

  #replied(node: number, status: number, retryAfterSeconds: number): void {
    const { now } = this.#simulation;
    this.#isBusy[node] = 0;
    if (this.#anew[node] === Anew.reading) {
      this.#read(node, status, retryAfterSeconds);
      return;
    }
    this.#anew[node] = Anew.nothing;
    if (status === Status.ok && this.#knowsVersion[node] === 0) {
      this.#knowsVersion[node] = 1;
      this.#book.conflicted();
      if (this.#section.readsAfterConflict === true) this.#anew[node] = Anew.reading;
      this.#sendAfter(node, AT_ONCE);
      return;
    }
    this.#book.ended(status, now - this.#sentAt[node]!, retryAfterSeconds);
    if (status === Status.ok && !this.#rules.isReading(node)) {
      this.#age(node);
      this.#renewedAt[node] = now;
    }
    const wait = this.#rules.answered(node, status, retryAfterSeconds, now);
    if (this.#rules.closesConnections) this.#group.disconnect(node);
    this.#sendAfter(node, wait);
  }

  /** It reads until it can, and then tries its PUT again (component-helpers, apimachinery/lease/controller.go). */
  #read(node: number, status: number, retryAfterSeconds: number): void {
    this.#book.ended(status, this.#simulation.now - this.#sentAt[node]!, retryAfterSeconds);
    if (status === Status.ok) {
      this.#anew[node] = Anew.renewing;
      this.#readFailures[node] = 0;
      this.#sendAfter(node, AT_ONCE);
      return;
    }
    const failures = this.#readFailures[node]!;
    this.#readFailures[node] = Math.min(failures + 1, 20);
    this.#sendAfter(node, Math.max(seconds(retryAfterSeconds), waitAfter(failures, READ_LOOP)) as Duration);
  }

  #sendAfter(node: number, wait: Duration): void {
    if (node < this.#count) this.#next[node] = this.#renew.after(Math.max(wait, AT_ONCE) as Duration, node);
  }
}
