import type { Simulation } from '../simulation.ts';
import { forever, minutes, noTime, type Duration, type Instant } from '../time.ts';
import { EntryStore, type Eviction } from './entry-store.ts';

/**
 * A cache of answers with a time to live, as look-aside caches and DNS resolvers keep them (RFC 2308, negative caching;
 * RFC 8767, serving stale data; the refresh modes and prefetch rule are those of the usual cluster DNS server):
 *
 *   stored ──────────── fresh ───────────┬──── stale window ────┬── miss
 *                      └ prefetch share ┘ttl
 *
 * - Positive and negative answers ("no such name") live in two stores, each with its own capacity. A negative answer
 *   that can be used hides a positive one of the same key, unless `preferPositive` is set.
 * - Nothing happens at expiry: an entry is judged when it is looked up, and takes its place until it is overwritten or
 *   evicted - at random and not by TTL, as real ones do. There is one shard, so nothing is evicted before it is full.
 * - Serve-stale `immediate` answers with the stale entry and asks the caller to refresh; `verify` asks upstream first,
 *   and `fallback` gives the stale entry when that fails.
 *
 * The cache does not fetch. `lookup` says what the caller has to do; many callers at once are a `Coalescer`'s business.
 */
export interface TtlCacheOptions {
  readonly name: string;
  /** Positive entries, expired ones included: a whole number >= 0, or Infinity. */
  readonly capacity: number;
  /** Negative entries; default as `capacity`. */
  readonly negativeCapacity?: number;
  /** Default `random`. */
  readonly eviction?: Eviction;
  /** TTLs of positive answers are brought into this range; default 0 to `forever`. */
  readonly minimumTtl?: Duration;
  readonly maximumTtl?: Duration;
  /** The same for negative answers. */
  readonly minimumNegativeTtl?: Duration;
  readonly maximumNegativeTtl?: Duration;
  /** Default: expired is gone. */
  readonly serveStale?: ServeStale;
  /** Default: nothing is fetched ahead. */
  readonly prefetch?: Prefetch;
}

/** Answering with expired entries when the source is down. */
export interface ServeStale {
  /** How long after its expiry an entry may still be used, e.g. 1 h. */
  readonly window: Duration;
  readonly mode: 'immediate' | 'verify';
  /** A positive answer, stale or not, goes before a negative one; default false. */
  readonly preferPositive?: boolean;
}

/** Refreshing popular entries before they expire. */
export interface Prefetch {
  /** Lookups that make an entry popular. */
  readonly hits: number;
  /** A pause between lookups longer than this starts the count anew; default 1 min. */
  readonly gap?: Duration;
  /** Refresh when less than this share of the TTL is left; default 0.1. */
  readonly share?: number;
}

/**
 * What a lookup found and what to do: `fresh` answer yes; `negative` answer no; `prefetch` and `stale` answer, and
 * refresh in the background - with yes or no as `foundNegative` says; `miss` ask upstream, then `put`, `putNegative`
 * or, when that fails, `fallback`.
 */
export type LookupResult = 'fresh' | 'prefetch' | 'stale' | 'negative' | 'miss';

/** Lookups by result, and what else happened. */
export interface CacheCounts {
  readonly lookups: number;
  readonly fresh: number;
  readonly prefetch: number;
  readonly stale: number;
  readonly negative: number;
  readonly miss: number;
  /** Stale answers given by `fallback`. */
  readonly fallbacks: number;
  readonly evictions: number;
  /** Entries of both kinds inside, expired ones included. */
  readonly size: number;
}

/** A cache over integer keys with integer answers. */
export class TtlCache {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #positive: EntryStore;
  readonly #negative: EntryStore;
  readonly #minimumTtl: Duration;
  readonly #maximumTtl: Duration;
  readonly #minimumNegativeTtl: Duration;
  readonly #maximumNegativeTtl: Duration;
  readonly #staleWindow: Duration;
  readonly #verifies: boolean;
  readonly #prefersPositive: boolean;
  readonly #prefetchHits: number;
  readonly #prefetchGap: Duration;
  readonly #prefetchShare: number;
  #fresh = 0;
  #prefetch = 0;
  #stale = 0;
  #negatives = 0;
  #miss = 0;
  #fallbacks = 0;

