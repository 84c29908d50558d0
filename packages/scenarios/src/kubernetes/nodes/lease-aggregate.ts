/**
 * Lease renewals of many healthy nodes in batches, for control planes that are quiet most of the time. Every node keeps its
 * own times, drawn as they always are; what is left out is the way of most requests through a control plane that has
 * nothing to decide about them. From time to time, for a short window, every renewal takes its real way, and how long those
 * took is what the batches between the windows draw from.
 *
 *   | window |  batch  |  batch  | ...  |  batch  | window |  batch  | ...        time ->
 *   one by one   one event per batch: times drawn, CPU booked      and one by one from the first sign of trouble,
 *                                                                  until a whole window has been calm
 *
 * A batch is looked at when it is over: only nodes whose connection lives, and whose server then has its short way open,
 * are renewed by it. All others are sent, up to one batch late. See docs/decisions/0029-aggregated-leases.md for what this
 * may stand for.
 */
import { type Duration, type EventType, type Simulation, SimulationError, type Stream } from '@brownout/core';

/** Lengths of batches and windows. */
export interface LeaseAggregateOptions {
  /** Renewals due within so long are one batch. */
  readonly batch: Duration;
  /** From one window to the next, and how long each is: whole numbers of batches. */
  readonly windowEvery: Duration;
  readonly window: Duration;
  /** A renewal that takes longer, or fails, is trouble. */
  readonly calmLatency: Duration;
}

/** Batches of 100 ms, and half a second in ten one by one. */
export const usualLeaseAggregate: LeaseAggregateOptions = {
  batch: 100_000 as Duration,
  windowEvery: 10_000_000 as Duration,
  window: 500_000 as Duration,
  calmLatency: 50_000 as Duration,
};

/** The nodes, as far as batches look at them. */
export interface LeaseAggregateHost {
  /** Whether no server refuses its short way, so that batches make sense at all. */
  isQuiet(): boolean;
  /** Whether this node's renewal would take the short way of its server; asked only while `isQuiet`. */
  isConnected(node: number): boolean;
  /** Sends a renewal its real way, now. */
  renew(node: number): void;
  /** A renewal that a batch stands for: due at `due`, answered after `latency`; books it. */
  renewedInBatch(node: number, due: number, latency: number): void;
  /** Draws the time from an answer to the next renewal. */
  drawInterval(): Duration;
}

const NOBODY = -1;
/** Latencies kept for drawing: those of the last windows. */
const SAMPLES = 1024;

