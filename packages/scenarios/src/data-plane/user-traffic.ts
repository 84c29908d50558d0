/** User traffic as operators and observers see it, whichever data plane stands behind it. */

/** One product. */
export interface Product {
  readonly id: string;
  readonly title: string;
  /** Requests per second over all clusters. */
  readonly requestsPerSecond: number;
  /** Different names one request needs: the calls it makes on its way. */
  readonly lookups: number;
}

/** How much traffic there is, and how much of it a cluster can take. */
export interface UsersOptions {
  readonly products: readonly Product[];
  /** Share above its normal traffic that a cluster can take. */
  readonly headroom: number;
}

/** What instances of a site have downloaded to start. */
export interface UserDownloads {
  readonly timedOut: number;
  /** Bytes that came, and those of them that were thrown away. */
  readonly bytes: number;
  readonly wastedBytes: number;
}

/** The users of all products, and the levers that operators have on what serves them. */
export interface UserTraffic {
  readonly products: readonly Product[];
  /** Requests and failed requests so far, by site and product: `site * products + product`. */
  readonly requests: Float64Array;
  readonly failures: Float64Array;
  /** Share of all user traffic that a site gets now. */
  weight(site: number): number;
  /** Whether traffic is steered away from a site. */
  isAvoided(site: number): boolean;
  /** Share of a site's user requests that fail now, over all products. */
  failureShare(site: number): number;
  /** The same of its own traffic: without what it is given because others cannot take it. Absent where that is the same. */
  ownFailureShare?(site: number): number;
  /** Steers traffic away from a site, or back to it. What the others cannot take within their headroom stays. */
  steer(site: number, isAvoided: boolean): void;
  /** A site has this share of its machines from now on; absent where no users depend on how many there are. */
  resize?(site: number, share: number): void;
  /** Lets at most `count` instances of a site download at once; absent where nothing is downloaded. */
  limitStartUps?(site: number, count: number): void;
  /** Puts what starting instances need where they get it without the shared limit; likewise. */
  warmCaches?(site: number): void;
  /** Start-up downloads of a site so far, in counts and bytes; absent where nothing is downloaded. */
  readDownloads?(site: number): UserDownloads | undefined;
  /** Throws unless the books add up. */
  checkBooks(): void;
}
