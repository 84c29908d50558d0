/**
 * A DNS tier in front of the cluster's own, backed by a registry that reads the API: mechanisms D6 and D7. Every instance
 * keeps records for their TTL; when one runs out it asks the API again. While the API does not answer, records run out one
 * after the other over a whole TTL, which hides the failure first and spreads it afterwards. It is an assumption about the
 * operator's own "DNS cache system", and it can be switched off.
 *
 *   application -> instance (record fresh? answer) --expired--> GET through the API --ok--> fresh for a TTL
 *                                                                     +--failed--> failing, asked again after the negative TTL
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  power,
  forever,
  noEvent,
  noTime,
  type Simulation,
  type Stream,
  type TimeoutType,
} from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { ClientGroup } from '../client/client-group.ts';
import { RequestRetries } from '../client/request-retry.ts';
import { Paces } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import type { NameService, NameServiceCounts } from './name-store.ts';
import { negativeTtls, type RegistryDnsOptions, sliceLookupsName } from './registry-dns-options.ts';

const GET = operationNumber('get');

/** The instances of the tier in one cluster; records in columns. */
export class RegistryDns implements NameService {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: RegistryDnsOptions;
  readonly #onFailed: (record: number) => void;
  readonly #group: number;
  readonly #operation: number;
  readonly #expire: TimeoutType;
  /** Ends the time for which an expired record does no harm yet; undefined when that is for ever. */
  readonly #grace: TimeoutType | undefined;
  /** End the negative TTLs after the first failure in a row, the second, and so on. */
  readonly #retries: readonly TimeoutType[];
  /** Which of them is a record's next. */
  readonly #step: Uint8Array;
  readonly #paces: Paces | undefined;
  readonly #send: EventType;
  /** Attempts within one question, and when that was asked. */
  readonly #attempts: RequestRetries;
  readonly #askedAt: Float64Array;
  readonly #again: EventType;
  /** Ends the patience of applications that wait for a refresh; undefined where nobody waits so long. */
  readonly #patience: TimeoutType | undefined;
  readonly #patienceEvent: Float64Array;
  /** 1 when the time for stale answers is over. */
  readonly #isOver: Uint8Array;
  /** Records that fail, per instance. */
  readonly #failing: Int32Array;
  /** 1 while a record is expired and cannot be answered. */
  readonly #isFailing: Uint8Array;
  /** 1 from the end of a record's TTL until it is refreshed; and how many such records are not failing, per instance. */
  readonly #isExpired: Uint8Array;
  readonly #stale: Int32Array;
  #staleTotal = 0;
  readonly #graceEvent: Float64Array;
  #failingTotal = 0;
  #queries = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: RegistryDnsOptions,
    controlPlane: ControlPlane,
    onFailed: (record: number) => void,
  ) {
    this.#onFailed = onFailed;
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#options = options;
    const readsSlices = options.reads === 'endpoint-slices';
    this.#operation = readsSlices ? controlPlane.operations.number(sliceLookupsName) : GET;
    const records = options.instances * options.names;
    this.#failing = new Int32Array(options.instances);
    this.#isFailing = new Uint8Array(records);
    this.#isExpired = new Uint8Array(records);
    this.#stale = new Int32Array(options.instances);
    this.#isOver = new Uint8Array(records);
    this.#patienceEvent = new Float64Array(records).fill(noEvent);
    this.#graceEvent = new Float64Array(records).fill(noEvent);
    this.#group = controlPlane.join(
      new ClientGroup({
        name: 'registry-dns',
        describe: () => ({
          ...serviceAccountIdentity({ namespace: 'kube-system', name: 'registry-dns' }),
          ...(readsSlices
            ? { verb: 'list', apiGroup: 'discovery.k8s.io', resource: 'endpointslices' }
            : { verb: 'get', resource: 'endpoints' }),
          namespace: 'default',
        }),
        timeout: options.lookupTimeout,
        clients: options.instances,
        isInside: false,
        countsForAvailability: true,
        onReply: (record, status, retryAfter) => this.#attemptEnded(record, status, retryAfter),
      }),
    );
    this.#expire = simulation.timeout(`${name} record expires`, options.ttl, (record) => this.#expired(record));
    const grace = options.serveStale > 0 ? options.serveStale : options.patience;
    this.#grace =
      grace === forever
        ? undefined
        : simulation.timeout(`${name} grace ends`, grace, (record) => this.#graceEnded(record));
    const { serveStaleMode = 'immediate', patience, lookupTimeout } = options;
    const waits = serveStaleMode === 'verify' && options.serveStale > 0 && patience < lookupTimeout;
    this.#patience = waits
      ? simulation.timeout(`${name} patience ends`, patience, (record) => this.#setFailing(record, 1))
      : undefined;
    this.#paces = options.pace && new Paces(simulation, options.instances, options.pace);
    this.#send = simulation.event(`${name} lookup has its turn`, (record) => this.#sendNow(record));
    this.#again = simulation.event(`${name} attempt repeated`, (record) => this.#takeTurn(record));
    this.#attempts = new RequestRetries(records);
    this.#askedAt = new Float64Array(records);
    this.#retries = negativeTtls(options).map((each) =>
      simulation.timeout(`${name} lookup repeated`, each, (record) => this.#ask(record)),
    );
    this.#step = new Uint8Array(records);
    this.#fill(simulation.streams.get(`${name}/dns/phase`));
  }

  /** Queries sent to the API so far. */
  get queries(): number {
    return this.#queries;
  }

  get counts(): NameServiceCounts {
    return { records: this.#isFailing.length, failing: this.#failingTotal };
  }

  /** Records whose TTL is over and that do no harm yet. */
  get staleCount(): number {
    return this.#staleTotal;
  }

  /** Names that a node's instance holds. */
  get namesEach(): number {
    return this.#options.names;
  }

  /** Failing records of a node's instance. */
  failingOn(node: number): number {
    return this.#failing[this.instanceOf(node)]!;
  }

  /** Stale records of a node's instance. */
  staleOn(node: number): number {
    return this.#stale[this.instanceOf(node)]!;
  }

  /** Instances share the lookups evenly, names are equally popular; a request needs `lookups` different names. */
  failureShare(lookups = 1): number {
    if (this.#failingTotal === 0) return 0;
    const { instances, names } = this.#options;
    let share = 0;
    for (let instance = 0; instance < instances; instance++) {
      share += 1 - power(1 - this.#failing[instance]! / names, lookups);
    }
    return share / instances;
  }

  /** Exactly 0 or 1, as the record stands at the node's instance. */
  failureProbability(node: number, name: number): number {
    return this.#isFailing[this.instanceOf(node) * this.#options.names + name]!;
  }

  /** The instance that clients on a node ask: nodes are dealt to the instances in turn (assumed). */
  instanceOf(node: number): number {
    return node % this.#options.instances;
  }

  /** The tier has been running for long: ages are spread evenly over the TTL. */
  #fill(phase: Stream): void {
    const { ttl } = this.#options;
    const firstExpiry = this.#simulation.event('record filled before the run expires', (record) =>
      this.#expired(record),
    );
    for (let record = 0; record < this.#isFailing.length; record++) {
      const age = Math.floor(phase.uniform() * ttl) as Duration;
      firstExpiry.after(age, record);
    }
  }

  /** The record's TTL is over and somebody wants it: names here are popular, so that is at once. */
  #expired(record: number): void {
    this.#setExpired(record, 1);
    if (this.#grace !== undefined) this.#graceEvent[record] = this.#grace.start(record);
    this.#ask(record);
  }

  #ask(record: number): void {
    this.#askedAt[record] = this.#simulation.now;
    if (this.#patience !== undefined) this.#patienceEvent[record] = this.#patience.start(record);
    if (this.#paces === undefined) {
      this.#sendNow(record);
      return;
    }
    const instance = Math.floor(record / this.#options.names);
    if (this.#paces.wait(instance) >= this.#options.lookupTimeout) {
      this.#answered(record, Status.timedOut);
      return;
    }
    this.#takeTurn(record);
  }

  #takeTurn(record: number): void {
    const wait = this.#paces === undefined ? noTime : this.#paces.take(Math.floor(record / this.#options.names));
    if (wait === 0) this.#sendNow(record);
    else this.#send.after(wait, record);
  }

  #sendNow(record: number): void {
    this.#queries++;
    const instance = Math.floor(record / this.#options.names);
    const isRepetition = this.#isFailing[record] === 1 || this.#attempts.count(record) > 0;
    this.#controlPlane.send(this.#group, instance, this.#operation, record, isRepetition);
  }

  /** Its client, as client-go's, comes back when the server says so, and repeats a read whose connection broke. */
  #attemptEnded(record: number, status: number, retryAfterSeconds: number): void {
    const wait = this.#attempts.ended(record, 'read', status, retryAfterSeconds);
    if (wait >= 0 && this.#simulation.now + wait - this.#askedAt[record]! < this.#options.lookupTimeout) {
      this.#again.after(wait as Duration, record);
      return;
    }
    this.#attempts.reset(record);
    this.#answered(record, status);
  }

  #graceEnded(record: number): void {
    this.#isOver[record] = 1;
    this.#setFailing(record, 1);
  }

  #answered(record: number, status: number): void {
    if (this.#patience !== undefined) {
      this.#simulation.cancel(this.#patienceEvent[record]! as EventHandle);
      if (this.#isOver[record] === 0) this.#setFailing(record, 0);
    }
    if (status === Status.ok) {
      this.#isOver[record] = 0;
      this.#step[record] = 0;
      this.#simulation.cancel(this.#graceEvent[record]! as EventHandle);
      this.#setFailing(record, 0);
      this.#setExpired(record, 0);
      this.#expire.start(record);
      return;
    }
    if (this.#options.serveStale === noTime) {
      this.#simulation.cancel(this.#graceEvent[record]! as EventHandle);
      this.#setFailing(record, 1);
    }
    const step = this.#step[record]!;
    if (step + 1 < this.#retries.length) this.#step[record] = step + 1;
    this.#retries[step]!.start(record);
  }

  #setFailing(record: number, isFailing: 0 | 1): void {
    if (this.#isFailing[record] === isFailing) return;
    this.#isFailing[record] = isFailing;
    const change = isFailing === 1 ? 1 : -1;
    this.#failing[Math.floor(record / this.#options.names)]! += change;
    this.#failingTotal += change;
    if (this.#isExpired[record] === 1) this.#countStale(record, -change);
    if (isFailing === 1) this.#onFailed(record);
  }

  #setExpired(record: number, isExpired: 0 | 1): void {
    if (this.#isExpired[record] === isExpired) return;
    this.#isExpired[record] = isExpired;
    if (this.#isFailing[record] === 0) this.#countStale(record, isExpired === 1 ? 1 : -1);
  }

  #countStale(record: number, change: number): void {
    this.#stale[Math.floor(record / this.#options.names)]! += change;
    this.#staleTotal += change;
  }
}