  /** The answer found by the last `lookup` or `fallback` that found one. */
  foundValue = 0;
  /** Whether that answer was a negative one: a stale one can be. */
  foundNegative = false;
  /** How old it was. */
  foundAge: Duration = noTime;

  constructor(simulation: Simulation, options: TtlCacheOptions) {
    const { name, capacity, negativeCapacity = capacity, eviction = 'random', serveStale, prefetch } = options;
    checkCapacity(name, 'capacity', capacity);
    checkCapacity(name, 'negativeCapacity', negativeCapacity);
    checkPolicies(name, serveStale, prefetch);
    this.name = name;
    this.#simulation = simulation;
    this.#positive = new EntryStore(capacity, eviction, simulation.streams.get(`${name}/eviction`));
    this.#negative = new EntryStore(negativeCapacity, eviction, simulation.streams.get(`${name}/negative eviction`));
    this.#minimumTtl = options.minimumTtl ?? noTime;
    this.#maximumTtl = options.maximumTtl ?? forever;
    checkRange(name, 'Ttl', this.#minimumTtl, this.#maximumTtl);
    this.#minimumNegativeTtl = options.minimumNegativeTtl ?? noTime;
    this.#maximumNegativeTtl = options.maximumNegativeTtl ?? forever;
    checkRange(name, 'NegativeTtl', this.#minimumNegativeTtl, this.#maximumNegativeTtl);
    this.#staleWindow = serveStale?.window ?? noTime;
    this.#verifies = serveStale?.mode === 'verify';
    this.#prefersPositive = serveStale?.preferPositive ?? false;
    this.#prefetchHits = prefetch?.hits ?? Infinity;
    this.#prefetchGap = prefetch?.gap ?? minutes(1);
    this.#prefetchShare = prefetch?.share ?? 0.1;
  }

  /** Negative entries inside, expired ones included. */
  get negativeSize(): number {
    return this.#negative.size;
  }

  /** Everything counted so far. */
  get counts(): CacheCounts {
    const { size, evictions } = this.#positive;
    return {
      lookups: this.#fresh + this.#prefetch + this.#stale + this.#negatives + this.#miss,
      fresh: this.#fresh,
      prefetch: this.#prefetch,
      stale: this.#stale,
      negative: this.#negatives,
      miss: this.#miss,
      fallbacks: this.#fallbacks,
      evictions: evictions + this.#negative.evictions,
      size: size + this.#negative.size,
    };
  }

  /** Looks a key up at the current instant. An entry is fresh while now < stored + TTL. */
  lookup(key: number): LookupResult {
    const now = this.#simulation.now;
    const positive = this.#usable(this.#positive, key, now);
    if (positive < 0 || !this.#prefersPositive) {
      const negative = this.#usable(this.#negative, key, now);
      if (negative >= 0) return this.#found(this.#negative, negative, now);
    }
    if (positive >= 0) return this.#found(this.#positive, positive, now);
    this.#miss++;
    return 'miss';
  }

  /**
   * The stale answer for a key whose refresh failed: true when there is one in the window, with the `found` fields set.
   * For serve-stale `verify`; a positive answer goes first.
   */
  fallback(key: number): boolean {
    const now = this.#simulation.now;
    for (let i = 0; i < 2; i++) {
      const store = i === 0 ? this.#positive : this.#negative;
      const place = store.find(key);
      if (place >= 0 && now < store.expiresAt[place]! + this.#staleWindow) {
        this.#note(store, place, now);
        this.#fallbacks++;
        return true;
      }
    }
    return false;
  }

  /** Stores a positive answer. A negative one of the same key is removed, an earlier one's popularity is kept. */
  put(key: number, ttl: Duration, value = 0): void {
    this.#negative.remove(key);
    this.#store(this.#positive, key, this.#checked(ttl, this.#minimumTtl, this.#maximumTtl), value);
  }

  /**
   * Stores a negative answer, or a failure that is to be remembered. A positive one of the same key stays beside it.
   */
  putNegative(key: number, ttl: Duration, value = 0): void {
    this.#store(this.#negative, key, this.#checked(ttl, this.#minimumNegativeTtl, this.#maximumNegativeTtl), value);
  }

  /** Forgets a key, whatever was known. */
  remove(key: number): boolean {
    const hadNegative = this.#negative.remove(key);
    return this.#positive.remove(key) || hadNegative;
  }

  /** Forgets everything: the process restarted. */
  clear(): void {
    this.#positive.clear();
    this.#negative.clear();
  }

  #checked(ttl: Duration, minimum: Duration, maximum: Duration): Duration {
    if (!(ttl >= 0)) throw new RangeError(`cache "${this.name}": ttl must be >= 0, got ${ttl} us`);
    return Math.min(maximum, Math.max(minimum, ttl)) as Duration;
  }

  #store(store: EntryStore, key: number, ttl: Duration, value: number): void {
    const place = store.put(key);
    if (place < 0) return;
    const now = this.#simulation.now;
    store.value[place] = value;
    store.storedAt[place] = now;
    store.expiresAt[place] = now + ttl;
  }

