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
import { type Duration, type EventType, realZero, type Simulation, type Stream } from '@brownout/core';
import { checkLeaseAggregate, type LeaseAggregateOptions } from './lease-aggregate-options.ts';
import type { LeaseBooking } from './lease-booking.ts';
import { LeaseWheel, nobody } from './lease-wheel.ts';

/** The nodes, as far as batches look at them. */
export interface LeaseAggregateHost {
  /** 1 while a node exists; others are forgotten when they are due. */
  readonly exists: Uint8Array;
  /** A batch is over; told before anything is decided. */
  batchEnds?(): void;
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
  /** How the renewals of a batch may be booked together, while `isQuiet`; undefined or absent: only one by one. */
  booking?(): LeaseBooking | undefined;
}

/** Latencies kept for drawing, and how many are needed at least. */
const SAMPLES = 256;
const FEWEST_SAMPLES = 16;
/** After some trouble renewals must on average take at most so many times what they took before it ... */
const AS_BEFORE = 1.5;
/** ... for batches to start again; after so many windows what is slower is taken for the new normal. */
const PATIENCE = 60;

/** The renewal times of all nodes. */
export class LeaseAggregate {
  readonly #simulation: Simulation;
  readonly #options: LeaseAggregateOptions;
  readonly #host: LeaseAggregateHost;
  readonly #draw: Stream;
  readonly #renew: EventType;
  readonly #tick: EventType;
  readonly #wheel: LeaseWheel;
  /** Latencies of the last calm windows. */
  readonly #latencies: Float64Array = new Float64Array(SAMPLES);
  #sampled = 0;
  /** The first batch of a window finds a control plane without the other requests: nothing is learnt from it. */
  #sampleFrom: number;
  /** Mean latency when batches last began, 0 = never; windows since some trouble ended them, -1 = none did. */
  #usual = realZero;
  #windowsSince = -1;
  #isBatching = false;
  #isDisturbed = false;
  /** Instant at which the present window, or the present stretch of batches, ends. */
  #until = realZero;
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
    checkLeaseAggregate(name, options);
    this.#simulation = simulation;
    this.#options = options;
    this.#host = host;
    this.#draw = simulation.streams.get(`${name}/lease latency`);
    this.#wheel = new LeaseWheel(nodes, options.batch, longestInterval, simulation.now);
    this.#renew = simulation.event(`${name} lease due`, (node) => this.#sendOne(node), 'arrival');
    this.#tick = simulation.event(`${name} lease batch`, () => this.#turn(), 'arrival');
    this.#until = simulation.now + options.window;
    this.#sampleFrom = simulation.now + options.batch;
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
    if (this.#wheel.put(node, due)) return;
    if (this.#isBatching) this.#wheel.keep(node);
    else this.#renew.at(due as never, node);
  }

  /** A renewal that took its real way is done at its first attempt; tells the time it took, in microseconds. */
  answered(node: number): number {
    const due = this.#wheel.dueOf(node);
    const latency = this.#simulation.now - due;
    if (latency > this.#options.calmLatency) this.#isDisturbed = true;
    else if (!this.#isBatching && due >= this.#sampleFrom) this.#latencies[this.#sampled++ % SAMPLES] = latency;
    return latency;
  }

  /** Something has failed: renewals go one by one from the next batch on. */
  disturb(): void {
    this.#isDisturbed = true;
  }

  /** Books what was answered up to now, so that renewal times can be read exactly. */
  settle(): void {
    if (!this.#isBatching) return;
    const isQuiet = this.#host.isQuiet();
    if (!isQuiet) this.#isDisturbed = true;
    let node = this.#wheel.take();
    const booking = isQuiet && node !== nobody ? this.#host.booking?.() : undefined;
    if (booking !== undefined) node = this.#settleTogether(node, booking);
    while (node !== nobody) {
      const after = this.#wheel.nextOf(node);
      if (this.#host.exists[node] === 1) this.#settleOne(node, isQuiet);
      node = after;
    }
  }

  /** One batch is over and the next begins; whoever still waits for an answer goes along. */
  #turn(): void {
    this.#host.batchEnds?.();
    this.settle();
    let node = this.#wheel.take();
    this.#wheel.batch++;
    while (node !== nobody) {
      const after = this.#wheel.nextOf(node);
      this.#wheel.keep(node);
      node = after;
    }
    this.#tick.after(this.#options.batch);
    this.#decide(this.#simulation.now);
    if (!this.#isBatching) this.#sendOut();
  }

  #decide(now: number): void {
    const isOver = now >= this.#until;
    if (this.#isBatching) {
      if (this.#isDisturbed || isOver) this.#openWindow(now);
    } else if (isOver) {
      if (this.#isDisturbed || !this.#isAsUsual()) this.#openWindow(now);
      else if (this.#sampled >= FEWEST_SAMPLES && this.#host.isQuiet()) this.#startBatches(now);
    }
  }

  #startBatches(now: number): void {
    this.#isBatching = true;
    this.#usual = this.#meanLatency();
    this.#windowsSince = -1;
    this.#until = now + this.#options.windowEvery - this.#options.window;
  }

  /** What was learnt before some trouble says nothing about what comes after it. */
  #openWindow(now: number): void {
    if (this.#isDisturbed) {
      this.#sampled = 0;
      this.#windowsSince = 0;
    }
    this.#isBatching = false;
    this.#isDisturbed = false;
    this.#until = now + this.#options.window;
    this.#sampleFrom = now + this.#options.batch;
  }

  /** After some trouble: whether renewals are about as fast as they were, or have been slower for long. */
  #isAsUsual(): boolean {
    if (this.#windowsSince < 0 || this.#usual === 0 || this.#sampled < FEWEST_SAMPLES) return true;
    if (this.#meanLatency() <= AS_BEFORE * this.#usual) return true;
    if (++this.#windowsSince > PATIENCE) return true;
    this.#sampled = 0;
    return false;
  }

  #meanLatency(): number {
    const known = Math.min(this.#sampled, SAMPLES);
    let sum = 0;
    for (let i = 0; i < known; i++) sum += this.#latencies[i]!;
    return sum / known;
  }

  /** Everybody due in the present batch takes the real way, each in its own time. */
  #sendOut(): void {
    let node = this.#wheel.take();
    while (node !== nobody) {
      const after = this.#wheel.nextOf(node);
      if (this.#wheel.drawnOf(node) >= 0) this.#renewInBatch(node);
      else this.#renew.at(this.#wheel.dueOf(node) as never, node);
      node = after;
    }
  }

  /** What `#settleOne` would do with each node, as far as nothing but a renewal is to be sent; answers the first that it leaves. */
  #settleTogether(first: number, booking: LeaseBooking): number {
    const { now } = this.#simulation;
    const { exists } = this.#host;
    const wheel = this.#wheel;
    const { renewedAt } = booking;
    const known = Math.min(this.#sampled, SAMPLES);
    let node = first;
    for (let after = nobody; node !== nobody; node = after) {
      after = wheel.nextOf(node);
      if (exists[node] === 0) continue;
      const from = wheel.dueOf(node);
      if (from > now) {
        wheel.keep(node);
        continue;
      }
      let latency = wheel.drawnOf(node);
      let server = -1;
      if (latency < 0) {
        server = booking.serverOf(node);
        if (server < 0 || booking.hasMoreToDo(node)) break;
        latency = this.#latencies[Math.floor(this.#draw.uniform() * known)]!;
      }
      if (from + latency > now) {
        wheel.setDrawn(node, latency);
        wheel.keep(node);
        continue;
      }
      // One that was sent in an earlier batch is answered, whatever has become of its connection.
      if (server < 0) server = Math.max(0, booking.serverOf(node));
      wheel.setDrawn(node, -1);
      this.#batched++;
      renewedAt[node] = from + latency;
      booking.renewed(node, server);
      this.add(node, from + latency + this.#host.drawInterval());
    }
    booking.book();
    return node;
  }

  #settleOne(node: number, isQuiet: boolean): void {
    const { now } = this.#simulation;
    if (this.#wheel.dueOf(node) > now) {
      this.#wheel.keep(node);
      return;
    }
    if (this.#wheel.drawnOf(node) < 0) {
      if (!isQuiet || !this.#host.isConnected(node)) {
        this.#isDisturbed = true;
        this.#wheel.setDue(node, now);
        this.#sendOne(node);
        return;
      }
      const known = Math.min(this.#sampled, SAMPLES);
      this.#wheel.setDrawn(node, this.#latencies[Math.floor(this.#draw.uniform() * known)]!);
    }
    if (this.#wheel.dueOf(node) + this.#wheel.drawnOf(node) > now) this.#wheel.keep(node);
    else this.#renewInBatch(node);
  }

  #renewInBatch(node: number): void {
    const due = this.#wheel.dueOf(node);
    const latency = this.#wheel.drawnOf(node);
    this.#wheel.setDrawn(node, -1);
    this.#batched++;
    this.#host.renewedInBatch(node, due, latency);
    this.add(node, due + latency + this.#host.drawInterval());
  }

  #sendOne(node: number): void {
    this.#single++;
    this.#host.renew(node);
  }
}
