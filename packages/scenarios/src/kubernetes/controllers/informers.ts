/** What controllers need of informers, and what they are told: filled before they work, and current or not. */

/** Told when the view of the world stops or starts moving. */
export interface InformerObserver {
  /** Every type is listed and watched (again). */
  informersSynced(): void;
  /** At least one watch broke: from now on the view is the one of this instant. */
  informersBroke(): void;
}

/** What controllers need of informers, whatever carries them. */
export interface InformerSet {
  /** Whether every type was listed at least once since `start`; controllers wait for that, once. */
  readonly hasSynced: boolean;
  /** Whether every watch is open now. */
  readonly isCurrent: boolean;
  /** The process starts them. */
  start(): void;
  /** The process has been running for long: filled and watching, without a request. */
  startFilled(): void;
  /** The process is gone. */
  stop(): void;
  /** Some server died or some path was cut; absent where the informers notice by themselves. */
  connectionsBroke?(): void;
}
