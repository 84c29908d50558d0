/**
 * NodeLocal DNSCache: on each node a cache of its own that answers the node's clients and asks CoreDNS, through the kube-dns
 * Service, when an entry has run out. It reads nothing from the API, so it lives through an outage of the API; and it forgets
 * what CoreDNS does not tell it again, 30 s later unless it may serve stale answers.
 *
 *   client -> entry fresh? answer --ran out--> CoreDNS --answer--> fresh for the TTL
 *                                                 +--SERVFAIL--> remembered for 5 s: hides a stale answer in `immediate`
 *                                                 +--silence---> nothing remembered
 *
 * Entries are rows of columns, node by node. Names are popular: an entry that runs out is asked for at once (assumed), and
 * one that could not be refreshed again after 5 s, which is both the time a SERVFAIL is remembered and the time an upstream
 * query may take. While CoreDNS answers everything, entries come round on their own and nothing is computed; only when a
 * query could fail are those that are due looked at, second by second.
 *
 * Sources: kubernetes/kubernetes cluster/addons/dns/nodelocaldns/nodelocaldns.yaml (success 30 s, denial 5 s);
 * coredns/coredns plugin/cache/handler.go (order of the caches, modes of serve_stale, SERVFAIL 5 s), plugin/forward (5 s).
 */
import {
  type Duration,
  type EventType,
  forever,
  type Instant,
  power,
  seconds,
  type ServeStale,
  type Simulation,
  type Stream,
} from '@brownout/core';
import type { NameService, NameServiceCounts, NameSource } from './name-store.ts';

/** Size and timings of the tier. */
export interface NodeLocalCacheOptions {
  readonly nodes: number;
  /** Names that clients of every node look up; at most the 9,984 entries of the plugin are kept. */
  readonly names: number;
  /** TTL of an answer; the manifest's 30 s. */
  readonly ttl: Duration;
  /** How long a failure is remembered, and an upstream query waited for; 5 s. */
  readonly retry: Duration;
  /** Answering what has run out while CoreDNS does not; absent as in the manifest = not at all. */
  readonly serveStale?: ServeStale;
  /** Queries for each name: 2 = A and AAAA. */
  readonly families: number;
}

/** Settings of the manifest. */
export const manifestNodeLocalCache: Pick<NodeLocalCacheOptions, 'ttl' | 'retry'> = {
  ttl: seconds(30),
  retry: seconds(5),
};

/** How an entry is answered now. */
const State = { fresh: 0, failing: 1, stale: 2 } as const;
const CAPACITY = 9_984;
const STEP: Duration = seconds(1);

/** Names that the cache of a node has entries for, of those that are looked up. */
export function cachedNames(names: number): number {
  return Math.min(names, CAPACITY);
}

