/**
 * The lease loops of kubelets while nobody can hear them (connections/outlook.ts): each goes on with its attempts, time-outs
 * and waits, which depend on nothing but its own times then. They are worked through here, at the latest with each batch of
 * renewals, and booked at the instants at which they would have happened; once somebody may hear them again, every loop goes
 * on with events from where it is. What is left out are two turns of the calendar and a row of the table of requests for
 * every attempt. See docs/decisions/0055-unheard-renewals.md.
 *
 *   sending --at once--> unanswered --time-out--> sending ...     no server in rotation
 *                   \--> refused --round trip---> sending ...     none in rotation takes connections
 */
import type { Duration, EventType, Instant, Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import { Outcome, type Outlook, type UnheardAttempts } from '../connections/outlook.ts';
import { Status } from '../requests/api-request.ts';

/** Times of the loop. */
export interface UnheardOptions {
  /** Round trip between client and server. */
  readonly roundTrip: Duration;
  /** Nodes are kept by the batch in which something happens to them. */
  readonly batch: Duration;
  /** Wait after so many failed attempts in a row, from 1 to 255. */
  readonly waitAfter: (failures: number) => Duration;
}

/** The kubelets, as far as it looks at them. */
export interface UnheardParts {
  readonly outlook: Outlook;
  readonly leases: ClientGroup;
  /** The number that `leases` sends with. */
  readonly leaseGroup: number;
  /** 1 while a node exists. */
  readonly exists: Uint8Array;
  /** Failed attempts in a row, up to 255. */
  readonly attempts: Uint8Array;
  /** Whether a node has a connection: its next attempt need not dial. */
  readonly isConnected: (node: number) => boolean;
  /** The next attempt of a node, by an event. */
  readonly retryAt: (instant: Instant, node: number) => void;
  /** An attempt has ended, now. */
  readonly ended: (node: number, status: Status) => void;
  /** Instant of the last successful renewal of each node's lease, 0 = there was none. */
  readonly renewedAt: Float64Array;
  /** Attempts of a node will fail from now on. */
  readonly fails: (node: number) => void;
  /** Nodes that had renewed before have failed, and will try again. */
  readonly disturbed: () => void;
}

const NOBODY = -1;
/** What happens to a node next: it sends, or its attempt ends. */
const SENDING = 1;
const UNANSWERED = 2;
const REFUSED = 3;
/** Attempts of a node of which it is known how they ended. */
const REMEMBERED = 32;

/** See the head of this file. */
export class UnheardRenewals implements UnheardAttempts {
  readonly group: number;
  readonly #simulation: Simulation;
  readonly #parts: UnheardParts;
  readonly #roundTrip: number;
  readonly #batch: number;
  readonly #patience: number;
  /** By failures in a row. */
  readonly #waits: Float64Array;
  /** What happens to a node next, and when. */
  readonly #state: Uint8Array;
  readonly #at: Float64Array;
  /** Which of its last attempts were refused, a bit for each, the last one the lowest. */
  readonly #refusals: Uint32Array;
  /** How many of them are known, and how many failures there had been after the last one. */
  readonly #known: Uint8Array;
  readonly #failures: Uint8Array;
  /** How many nodes had come here before it. */
  readonly #order: Float64Array;
  /** Lists of nodes by batch, from batch `#from` on. */
  readonly #next: Int32Array;
  readonly #first: Int32Array;
  readonly #unanswered: EventType;
  readonly #refused: EventType;
  /** What one settlement has done. */
  readonly #done = { events: 0, refusals: 0, isDisturbed: false };
  /** The outlook while there are nodes here. */
  #outlook: Outcome = Outcome.open;
  #from = 0;
  #arrivals = 0;
  #count = 0;
  #waiting = 0;

  constructor(simulation: Simulation, name: string, options: UnheardOptions, parts: UnheardParts) {
    const nodes = parts.exists.length;
    this.group = parts.leaseGroup;
    this.#simulation = simulation;
    this.#parts = parts;
    this.#roundTrip = options.roundTrip;
    this.#batch = options.batch;
    this.#patience = Math.min(parts.leases.timeout, parts.leases.dialTimeout);
    this.#waits = Float64Array.from({ length: 256 }, (_, count) => (count === 0 ? 0 : options.waitAfter(count)));
    this.#state = new Uint8Array(nodes);
    this.#at = new Float64Array(nodes);
    this.#refusals = new Uint32Array(nodes);
    this.#known = new Uint8Array(nodes);
    this.#failures = new Uint8Array(nodes);
    this.#order = new Float64Array(nodes);
    this.#next = new Int32Array(nodes).fill(NOBODY);
    const longest = Math.max(this.#patience, this.#roundTrip, ...this.#waits);
    this.#first = new Int32Array(Math.ceil(longest / options.batch) + 3).fill(NOBODY);
    this.#unanswered = simulation.event(`${name} renewal unanswered`, (node) => this.#end(node, Status.timedOut));
    this.#refused = simulation.event(`${name} renewal refused`, (node) => this.#end(node, Status.refused));
    parts.outlook.join(this);
  }

  /** Attempts whose node waits for an answer. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes the attempt that a node is about to make, if nobody can hear it. */
  takes(node: number): boolean {
    const { outlook, leases, isConnected, fails, attempts } = this.#parts;
    const failures = attempts[node]!;
    const { now } = this.#simulation;
    const outcome = outlook.of(leases);
    if (outcome === Outcome.open || isConnected(node)) return false;
    if (this.#count === 0) this.#from = Math.floor(now / this.#batch);
    this.#outlook = outcome;
    this.#count++;
    this.#at[node] = now;
    this.#order[node] = this.#arrivals++;
    if (failures === 0 || failures !== this.#failures[node]) this.#known[node] = 0;
    fails(node);
    this.#send(node, failures);
    if (outcome === Outcome.refusal) outlook.dialledInVain(1);
    this.#put(node);
    return true;
  }

  settle(): void {
    if (this.#count === 0) return;
    const { now } = this.#simulation;
    const last = Math.floor(now / this.#batch);
    const done = this.#done;
    done.events = 0;
    done.refusals = 0;
    done.isDisturbed = false;
    for (; ; this.#from++) {
      const place = this.#from % this.#first.length;
      let node = this.#first[place]!;
      this.#first[place] = NOBODY;
      while (node !== NOBODY) {
        const after = this.#next[node]!;
        if (this.#at[node]! > now || this.#advance(node, now)) this.#put(node);
        else this.#count--;
        node = after;
      }
      if (this.#from >= last) break;
    }
    if (done.events > 0) this.#simulation.bookEvents(done.events);
    if (done.refusals > 0) this.#parts.outlook.dialledInVain(done.refusals);
    if (done.isDisturbed) this.#parts.disturbed();
  }

  outlookChanged(): void {
    if (this.#count === 0) return;
    this.settle();
    const outcome = this.#parts.outlook.of(this.#parts.leases);
    if (outcome === Outcome.open) this.#letGo();
    else this.#outlook = outcome;
  }

  /** All that happens to a node up to `now`; false when it is not here any more. */
  #advance(node: number, now: number): boolean {
    const { exists, attempts, leases, renewedAt } = this.#parts;
    const done = this.#done;
    let failures = attempts[node]!;
    let isHere = true;
    // What others do at this very instant comes before what a client sends.
    while (this.#at[node]! < now || (this.#at[node] === now && this.#state[node] !== SENDING)) {
      done.events++;
      if (this.#state[node] !== SENDING) {
        this.#waiting--;
        leases.ended[this.#state[node] === REFUSED ? Status.refused : Status.timedOut]! += 1;
        if (failures < 255) failures++;
        this.#state[node] = SENDING;
        this.#at[node]! += this.#waits[failures]!;
      } else if (exists[node] === 0) {
        isHere = false;
        break;
      } else {
        if (this.#outlook === Outcome.refusal) done.refusals++;
        this.#send(node, failures);
      }
    }
    if (failures >= 2) leases.disconnect(node);
    if (failures > attempts[node]! && renewedAt[node] !== 0) done.isDisturbed = true;
    attempts[node] = failures;
    return isHere;
  }

  /** An attempt begins, at the instant of its node, after so many failures. */
  #send(node: number, failures: number): void {
    const { leases } = this.#parts;
    leases.sent++;
    if (failures === 0) leases.firstAttempts++;
    this.#waiting++;
    const isRefused = this.#outlook === Outcome.refusal;
    if (isRefused) leases.disconnect(node);
    this.#state[node] = isRefused ? REFUSED : UNANSWERED;
    this.#refusals[node] = (this.#refusals[node]! << 1) | (isRefused ? 1 : 0);
    if (this.#known[node]! < REMEMBERED) this.#known[node]!++;
    this.#at[node]! += isRefused ? this.#roundTrip : this.#patience;
  }

  /** Puts a node into the list of the batch in which something happens to it. */
  #put(node: number): void {
    const place = Math.floor(this.#at[node]! / this.#batch) % this.#first.length;
    this.#next[node] = this.#first[place]!;
    this.#first[place] = node;
  }

  /** From here on every loop goes on with events, in the order in which they would have been scheduled. */
  #letGo(): void {
    const nodes: number[] = [];
    const { attempts } = this.#parts;
    for (let place = 0; place < this.#first.length; place++) {
      for (let node = this.#first[place]!; node !== NOBODY; node = this.#next[node]!) nodes.push(node);
      this.#first[place] = NOBODY;
    }
    nodes.sort((a, b) => this.#at[a]! - this.#at[b]! || this.#scheduledFirst(a, b));
    for (const node of nodes) {
      this.#failures[node] = Math.min(attempts[node]! + (this.#state[node] === SENDING ? 0 : 1), 255);
      const instant = this.#at[node]! as Instant;
      if (this.#state[node] === SENDING) this.#parts.retryAt(instant, node);
      else if (this.#state[node] === REFUSED) this.#refused.at(instant, node);
      else this.#unanswered.at(instant, node);
    }
    this.#count = 0;
  }

  /**
   * Of two nodes to which something happens at one instant, as of many whose connections broke together: < 0 when that of `a`
   * would have been scheduled first. Events are scheduled by the events before them, so both are followed back to where
   * they parted, or as far as is known: then they keep the order in which they came here.
   */
  #scheduledFirst(a: number, b: number): number {
    const [first, second] = [a, b].map((node) => ({
      at: this.#at[node]!,
      state: this.#state[node]!,
      failures: this.#parts.attempts[node]!,
      refusals: this.#refusals[node]!,
      known: this.#known[node]!,
    })) as [Step, Step];
    while (this.#stepBack(first) && this.#stepBack(second)) {
      if (first.at !== second.at) return first.at - second.at;
    }
    return this.#order[a]! - this.#order[b]!;
  }

  /** What happened to a node before; false when that is not known. */
  #stepBack(step: Step): boolean {
    if (step.state !== SENDING) {
      step.at -= step.state === REFUSED ? this.#roundTrip : this.#patience;
      step.state = SENDING;
      step.refusals >>>= 1;
      step.known--;
      return true;
    }
    if (step.known <= 0) return false;
    step.at -= this.#waits[step.failures]!;
    step.failures--;
    step.state = step.refusals % 2 === 0 ? UNANSWERED : REFUSED;
    return true;
  }

  /** An attempt that was sent while nobody could hear it ends, when somebody could again. */
  #end(node: number, status: Status): void {
    this.#waiting--;
    this.#parts.leases.ended[status]! += 1;
    this.#parts.ended(node, status);
  }
}

/** What happened to a node, followed back. */
interface Step {
  at: number;
  state: number;
  failures: number;
  refusals: number;
  known: number;
}
