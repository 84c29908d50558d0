/** What CoreDNS keeps in memory, and what it needs of the informers that keep it. */

/** What CoreDNS keeps in memory. Pods are added with `pods verified` only, which the manifests do not use. */
export const informedResources = ['services', 'endpointslices', 'namespaces'] as const;

/** One of `informedResources`. */
export type InformedResource = (typeof informedResources)[number];

/** Operations an informer sends, by their number in the control plane's table. */
export interface InformerOperations {
  readonly list: Readonly<Record<InformedResource, number>>;
  readonly watch: number;
}

/** Told what the informers of a process have learnt. */
export interface InformerObserver {
  /** Revision of the last change in the API. */
  revision(): number;
  /** The answer of a whole LIST has come in. False when the process did not survive that. */
  listed(process: number, resource: InformedResource): boolean;
  /** An informer has stored its first LIST since the process started. */
  synced(process: number, resource: InformedResource): void;
}

/** The informers of all processes of one Deployment. */
export interface InformerSet {
  /** Whether an informer has stored a LIST since its process started; never revoked while it lives. */
  hasSynced(process: number, resource: InformedResource): boolean;
  /** Whether it sees changes now. */
  isWatching(process: number, resource: InformedResource): boolean;
  /** The last revision it knows of, as `InformerObserver.revision` counts them. */
  knownRevision(process: number, resource: InformedResource): number;
  /** The process starts and knows nothing: every informer LISTs at once. */
  start(process: number): void;
  /** The process has been running for long: synced, watching, connected to `server`. */
  startSynced(process: number, server: number): void;
  /** The process dies, and with it what it knew. */
  stop(process: number): void;
  /** Connections are gone. */
  connectionsBroke(): void;
  /** Packets are dropped from now on. */
  pathBlocked(): void;
  /** Packets pass again. */
  pathOpened(): void;
}
