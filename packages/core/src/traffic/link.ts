import { Fifo } from '../queueing/fifo.ts';
import type { DurationDistribution } from '../random/durations.ts';
import type { Stream } from '../random/stream.ts';
import type { EventType, Simulation } from '../simulation.ts';
import { forever, noTime, type Duration, type Instant } from '../time.ts';
import { asDistribution } from './fixed-duration.ts';

/**
 * One direction of a network path. A message is an integer: it is first put on the wire (bandwidth, one after the
 * other), then travels (delay), and is then delivered, lost, or held back by a partition.
 *
 *   send ─> [backlog] ─> wire (bytes / bytesPerSecond) ─> delay ─┬─> deliver
 *              └─ full: lost                                     ├─> lost (probability, or partition)
 *                                                                └─> held until the partition heals
 *
 * A loss is told at the instant at which the message would have arrived, so that nothing happens inside `send`.
 */
export interface LinkOptions {
  readonly name: string;
  readonly delay: Duration | DurationDistribution;
  /** Probability that a message is lost, independently of all others; default 0. */
  readonly lossProbability?: number;
  /** Speed of the wire; default Infinity. */
  readonly bytesPerSecond?: number;
  /** A message that would wait longer than this for the wire is lost (tail drop); default `forever`. */
  readonly backlogLimit?: Duration;
  /** `fifo`: a message never overtakes an earlier one (one connection). `any` (default): each travels by itself. */
  readonly order?: 'fifo' | 'any';
  /**
   * What a partition does to messages, judged at the instant at which they would arrive: `lost` (default; datagrams,
   * or connections that break), or `held` (a connection that retransmits): delivered in order, one delay after healing.
   */
  readonly duringPartition?: 'lost' | 'held';
  readonly onDelivered: (message: number) => void;
  /** Default: nobody is told, as in a real network. */
  readonly onLost?: (message: number, reason: LossReason) => void;
}

/** Why a message did not arrive. */
export type LossReason = 'chance' | 'partition' | 'backlog';

/** A one-way link. Always: sent = delivered + lost + held + inFlight. */
export class Link {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #bytesPerSecond: number;
  readonly #backlogLimit: Duration;
  readonly #isFifo: boolean;
  readonly #holds: boolean;
  readonly #onDelivered: (message: number) => void;
  readonly #onLost: ((message: number, reason: LossReason) => void) | undefined;
  readonly #delays: Stream;
  readonly #losses: Stream;
  readonly #arrival: EventType;
  readonly #chanceLoss: EventType;
  readonly #backlogLoss: EventType;
  readonly #heldMessages: Fifo = new Fifo();
  /** Place WIRE: when the wire is free, in microseconds with fractions; LAST: the latest arrival planned so far. */
  readonly #times: Float64Array = new Float64Array(2);
  #delay: DurationDistribution;
  #lossProbability = 0;
  #isPartitioned = false;
  #sent = 0;
  #delivered = 0;
  #lost = 0;

  constructor(simulation: Simulation, options: LinkOptions) {
    const { name, bytesPerSecond = Infinity, backlogLimit = forever } = options;
    if (!(bytesPerSecond > 0))
      throw new RangeError(`link "${name}": bytesPerSecond must be > 0, got ${bytesPerSecond}`);
    if (!(backlogLimit >= 0)) throw new RangeError(`link "${name}": backlogLimit must be >= 0, got ${backlogLimit} us`);
    this.name = name;
    this.#simulation = simulation;
    this.#bytesPerSecond = bytesPerSecond;
    this.#backlogLimit = backlogLimit;
    this.#isFifo = options.order === 'fifo';
    this.#holds = options.duringPartition === 'held';
    this.#onDelivered = options.onDelivered;
    this.#onLost = options.onLost;
    this.#delays = simulation.streams.get(`${name}/delay`);
    this.#losses = simulation.streams.get(`${name}/loss`);
    this.#arrival = simulation.event(`${name} arrival`, (message) => this.#arrive(message), 'arrival');
    this.#chanceLoss = simulation.event(`${name} loss`, (message) => this.#lose(message, 'chance'), 'arrival');
    this.#backlogLoss = simulation.event(`${name} drop`, (message) => this.#lose(message, 'backlog'), 'arrival');
    this.#delay = asDistribution(`link "${name}": delay`, options.delay);
    this.setLossProbability(options.lossProbability ?? 0);
  }

  get sent(): number {
    return this.#sent;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get lost(): number {
    return this.#lost;
  }

  /** Messages a partition holds back. */
  get held(): number {
    return this.#heldMessages.size;
  }

  /** Messages on the wire or travelling, those included whose loss has not been told yet. */
  get inFlight(): number {
    return this.#sent - this.#delivered - this.#lost - this.#heldMessages.size;
  }

  get isPartitioned(): boolean {
    return this.#isPartitioned;
  }

  /** Sends a message of `bytes` (default 0: it takes no time on the wire). */
  send(message: number, bytes = 0): void {
    if (!(bytes >= 0)) throw new RangeError(`link "${this.name}": bytes must be >= 0, got ${bytes}`);
    const now = this.#simulation.now;
    this.#sent++;
    const onWire = Math.max(now, this.#times[WIRE]!);
    if (onWire - now > this.#backlogLimit) {
      this.#backlogLoss.after(noTime, message);
      return;
    }
    const offWire = onWire + (bytes / this.#bytesPerSecond) * 1_000_000;
    this.#times[WIRE] = offWire;
    this.#travel(message, Math.round(offWire));
  }

  /** Cuts the link. Cutting it twice does nothing. */
  partition(): void {
    this.#isPartitioned = true;
  }

  /** Restores the link; what it held travels now, in order. */
  heal(): void {
    this.#isPartitioned = false;
    for (let left = this.#heldMessages.size; left > 0; left--) {
      this.#travel(this.#heldMessages.shift(), this.#simulation.now);
    }
  }

  /** From now on another delay; messages under way keep theirs. */
  setDelay(delay: Duration | DurationDistribution): void {
    this.#delay = asDistribution(`link "${this.name}": delay`, delay);
  }

  /** From now on another probability of loss. */
  setLossProbability(probability: number): void {
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`link "${this.name}": lossProbability must be in [0, 1], got ${probability}`);
    }
    this.#lossProbability = probability;
  }

  /** One uniform for the loss and one draw of the delay for every message, lost or not: both stay aligned. */
  #travel(message: number, from: number): void {
    const isLost = this.#losses.uniform() < this.#lossProbability;
    let arrival = from + this.#delay.sample(this.#delays);
    if (this.#isFifo) {
      arrival = Math.max(arrival, this.#times[LAST]!);
      this.#times[LAST] = arrival;
    }
    (isLost ? this.#chanceLoss : this.#arrival).at(arrival as Instant, message);
  }

  #arrive(message: number): void {
    if (!this.#isPartitioned) {
      this.#delivered++;
      this.#onDelivered(message);
    } else if (this.#holds) {
      this.#heldMessages.push(message);
    } else {
      this.#lose(message, 'partition');
    }
  }

  #lose(message: number, reason: LossReason): void {
    this.#lost++;
    this.#onLost?.(message, reason);
  }
}

const WIRE = 0;
const LAST = 1;
