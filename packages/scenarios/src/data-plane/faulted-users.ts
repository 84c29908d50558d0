/**
 * Users behind faults: what the faults of the moment take is lost before the data plane sees it; the rest fares as there.
 * Rates once a second, exact for the patience of the population; a few sampled requests beside them tell what one request
 * goes through. Asked = served + refused + abandoned + unresolved + inside. Where no fault is planned they may be made asleep:
 * until somebody wakes them they show what is behind them, and the run is as without them.
 */
import {
  type Duration,
  type EventType,
  JobPool,
  seconds,
  type Simulation,
  SimulationError,
  type Stream,
} from '@brownout/core';
import type { RequestFate, RequestFaults } from './request-faults.ts';
import type { Product, UserDownloads, UserTraffic } from './user-traffic.ts';

/** What has become of the sampled requests of one product. */
export interface FaultedCounts {
  readonly asked: number;
  readonly served: number;
  readonly refused: number;
  readonly abandoned: number;
  readonly unresolved: number;
  readonly inside: number;
}

/** Whom the users tell. */
export interface FaultedUsersObserver {
  /** A sampled request was lost. */
  requestLost(site: number, product: number, fate: RequestFate): void;
}

const STEP: Duration = seconds(1);
const endings = ['served', 'refused', 'abandoned', 'unresolved'] as const;

/** The users of all products as everybody sees them. */
export class FaultedUsers implements UserTraffic {
  readonly products: readonly Product[];
  readonly resize?: (site: number, share: number) => void;
  readonly limitStartUps?: (site: number, count: number) => void;
  readonly warmCaches?: (site: number) => void;
  readonly readDownloads?: (site: number) => UserDownloads | undefined;
  readonly #requests: Float64Array;
  readonly #failures: Float64Array;
  readonly #simulation: Simulation;
  readonly #users: UserTraffic;
  readonly #faults: RequestFaults;
  readonly #samplesPerSecond: number;
  readonly #observer: FaultedUsersObserver;
  readonly #dice: Stream;
  readonly #step: EventType;
  readonly #ended: EventType;
  readonly #rows: JobPool = new JobPool('requests behind faults');
  readonly #fate: RequestFate[] = [];
  readonly #cell: number[] = [];
  readonly #asked: Float64Array;
  /** By product and ending. */
  readonly #counts: Float64Array;
  readonly #seenRequests: Float64Array;
  readonly #seenFailures: Float64Array;
  /** Share of the requests of the second that is under way that is lost, by cell: as it was when it began. */
  readonly #lost: Float64Array;
  #isAwake = false;

  /** `users` must have been made before: its second ends first. */
  constructor(
    simulation: Simulation,
    users: UserTraffic,
    faults: RequestFaults,
    parts: {
      readonly samplesPerSecond: number;
      readonly observer: FaultedUsersObserver;
      /** Default false. */
      readonly isAsleep?: boolean;
    },
  ) {
    this.#simulation = simulation;
    this.products = users.products;
    this.#users = users;
    if (users.resize !== undefined) this.resize = (site, share) => users.resize!(site, share);
    if (users.limitStartUps !== undefined) this.limitStartUps = (site, count) => users.limitStartUps!(site, count);
    if (users.warmCaches !== undefined) this.warmCaches = (site) => users.warmCaches!(site);
    if (users.readDownloads !== undefined) this.readDownloads = (site) => users.readDownloads!(site);
    this.#faults = faults;
    this.#samplesPerSecond = parts.samplesPerSecond;
    this.#observer = parts.observer;
    this.#dice = simulation.streams.get('users/faults');
    const cells = users.requests.length;
    this.#requests = new Float64Array(cells);
    this.#failures = new Float64Array(cells);
    this.#seenRequests = new Float64Array(cells);
    this.#seenFailures = new Float64Array(cells);
    this.#lost = new Float64Array(cells);
    this.#asked = new Float64Array(this.products.length);
    this.#counts = new Float64Array(this.products.length * endings.length);
    this.#step = simulation.event('user traffic behind faults', () => this.#pass());
    this.#ended = simulation.event('request behind faults ends', (row) => this.#end(row));
    if (parts.isAsleep !== true) this.#begin();
  }

  get requests(): Float64Array {
    return this.#isAwake ? this.#requests : this.#users.requests;
  }

