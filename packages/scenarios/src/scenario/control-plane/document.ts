/**
 * The types of a document that describes a control plane alone under declared load: what runs, what is stored, who asks
 * for what, and how much of it in which phase. `ControlPlaneScenario` is what the model reads (microseconds, bytes, per
 * second), `ControlPlaneDocument` what is written; schema.ts leads from one to the other.
 */
import type { Duration } from '@brownout/core';
import type { ListMemory } from '../../kubernetes/api-server/list-memory.ts';
import type { FlowSchema } from '../../kubernetes/flow-control/flow-schema.ts';
import type { PriorityLevel } from '../../kubernetes/flow-control/priority-level.ts';
import type { ProfileName } from '../../kubernetes/profiles/release.ts';
import type { FlagOverrides } from '../../kubernetes/profiles/resolve.ts';
import type { FlagsDocument } from '../flag-schema.ts';
import type { FlowSchemaDocument, PriorityLevelDocument } from '../flow-control-schema.ts';
import type { Stated } from '../provenance.ts';

/** What one request asks for. */
export interface RequestSection {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';
  /** One of the stored types. */
  readonly resource: string;
  readonly resourceVersion: 'unset' | '0';
  readonly selector: 'none' | 'name' | 'indexed' | 'scanned';
  /** Share of the stored objects that the selector lets through. */
  readonly matching: number;
  /** Objects of one page; 0 = all. */
  readonly limit: number;
  /** Whether the client goes on to the last page, or is content with the first; absent = first. */
  readonly pages?: 'first' | 'all' | undefined;
  readonly encoding: 'json' | 'protobuf';
  readonly gzip: boolean;
}

/** What clients do about a failed attempt. */
export type RetryName = 'none' | 'client-go' | 'immediate';

interface AnyClient {
  readonly name: string;
  /** Full user name; `{n}` stands for the number of the client. */
  readonly user: string;
  /** Groups beside those that follow from the name. */
  readonly groups: readonly string[];
}

/** Clients whose requests may cost more or less than the model has it. */
interface AnyCosted extends AnyClient {
  /** CPU costs of its requests, on API server and etcd, as a multiple of those of the model; absent = 1. */
  readonly costFactor?: number | undefined;
}

interface AnyRequester extends AnyCosted {
  readonly request: RequestSection;
  /** The client gives an attempt up after this long. */
  readonly timeout: Duration;
  readonly retry: RetryName;
}

/** Requests that come at a rate, whatever becomes of them. The load of a phase is the rate. */
export interface StreamSection extends AnyRequester {
  readonly kind: 'stream';
  readonly arrivals: 'poisson' | 'constant';
  /** Connections that the requests are spread over. */
  readonly connections: number;
}

/** Requests all at once at the start of a phase, each over its own connection. The load of a phase is their number. */
export interface BurstSection extends AnyRequester {
  readonly kind: 'burst';
}

/** Clients that ask, wait for the answer, and ask again. The load of a phase is their number. */
export interface AgentsSection extends AnyRequester {
  readonly kind: 'agents';
  readonly period: Duration;
  /** Share of the period by which it varies, up and down. */
  readonly jitter: number;
  /** Whether the period starts with a success, or with the end of a request however it ended. */
  readonly after: 'success' | 'end';
  /** New agents ask at once, or at random instants of one period. */
  readonly start: 'together' | 'spread';
}

/** Kubelets that renew their leases. The load of a phase is their number, at most and by default `count`. */
export interface LeasesSection extends AnyCosted {
  readonly kind: 'leases';
  readonly count: number;
  readonly period: Duration;
  /** Share of the period added at random, at most. */
  readonly jitter: number;
  readonly timeout: Duration;
  /** Whether the first PUT of each kubelet is refused with 409, because it does not know the version of its lease. */
  readonly firstConflicts: boolean;
  /** Whether it reads its lease before it tries again, as kubelets do; absent = it has read it by the time of its next PUT. */
  readonly readsAfterConflict?: boolean | undefined;
}

/** Clients that watch a type, and list it when they must. Their number is `count` in all phases. */
export interface WatchersSection extends AnyClient {
  readonly kind: 'watchers';
  readonly count: number;
  readonly resource: string;
  readonly encoding: 'json' | 'protobuf';
  readonly gzip: boolean;
}

/** One kind of client. */
export type ClientSection = StreamSection | BurstSection | AgentsSection | LeasesSection | WatchersSection;

/** Something that is done to the control plane. */
export interface FaultSection {
  /** After the start of its phase. */
  readonly at: Duration;
  /** `api-server`: all of them are killed and start again after `apiServers.restart`. */
  readonly kill: 'api-server';
}

/** A stretch of time with one load. */
export interface PhaseSection {
  readonly name: string;
  readonly lasts: Duration;
  /** Load of the clients by name: requests per second of a stream, a number of the others. Others keep quiet. */
  readonly load: Readonly<Record<string, number>>;
  readonly faults: readonly FaultSection[];
}