/** The renewal times of all nodes. */
export class LeaseAggregate {
  readonly #simulation: Simulation;
  readonly #options: LeaseAggregateOptions;
  readonly #host: LeaseAggregateHost;
  readonly #draw: Stream;
  readonly #renew: EventType;
  readonly #tick: EventType;
  /** When each node is due, and the lists of nodes by batch: a wheel of batches. */
  readonly #due: Float64Array;
  readonly #next: Int32Array;
  readonly #first: Int32Array;
  readonly #latencies: Float64Array = new Float64Array(SAMPLES);
  #sampled = 0;
  /** Number of the present batch, counted from time zero. */
  #batch = 0;
  #isBatching = false;
  #isDisturbed = false;
  /** Instant at which the present window, or the present stretch of batches, ends. */
  #until = 0;
  #batched = 0;
  #single = 0;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    longestInterval: Duration,
    options: LeaseAggregateOptions,
    host: LeaseAggregateHost,
  ) {
    checkOptions(name, options);
    this.#simulation = simulation;
    this.#options = options;
    this.#host = host;
    this.#draw = simulation.streams.get(`${name}/lease latency`);
    this.#due = new Float64Array(nodes);
    this.#next = new Int32Array(nodes).fill(NOBODY);
    this.#first = new Int32Array(Math.ceil(longestInterval / options.batch) + 3).fill(NOBODY);
    this.#renew = simulation.event(`${name} lease due`, (node) => this.#sendOne(node), 'arrival');
    this.#tick = simulation.event(`${name} lease batch`, () => this.#turn(), 'arrival');
    this.#batch = Math.floor(simulation.now / options.batch);
    this.#until = simulation.now + options.window;
    this.#tick.after((options.batch - (simulation.now % options.batch)) as Duration);
  }

  /** Renewals that batches stood for so far, and those sent one by one. */
  get counts(): { readonly batched: number; readonly single: number } {
    return { batched: this.#batched, single: this.#single };
  }

  /** Whether renewals are batched now. */
  get isBatching(): boolean {
    return this.#isBatching;
  }

  /** Notes when a node renews next. */
  add(node: number, due: number): void {
    const { batch } = this.#options;
    const number = Math.floor(due / batch);
    const ahead = number - this.#batch;
    if (ahead < 0 || ahead >= this.#first.length) {
      throw new SimulationError(
        `lease aggregate: expected a renewal within the ${this.#first.length} batches from ${this.#batch} on, got ${number}`,
      );
    }
    this.#due[node] = due;
    if (ahead === 0 && !this.#isBatching) {
      this.#renew.at(due as never, node);
      return;
    }
    const place = number % this.#first.length;
    this.#next[node] = this.#first[place]!;
    this.#first[place] = node;
  }

  /** The answer of a renewal that took its real way and was the first attempt; tells the time it took, in microseconds. */
  answered(node: number, isOk: boolean): number {
    const latency = this.#simulation.now - this.#due[node]!;
    if (!isOk || latency > this.#options.calmLatency) this.#isDisturbed = true;
    else this.#latencies[this.#sampled++ % SAMPLES] = latency;
    return latency;
  }

  /** Something has failed: renewals go one by one from the next batch on. */
  disturb(): void {
    this.#isDisturbed = true;
  }

  /** Books what was due up to now, so that renewal times can be read exactly. */
  settle(): void {
    if (!this.#isBatching) return;
    const { now } = this.#simulation;
    const place = this.#batch % this.#first.length;
    const isQuiet = this.#host.isQuiet();
    let node = this.#first[place]!;
    this.#first[place] = NOBODY;
    while (node !== NOBODY) {
      const after = this.#next[node]!;
      if (this.#due[node]! > now) {
        this.#next[node] = this.#first[place]!;
        this.#first[place] = node;
      } else {
        this.#renewOne(node, isQuiet);
      }
      node = after;
    }
    if (!isQuiet) this.#isDisturbed = true;
  }

  /** One batch is over and the next begins. */
  #turn(): void {
    const { now } = this.#simulation;
    this.settle();
    this.#batch++;
    this.#tick.after(this.#options.batch);
    this.#decide(now);
    if (!this.#isBatching) this.#sendOut();
  }

  #decide(now: number): void {
    const { window, windowEvery } = this.#options;
    const isOver = now >= this.#until;
    if (this.#isBatching ? isOver || this.#isDisturbed : isOver && this.#isDisturbed) {
      this.#isBatching = false;
      this.#isDisturbed = false;
      this.#until = now + window;
    } else if (!this.#isBatching && isOver && this.#sampled > 0 && this.#host.isQuiet()) {
      this.#isBatching = true;
      this.#until = now + windowEvery - window;
    }
  }

  /** Everybody due in the present batch takes the real way, each in its own time. */
  #sendOut(): void {
    const place = this.#batch % this.#first.length;
    let node = this.#first[place]!;
    this.#first[place] = NOBODY;
    while (node !== NOBODY) {
      this.#renew.at(this.#due[node]! as never, node);
      node = this.#next[node]!;
    }
  }

  #renewOne(node: number, isQuiet: boolean): void {
    if (!isQuiet || !this.#host.isConnected(node)) {
      this.#isDisturbed = true;
      this.#sendOne(node);
      return;
    }
    const known = Math.min(this.#sampled, SAMPLES);
    const due = this.#due[node]!;
    const latency = this.#latencies[Math.floor(this.#draw.uniform() * known)]!;
    this.#batched++;
    this.#host.renewedInBatch(node, due, latency);
    this.add(node, due + latency + this.#host.drawInterval());
  }

  #sendOne(node: number): void {
    this.#single++;
    this.#host.renew(node);
  }
}

function checkOptions(name: string, { batch, window, windowEvery, calmLatency }: LeaseAggregateOptions): void {
  if (!(batch > 0)) throw new RangeError(`lease aggregate "${name}": batch must be > 0, got ${batch} us`);
  if (!(window >= batch && window % batch === 0)) {
    throw new RangeError(`lease aggregate "${name}": window must be a multiple of ${batch} us, got ${window} us`);
  }
  if (!(windowEvery > window && windowEvery % batch === 0)) {
    const expected = `a multiple of ${batch} us and > ${window} us`;
    throw new RangeError(`lease aggregate "${name}": windowEvery must be ${expected}, got ${windowEvery} us`);
  }
  if (!(calmLatency > 0)) {
    throw new RangeError(`lease aggregate "${name}": calmLatency must be > 0, got ${calmLatency} us`);
  }
}
