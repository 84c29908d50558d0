/**
 * Memory of one CoreDNS process by the published sizing rule, MB = (pods + services) / 1000 + 54, of which 30 MB are a full
 * cache and 5 MB a buffer (coredns/deployment, kubernetes/Scaling_CoreDNS.md). A LIST holds as much again and more until it
 * is stored and collected, beside what was stored before; that is when processes outgrow their limit.
 */
import type { CoreDnsMemoryOptions } from './core-dns-options.ts';
import type { InformedResource } from './informer-set.ts';

const MB = 1_000_000;
/** The 54 MB without the cache: the process and its buffer. */
const PROCESS_BYTES = 24 * MB;
const FULL_CACHE_BYTES = 30 * MB;
const BYTES_PER_OBJECT = MB / 1000;

/** Bytes that a process never outgrows: everything stored, a full cache, and the largest LISTs beside it. */
export function roomForRelists({ pods, services, listFactor }: CoreDnsMemoryOptions): number {
  return Math.ceil(PROCESS_BYTES + FULL_CACHE_BYTES + (1 + listFactor.highest) * (pods + services) * BYTES_PER_OBJECT);
}

/** The memory of a process whose informers fill and refill. */
export class CoreDnsMemory {
  readonly #options: CoreDnsMemoryOptions;
  #stored: Record<InformedResource, number> = { services: 0, endpointslices: 0, namespaces: 0 };
  #listing = 0;
  #peakBytes = 0;

  constructor(options: CoreDnsMemoryOptions) {
    this.#options = options;
  }

  /** Highest memory so far in any life of the process; the limit when it was killed for it. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Memory now; `cacheShare` is how full the caches are, 0..1. */
  bytes(cacheShare: number): number {
    const { services, endpointslices, namespaces } = this.#stored;
    return PROCESS_BYTES + FULL_CACHE_BYTES * cacheShare + services + endpointslices + namespaces + this.#listing;
  }

  /** A LIST comes in that takes `factor` times what is stored of it. True while that fits. */
  list(resource: InformedResource, factor: number, cacheShare: number): boolean {
    this.#listing += factor * this.#sizeOf(resource);
    const bytes = this.bytes(cacheShare);
    this.#peakBytes = Math.max(this.#peakBytes, Math.min(bytes, this.#options.limitBytes));
    return bytes <= this.#options.limitBytes;
  }

  /** The LIST has been collected, and its objects are the store now. */
  collect(resource: InformedResource, factor: number): void {
    this.#listing -= factor * this.#sizeOf(resource);
    this.#stored = { ...this.#stored, [resource]: this.#sizeOf(resource) };
  }

  /** The process died: everything is given back. */
  clear(): void {
    this.#stored = { services: 0, endpointslices: 0, namespaces: 0 };
    this.#listing = 0;
  }

  /** Addresses of pods are kept in EndpointSlices. */
  #sizeOf(resource: InformedResource): number {
    if (resource === 'services') return this.#options.services * BYTES_PER_OBJECT;
    return resource === 'endpointslices' ? this.#options.pods * BYTES_PER_OBJECT : 0;
  }
}