  get failures(): Float64Array {
    return this.#isAwake ? this.#failures : this.#users.failures;
  }

  /** Faults may begin from now on; their first second is the next whole one. */
  wake(): void {
    if (this.#isAwake) return;
    for (const [own, of] of [
      [this.#requests, this.#users.requests],
      [this.#failures, this.#users.failures],
      [this.#seenRequests, this.#users.requests],
      [this.#seenFailures, this.#users.failures],
    ] as const) {
      own.set(of);
    }
    this.#begin();
  }

  weight(site: number): number {
    return this.#users.weight(site);
  }

  isAvoided(site: number): boolean {
    return this.#users.isAvoided(site);
  }

  failureShare(site: number): number {
    return this.#withFaults(site, this.#users.failureShare(site));
  }

  ownFailureShare(site: number): number {
    return this.#withFaults(site, this.#users.ownFailureShare?.(site) ?? this.#users.failureShare(site));
  }

  steer(site: number, isAvoided: boolean): void {
    this.#users.steer(site, isAvoided);
  }

  /** Counts of the sampled requests of a product. */
  counts(product: number): FaultedCounts {
    const [served, refused, abandoned, unresolved] = endings.map((_, i) => this.#counts[product * endings.length + i]!);
    const asked = this.#asked[product]!;
    const ended = served! + refused! + abandoned! + unresolved!;
    return {
      asked,
      served: served!,
      refused: refused!,
      abandoned: abandoned!,
      unresolved: unresolved!,
      inside: asked - ended,
    };
  }

  checkBooks(): void {
    this.#users.checkBooks();
    let inside = 0;
    for (let product = 0; product < this.products.length; product++) inside += this.counts(product).inside;
    if (inside === this.#rows.inUse) return;
    throw new SimulationError(`requests behind faults: ${inside} should be under way, found ${this.#rows.inUse}`);
  }

  /** What fails behind the faults and in them, given the share that fails behind. */
  #withFaults(site: number, behind: number): number {
    if (!this.#faults.isAny) return behind;
    let lost = 0;
    let all = 0;
    this.products.forEach(({ requestsPerSecond }, product) => {
      lost += requestsPerSecond * this.#faults.lostShare(site, product);
      all += requestsPerSecond;
    });
    return all === 0 ? behind : 1 - (1 - behind) * (1 - lost / all);
  }

  #begin(): void {
    this.#isAwake = true;
    this.#step.after((STEP - (this.#simulation.now % STEP)) as Duration);
  }

  #pass(): void {
    this.#step.after(STEP);
    const { requests, failures } = this.#users;
    for (let cell = 0; cell < requests.length; cell++) {
      const asked = requests[cell]! - this.#seenRequests[cell]!;
      const failed = failures[cell]! - this.#seenFailures[cell]!;
      this.#seenRequests[cell] = requests[cell]!;
      this.#seenFailures[cell] = failures[cell]!;
      this.#requests[cell]! += asked;
      // What is lost at the door would have failed behind it with the same probability.
      this.#failures[cell]! += failed + (asked - failed) * this.#lost[cell]!;
      const site = Math.floor(cell / this.products.length);
      this.#lost[cell] = this.#faults.lostShare(site, cell % this.products.length);
      if (this.#faults.isAny) this.#sample(cell, site);
    }
  }

  /** Requests of the second that begins, at random moments of it. */
  #sample(cell: number, site: number): void {
    const product = cell % this.products.length;
    let count = Math.floor(this.#samplesPerSecond * this.#users.weight(site) + this.#dice.uniform());
    for (; count > 0; count--) {
      const fate = this.#faults.draw(site, product, this.#dice);
      const row = this.#rows.take();
      this.#fate[row] = fate;
      this.#cell[row] = cell;
      this.#asked[product]!++;
      const start = Math.floor(this.#dice.uniform() * STEP);
      this.#ended.after((start + fate.after) as Duration, row);
    }
  }

  #end(row: number): void {
    const fate = this.#fate[row]!;
    const cell = this.#cell[row]!;
    const product = cell % this.products.length;
    this.#rows.release(row);
    this.#counts[product * endings.length + endings.indexOf(fate.ending)]!++;
    if (fate.ending !== 'served') this.#observer.requestLost(Math.floor(cell / this.products.length), product, fate);
  }
}