/** The caches of all nodes of one cluster. */
export class NodeLocalCache implements NameService {
  readonly #simulation: Simulation;
  readonly #options: NodeLocalCacheOptions;
  readonly #source: NameSource;
  readonly #onFailed: (entry: number) => void;
  readonly #names: number;
  readonly #outcome: Stream;
  readonly #step: EventType;
  /** One of `State`, by entry. */
  readonly #state: Uint8Array;
  /** When an entry runs out or ran out: its phase while nothing fails. */
  readonly #expiresAt: Float64Array;
  /** Entries to look at in a second, as lists: first of each, and the next of an entry. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  /** Chances of the second that is looked at, by name: they do not depend on the node. */
  readonly #servfail: Float64Array;
  readonly #silent: Float64Array;
  /** Failing entries of each node. */
  readonly #failing: Int32Array;
  /** Entries of each node that are answered although they have run out. */
  readonly #stale: Int32Array;
  #failingTotal = 0;
  #staleTotal = 0;
  readonly #begunAt: Instant;
  #isAwake = false;
  #queries = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: NodeLocalCacheOptions,
    source: NameSource,
    onFailed: (entry: number) => void = () => {},
  ) {
    checkOptions(options);
    this.#begunAt = simulation.now;
    this.#simulation = simulation;
    this.#options = options;
    this.#source = source;
    this.#onFailed = onFailed;
    this.#names = cachedNames(options.names);
    const entries = options.nodes * this.#names;
    this.#outcome = simulation.streams.get(`${name}/upstream`);
    const phase = simulation.streams.get(`${name}/phase`);
    this.#state = new Uint8Array(entries);
    this.#expiresAt = Float64Array.from(
      { length: entries },
      () => this.#begunAt + Math.floor(phase.uniform() * options.ttl),
    );
    this.#first = new Int32Array(Math.ceil(Math.max(options.ttl, options.retry) / STEP) + 2).fill(NONE);
    this.#next = new Int32Array(entries).fill(NONE);
    this.#servfail = new Float64Array(this.#names).fill(NOT_ASKED);
    this.#silent = new Float64Array(this.#names);
    this.#failing = new Int32Array(options.nodes);
    this.#stale = new Int32Array(options.nodes);
    this.#step = simulation.event(`${name} second`, () => this.#pass());
    this.#step.after(STEP);
  }

  get counts(): NameServiceCounts {
    return { records: this.#state.length, failing: this.#failingTotal };
  }

  /** Entries that are answered although they have run out. */
  get staleCount(): number {
    return this.#staleTotal;
  }

  /** Names that a node's cache holds. */
  get namesEach(): number {
    return this.#names;
  }

  /** Entries of a node that cannot be answered. */
  failingOn(node: number): number {
    return this.#failing[node]!;
  }

  /** Entries of a node that are answered although they have run out. */
  staleOn(node: number): number {
    return this.#stale[node]!;
  }

  /** Queries a second that the caches send to CoreDNS while it answers everything. */
  get quietQueriesPerSecond(): number {
    return (this.#state.length * this.#options.families * STEP) / this.#options.ttl;
  }

  /** Queries sent to CoreDNS during the last second. */
  get queriesPerSecond(): number {
    return this.#isAwake ? this.#queries : this.quietQueriesPerSecond;
  }

  /** Nodes have the same share of the lookups, names are equally popular; a request needs `lookups` different names. */
  failureShare(lookups = 1): number {
    if (this.#failingTotal === 0) return 0;
    let share = 0;
    for (const failing of this.#failing) {
      if (failing > 0) share += 1 - power(1 - failing / this.#names, lookups);
    }
    return share / this.#options.nodes;
  }

  /** Exactly 0 or 1, as the entry stands on the node. */
  failureProbability(node: number, name: number): number {
    // Nodes that joined have no cache: what runs there asks the servers itself.
    if (node >= this.#options.nodes)
      return Math.min(1, this.#source.servfailChance(name) + this.#source.silenceChance(name));
    return this.#state[node * this.#names + (name % this.#names)] === State.failing ? 1 : 0;
  }

  /** Whether the entry has run out and is answered all the same. */
  isStale(node: number, name: number): boolean {
    return this.#state[node * this.#names + (name % this.#names)] === State.stale;
  }

  #pass(): void {
    this.#step.after(STEP);
    const isWell = this.#sourceIsWell();
    if (!this.#isAwake) {
      if (isWell) return;
      this.#wake();
    }
    const now = this.#simulation.now;
    const slot = this.#slotOf(now);
    let entry = this.#first[slot]!;
    this.#first[slot] = NONE;
    this.#queries = 0;
    this.#servfail.fill(NOT_ASKED);
    while (entry !== NONE) {
      const next = this.#next[entry]!;
      this.#refresh(entry, now);
      entry = next;
    }
    if (isWell && this.#failingTotal + this.#staleTotal === 0) this.#isAwake = false;
  }

  /** From now on every entry is asked for when it runs out. */
  #wake(): void {
    this.#isAwake = true;
    this.#first.fill(NONE);
    const { ttl } = this.#options;
    const { now } = this.#simulation;
    for (let entry = 0; entry < this.#state.length; entry++) {
      const expiry = this.#expiresAt[entry]!;
      this.#expiresAt[entry] = expiry >= now ? expiry : expiry + Math.ceil((now - expiry) / ttl) * ttl;
      this.#enter(entry, this.#expiresAt[entry]!);
    }
  }

  /** Puts an entry into the second at whose end it is looked at. */
  #enter(entry: number, at: number): void {
    const slot = this.#slotOf(at);
    this.#next[entry] = this.#first[slot]!;
    this.#first[slot] = entry;
  }

  #slotOf(at: number): number {
    return Math.ceil((at - this.#begunAt) / STEP) % this.#first.length;
  }

  #refresh(entry: number, now: number): void {
    const { ttl, retry, families } = this.#options;
    this.#queries += families;
    const name = entry % this.#names;
    if (this.#servfail[name] === NOT_ASKED) {
      this.#servfail[name] = this.#source.servfailChance(name);
      this.#silent[name] = this.#source.silenceChance(name);
    }
    const servfail = this.#servfail[name]!;
    const silent = this.#silent[name]!;
    const draw = servfail + silent === 0 ? 1 : servfail + silent >= 1 && servfail === 0 ? 0 : this.#outcome.uniform();
    if (draw >= servfail + silent) {
      this.#setState(entry, State.fresh);
      this.#expiresAt[entry] = now + ttl;
      this.#enter(entry, now + ttl);
      return;
    }
    this.#setState(entry, this.#mayServe(entry, now, draw < servfail) ? State.stale : State.failing);
    this.#enter(entry, now + retry);
  }

  /**
   * A SERVFAIL goes into the cache of denials, which is looked at first: in `immediate` it hides the stale answer, and then
   * hides it as a stale SERVFAIL, until an answer comes. `verify` throws it away.
   */
  #mayServe(entry: number, now: number, isServfail: boolean): boolean {
    const { serveStale } = this.#options;
    if (serveStale === undefined || now >= this.#expiresAt[entry]! + serveStale.window) return false;
    if (serveStale.mode === 'verify' || serveStale.preferPositive === true) return true;
    return !isServfail && this.#state[entry] !== State.failing;
  }

  #setState(entry: number, state: number): void {
    const before = this.#state[entry]!;
    if (before === state) return;
    this.#state[entry] = state;
    const isFailing = state === State.failing ? 1 : 0;
    const change = isFailing - (before === State.failing ? 1 : 0);
    this.#failing[Math.floor(entry / this.#names)]! += change;
    this.#failingTotal += change;
    const stale = (state === State.stale ? 1 : 0) - (before === State.stale ? 1 : 0);
    this.#stale[Math.floor(entry / this.#names)]! += stale;
    this.#staleTotal += stale;
    if (isFailing === 1) this.#onFailed(entry);
  }

  /** Names are of two kinds at most, those of headless Services last. */
  #sourceIsWell(): boolean {
    const source = this.#source;
    if (source.silenceChance(0) > 0 || source.servfailChance(0) > 0) return false;
    return source.servfailChance(this.#names - 1) === 0;
  }
}

const NONE = -1;
const NOT_ASKED = -1;

function checkOptions({ nodes, names, ttl, retry, families, serveStale }: NodeLocalCacheOptions): void {
  const check = (what: string, value: number): void => {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`NodeLocal cache: ${what} must be a whole number >= 1, got ${value}`);
    }
  };
  check('nodes', nodes);
  check('names', names);
  check('families', families);
  if (!(ttl >= STEP && ttl < forever)) throw new RangeError(`NodeLocal cache: ttl must be >= 1 s, got ${ttl} us`);
  if (!(retry >= STEP && retry < forever))
    throw new RangeError(`NodeLocal cache: retry must be >= 1 s, got ${retry} us`);
  if (serveStale !== undefined && !(serveStale.window >= 0)) {
    throw new RangeError(`NodeLocal cache: serveStale.window must be >= 0, got ${serveStale.window} us`);
  }
}