  /** The place of an entry that may answer this lookup, or -1: fresh, or stale where stale is served at once. */
  #usable(store: EntryStore, key: number, now: Instant): number {
    const place = store.find(key);
    if (place < 0) return -1;
    const until = store.expiresAt[place]! + (this.#verifies ? 0 : this.#staleWindow);
    return now < until ? place : -1;
  }

  #found(store: EntryStore, place: number, now: Instant): LookupResult {
    this.#note(store, place, now);
    store.touch(place);
    const left = store.expiresAt[place]! - now;
    if (left <= 0) {
      this.#stale++;
      return 'stale';
    }
    if (this.#isDueForPrefetch(store, place, now, left)) {
      this.#prefetch++;
      return 'prefetch';
    }
    if (this.foundNegative) {
      this.#negatives++;
      return 'negative';
    }
    this.#fresh++;
    return 'fresh';
  }

  #isDueForPrefetch(store: EntryStore, place: number, now: Instant, left: number): boolean {
    if (this.#prefetchHits === Infinity) return false;
    const isNewRun = now - store.lastHitAt[place]! > this.#prefetchGap;
    store.hits[place] = isNewRun ? 1 : store.hits[place]! + 1;
    store.lastHitAt[place] = now;
    const ttl = store.expiresAt[place]! - store.storedAt[place]!;
    return store.hits[place]! >= this.#prefetchHits && left <= this.#prefetchShare * ttl;
  }

  #note(store: EntryStore, place: number, now: Instant): void {
    this.foundValue = store.value[place]!;
    this.foundNegative = store === this.#negative;
    this.foundAge = (now - store.storedAt[place]!) as Duration;
  }
}

function checkCapacity(name: string, what: string, capacity: number): void {
  if (!(capacity >= 0 && (capacity === Infinity || Number.isInteger(capacity)))) {
    throw new RangeError(`cache "${name}": ${what} must be a whole number >= 0 or Infinity, got ${capacity}`);
  }
}

function checkRange(name: string, what: string, minimum: Duration, maximum: Duration): void {
  if (!(minimum >= 0 && maximum >= minimum)) {
    throw new RangeError(
      `cache "${name}": expected 0 <= minimum${what} <= maximum${what}, got ${minimum} us and ${maximum} us`,
    );
  }
}

function checkPolicies(name: string, serveStale: ServeStale | undefined, prefetch: Prefetch | undefined): void {
  if (serveStale !== undefined && !(serveStale.window >= 0)) {
    throw new RangeError(`cache "${name}": serveStale.window must be >= 0, got ${serveStale.window} us`);
  }
  if (prefetch === undefined) return;
  const { hits, share = 0.1, gap = noTime } = prefetch;
  if (!(hits >= 1)) throw new RangeError(`cache "${name}": prefetch.hits must be >= 1, got ${hits}`);
  if (!(share >= 0 && share <= 1))
    throw new RangeError(`cache "${name}": prefetch.share must be in [0, 1], got ${share}`);
  if (!(gap >= 0)) throw new RangeError(`cache "${name}": prefetch.gap must be >= 0, got ${gap} us`);
}
