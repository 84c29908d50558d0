/** What a DNS query can end with, and the cache plugin that stands in front of a source of answers. */
import { type CacheCounts, type Duration, noTime, type Simulation, TtlCache } from '@brownout/core';
import type { DnsCacheOptions } from './core-dns-options.ts';

/** Answers that are no record; a record's answer is its value, >= 0. */
export const Answer = {
  /** NXDOMAIN: there is no such name. */
  denied: -1,
  /** SERVFAIL: the server cannot tell. */
  failed: -2,
  /** Nobody answers; the resolver waits for its own timeout. */
  silence: -3,
} as const;

/** What the cache plugin has counted since its process began. */
export interface DnsCacheTally {
  readonly successHits: number;
  readonly denialHits: number;
  readonly misses: number;
  /** Entries inside, expired ones included. */
  readonly successEntries: number;
  readonly denialEntries: number;
}

/** What the cache plugin asks when it has nothing: a record's value or one of `Answer`. */
export type AnswerSource = (name: number) => number;

/**
 * The cache plugin: successes, denials and failures with their own TTLs, random eviction, serve-stale and prefetch. In
 * `verify` a stale answer is replaced by a success or a denial only; any other refresh is thrown away, not remembered.
 */
export class DnsCache {
  readonly #cache: TtlCache;
  readonly #options: DnsCacheOptions;
  readonly #recordTtl: Duration;
  readonly #source: AnswerSource;
  /** Counts at the end of the process before. */
  #before: CacheCounts;

  constructor(
    simulation: Simulation,
    name: string,
    options: DnsCacheOptions,
    recordTtl: Duration,
    source: AnswerSource,
  ) {
    this.#options = options;
    this.#recordTtl = recordTtl;
    this.#source = source;
    this.#cache = new TtlCache(simulation, {
      name,
      capacity: options.successCapacity,
      negativeCapacity: options.denialCapacity,
      minimumTtl: options.minimumTtl,
      maximumTtl: options.successTtlCap,
      ...(options.serveStale === undefined ? {} : { serveStale: options.serveStale }),
      ...(options.prefetch === undefined ? {} : { prefetch: options.prefetch }),
    });
    this.#before = this.#cache.counts;
  }

  /** How full it is, expired entries included, 0..1. */
  get fillShare(): number {
    const { successCapacity, denialCapacity } = this.#options;
    const places = successCapacity + denialCapacity;
    return places === 0 ? 0 : this.#cache.counts.size / places;
  }

  /** Lookups that were answered from the cache, stale ones included. */
  get hits(): number {
    const { lookups, miss, fallbacks } = this.#cache.counts;
    return lookups - miss + fallbacks;
  }

  /** Counts of this process, as CoreDNS exports them. */
  get tally(): DnsCacheTally {
    const { fresh, prefetch, stale, negative, miss, size } = this.#cache.counts;
    const before = this.#before;
    const { negativeSize } = this.#cache;
    return {
      successHits: fresh + prefetch + stale - before.fresh - before.prefetch - before.stale,
      denialHits: negative - before.negative,
      misses: miss - before.miss,
      successEntries: size - negativeSize,
      denialEntries: negativeSize,
    };
  }

  /** The answer for a name: from the cache, or from the source. */
  answer(name: number): number {
    const found = this.#cache.lookup(name);
    if (found === 'miss') return this.#ask(name);
    const { foundValue } = this.#cache;
    if (found === 'stale' || found === 'prefetch') this.#remember(name, this.#source(name));
    return foundValue;
  }

  /** The process died. */
  clear(): void {
    this.#cache.clear();
    this.#before = this.#cache.counts;
  }

  #ask(name: number): number {
    const answer = this.#source(name);
    const isUseless = answer === Answer.failed || answer === Answer.silence;
    if (isUseless && this.#options.serveStale?.mode === 'verify' && this.#cache.fallback(name)) {
      return this.#cache.foundValue;
    }
    this.#remember(name, answer);
    return answer;
  }

  #remember(name: number, answer: number): void {
    const { minimumTtl, denialTtlCap, servfailTtl } = this.#options;
    if (answer >= 0) {
      this.#cache.put(name, this.#recordTtl, answer);
    } else if (answer === Answer.denied) {
      const ttl = Math.min(denialTtlCap, Math.max(minimumTtl, this.#recordTtl)) as Duration;
      this.#cache.putNegative(name, ttl, answer);
    } else if (answer === Answer.failed && servfailTtl > noTime) {
      this.#cache.putNegative(name, servfailTtl, answer);
    }
  }
}