/** A control plane alone under declared load. */
export interface ControlPlaneScenario {
  readonly version: 1;
  readonly kind: 'control-plane';
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly profile: ProfileName;
  readonly flags: FlagOverrides;
  readonly flowSchemas: readonly FlowSchema[];
  readonly priorityLevelConfigurations: readonly PriorityLevel[];
  readonly apiServers: {
    readonly replicas: number;
    readonly cores: number;
    readonly memory: number;
    /** Memory of one that holds no request; absent = by what is stored. */
    readonly baseline?: number | undefined;
    /** When a LIST has the memory it costs, on API server and etcd; absent = all of it when it starts. */
    readonly listMemory?: ListMemory | undefined;
    /** From a kill to the start of the process, and from there to the reading of the watch cache. */
    readonly restart: Duration;
    readonly startTime: Duration;
    /** Cores it uses beside all requests: added to those reported, and taken from `sharedCores`, not from `cores`. */
    readonly background: number;
  };
  readonly etcd: {
    readonly members: number;
    readonly cores: number;
    readonly memory: number;
    readonly baseline?: number | undefined;
    readonly fsync: Duration;
    readonly background: number;
  };
  /** Cores of one machine that runs one API server and one etcd member; 0 = each has cores of its own. */
  readonly sharedCores: number;
  /** Longest turn of a goroutine while others wait; 0 = ideal sharing. */
  readonly schedulingQuantum: Duration;
  /** CPU costs of a run are those measured times a factor, drawn between factor / (1 + spread) and factor * (1 + spread). */
  readonly costFactor: number;
  readonly costSpread: number;
  readonly stored: Readonly<Record<string, { readonly count: number; readonly json: number; readonly stored: number }>>;
  readonly clients: readonly ClientSection[];
  readonly phases: readonly PhaseSection[];
}

type Text = Stated<string>;
type Amount = Stated<number | string>;

/** A request as it is written. */
export interface RequestDocument {
  readonly verb: RequestSection['verb'];
  readonly resource?: string;
  readonly resourceVersion?: 'unset' | '0';
  readonly selector?: RequestSection['selector'];
  readonly matching?: Amount;
  readonly limit?: Stated<number>;
  readonly pages?: RequestSection['pages'];
  readonly encoding?: RequestSection['encoding'];
  readonly gzip?: boolean;
}

/** A kind of client as it is written: `kind` decides which keys it has. */
export interface ClientDocument {
  readonly name: string;
  readonly kind: ClientSection['kind'];
  readonly user: string;
  readonly groups?: readonly string[];
  readonly costFactor?: Stated<number>;
  readonly request?: RequestDocument;
  readonly timeout?: Text;
  readonly retry?: RetryName;
  readonly arrivals?: StreamSection['arrivals'];
  readonly connections?: Stated<number>;
  readonly period?: Text;
  readonly jitter?: Amount;
  readonly after?: AgentsSection['after'];
  readonly start?: AgentsSection['start'];
  readonly count?: Stated<number>;
  readonly firstConflicts?: boolean;
  readonly readsAfterConflict?: boolean;
  readonly resource?: string;
  readonly encoding?: RequestSection['encoding'];
  readonly gzip?: boolean;
}

/** A control plane under declared load, as plain data. */
export interface ControlPlaneDocument {
  readonly version: 1;
  readonly kind: 'control-plane';
  readonly id: string;
  readonly title: string;
  readonly summary?: string;
  readonly profile?: ProfileName;
  readonly flags?: FlagsDocument;
  readonly flowSchemas?: readonly FlowSchemaDocument[];
  readonly priorityLevelConfigurations?: readonly PriorityLevelDocument[];
  readonly apiServers: {
    readonly replicas?: Stated<number>;
    readonly cores: Amount;
    readonly memory: Text;
    readonly baseline?: Text;
    readonly listMemory?: ListMemory;
    readonly restart?: Text;
    readonly startTime?: Text;
    readonly background?: Amount;
  };
  readonly etcd: {
    readonly members?: Stated<number>;
    readonly cores: Amount;
    readonly memory: Text;
    readonly baseline?: Text;
    readonly fsync?: Text;
    readonly background?: Amount;
  };
  readonly sharedCores?: Amount;
  readonly schedulingQuantum?: Text;
  readonly costFactor?: Stated<number>;
  readonly costSpread?: Amount;
  readonly stored: Readonly<
    Record<string, { readonly count: Stated<number>; readonly json: Text; readonly stored: Text }>
  >;
  readonly clients: readonly ClientDocument[];
  readonly phases: readonly {
    readonly name: string;
    readonly lasts: Text;
    readonly load?: Readonly<Record<string, Amount>>;
    readonly faults?: readonly { readonly at: Text; readonly kill: 'api-server' }[];
  }[];
}
