/**
 * The types of a scenario document, version 1: `Scenario` as the model reads it (numbers in base units: microseconds,
 * bytes, per second, shares from 0 to 1) and `ScenarioDocument` as it is written (texts with units, values with sources).
 * schema.ts holds the rules that lead from one to the other.
 */
import type { Duration } from '@brownout/core';
import type { ListMemory } from '../kubernetes/api-server/list-memory.ts';
import type { BalancerPolicy } from '../kubernetes/connections/balancer.ts';
import type { FlowSchema } from '../kubernetes/flow-control/flow-schema.ts';
import type { PriorityLevel } from '../kubernetes/flow-control/priority-level.ts';
import type { NodeWatchKind } from '../kubernetes/nodes/node-watch-kinds.ts';
import type { ProfileName } from '../kubernetes/profiles/release.ts';
import type { FlagOverrides } from '../kubernetes/profiles/resolve.ts';
import type { ClusterCosts, OperationName } from '../kubernetes/requests/operation.ts';
import type { DurationDistribution, DurationDistributionInput } from './duration-distribution.ts';
import type { FlagsDocument, ProfileDocument } from './flag-schema.ts';
import type { FlowSchemaDocument, PriorityLevelDocument } from './flow-control-schema.ts';
import type { CostFormula } from './formula.ts';
import type { Stated } from './provenance.ts';
import type { AgentSection } from './sections/agent.ts';
import type { DataPlaneDocument, DataPlaneSection } from './sections/data-plane.ts';
import type { DnsSection } from './sections/dns.ts';
import type { DrillSection } from './sections/drill.ts';
import type { FaultsSection } from './sections/faults.ts';
import type { NodesJoinSection } from './sections/nodes-join.ts';
import type { OperatorsSection } from './sections/operators.ts';
import type { PlaybookDocument } from './sections/playbook.ts';
import type { ReductionSection } from './sections/reduction.ts';
import type { RolloutSection } from './sections/rollout.ts';
import type { WebhookSection } from './sections/webhooks.ts';
import type { UsersSection } from './sections/users.ts';

/** A scenario: causes and parameters of one run, never effects. Times are relative to the trigger. */
export interface Scenario {
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  /** What it is about, in a sentence or two; default ''. */
  readonly summary: string;
  readonly clock: {
    /** The trigger as a date and time with its offset (ISO 8601). */
    readonly zero: string;
    /** Name of that offset for people, such as "PST". */
    readonly zone: string;
  };
  readonly horizon: { readonly start: Duration; readonly end: Duration };
  readonly kubernetes: KubernetesSection;
  readonly costs: CostsSection;
  readonly clusters: readonly ClusterSection[];
  readonly agent: AgentSection;
  /** `null`: the day without its trigger. */
  readonly rollout: RolloutSection | null;
  readonly dns: DnsSection;
  readonly users: UsersSection;
  /** Services behind the products; absent = a request fails when a name cannot be resolved as it is made. */
  readonly dataPlane?: DataPlaneSection | undefined;
  readonly operators: OperatorsSection;
  /** Timed changes beside the rollout; default none. */
  readonly faults?: FaultsSection | undefined;
  /** Facts known about the real incident, to be set beside the simulated ones; default none. */
  readonly published: readonly PublishedFact[];
  /** Conditions on measures that a run or study has to meet, such as `outageSeconds < 5 min`; default none. */
  readonly thresholds?: readonly string[] | undefined;
  /** What trainees of a drill are told and given; no run reads it. Default the usual. */
  readonly drill?: DrillSection | undefined;
  /** A smaller model is run in place of the whole, for a first answer; default the whole. */
  readonly reduction?: ReductionSection | undefined;
}

/**
 * Flags and timings of Kubernetes. A flag in `flags` wins over the key of the same meaning, and that over the profile:
 * kubernetes-settings.ts puts them together.
 */
export interface KubernetesSection {
  /** Release whose defaults hold where nothing is set; default 2024. */
  readonly profile?: ProfileName | undefined;
  /** Flags that are set, by component and upstream name. */
  readonly flags?: FlagOverrides | undefined;
  /** FlowSchemas that are added to those of the release, or replace the one of the same name. */
  readonly flowSchemas?: readonly FlowSchema[] | undefined;
  /** PriorityLevelConfigurations, likewise. */
  readonly priorityLevelConfigurations?: readonly PriorityLevel[] | undefined;
  /**
   * Whether every lease renewal is simulated, or batches stand for those of quiet control planes (decision 0029); default
   * individual.
   */
  readonly heartbeats?: 'individual' | 'aggregated' | undefined;
  /**
   * Which watches of nodes stand for themselves: one of each kubelet for its seven, all seven, or those of kube-proxy as well;
   * default one. Read where a profile is named, whose API servers have watch caches.
   */
  readonly nodeWatches?: NodeWatchKind | undefined;
  /**
   * Share of the services with the annotation `service.kubernetes.io/topology-mode: Auto`, whose EndpointSlices have topology
   * hints; default none. Read where a profile is named.
   */
  readonly topologyModeAuto?: number | undefined;
  /** Admission webhooks of every cluster; default none. */
  readonly webhooks?: readonly WebhookSection[] | undefined;
  /** When a LIST has the memory it costs, on API server and etcd: all of it when it starts, or as it works; default at once. */
  readonly listMemory?: ListMemory | undefined;
  readonly maxRequestsInflight: number;
  readonly maxMutatingRequestsInflight: number;
  readonly requestTimeout: Duration;
  readonly apiServerStart: Duration;
  readonly nodeLeaseDuration: Duration;
  readonly nodeLeaseRenewInterval: Duration;
  readonly nodeLeaseRenewJitter: number;
  readonly nodeLeaseRequestTimeout: Duration;
  readonly nodeStatusReportFrequency: Duration;
  readonly controllerManager: PaceSection;
  readonly scheduler: PaceSection;
  readonly daemonSetBurstReplicas: number;
  readonly leaderElection: {
    readonly leaseDuration: Duration;
    readonly renewDeadline: Duration;
    readonly retryPeriod: Duration;
  };
  readonly livenessProbe: {
    readonly period: Duration;
    readonly timeout: Duration;
    readonly failureThreshold: number;
  };
  readonly crashBackoff: {
    /** Wait after the second death in a row; after the first it is a second. */
    readonly first: Duration;
    readonly longest: Duration;
    /** Life after which earlier deaths are forgotten. */
    readonly resetAfter: Duration;
    /** How often a kubelet looks whether the back-off of an API server is over; default at every moment. */
    readonly syncPeriod?: Duration | undefined;
  };
  readonly etcd: {
    readonly fsync: DurationDistribution;
    readonly restart: Duration;
    readonly election: Duration;
    readonly requestTimeout: Duration;
  };
  readonly loadBalancer: {
    readonly healthCheckInterval: Duration;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly roundTrip: Duration;
    /** How a server is chosen for a new connection; default random. */
    readonly balancer?: BalancerPolicy | undefined;
  };
}

/** A client-side rate limit. */
export interface PaceSection {
  readonly qps: number;
  readonly burst: number;
}

/** What requests cost; formulas may use `pods` and `nodes`. */
export interface CostsSection extends ClusterCosts {
  readonly operations: Readonly<
    Record<
      OperationName,
      {
        readonly apiServerCpu: CostFormula;
        readonly etcdCpu: CostFormula;
        readonly apiServerMemory: CostFormula;
        readonly etcdMemory: CostFormula;
      }
    >
  >;
  /** API-server CPU of one connection. */
  readonly connection: Duration;
  /** API-server CPU of answering 401 or 429. */
  readonly refusal: Duration;
  readonly apiServerBaseline: CostFormula;
  readonly etcdBaseline: CostFormula;
}

/** One cluster. */
export interface ClusterSection {
  readonly id: string;
  /** Default production. */
  readonly role: 'production' | 'staging';
  readonly nodes: number;
  readonly podsPerNode: number;
  /** Names that applications look up. */
  readonly services: number;
  /** Weight of the user traffic it serves; 0 for none. */
  readonly traffic: number;
  readonly apiServers: {
    readonly replicas: number;
    readonly cores: number;
    readonly memory: number;
    /** Failure zones that the servers are dealt out to in turn; default 1, all in one. */
    readonly zones?: number | undefined;
  };
  readonly etcd: { readonly members: number; readonly cores: number; readonly memory: number };
  readonly coreDnsReplicas: number;
  /** Machines that come while it runs; default none. */
  readonly nodesJoin?: readonly NodesJoinSection[] | undefined;
}

/** One published fact; `compareWith` names the KPI whose simulated time stands beside it. */
export interface PublishedFact {
  readonly at: Duration;
  readonly text: string;
  readonly compareWith?: string | undefined;
}

/** Keys that a document may leave out, at any depth. */
type Optional =
  | 'summary'
  | 'published'
  | 'thresholds'
  | 'role'
  | 'heartbeats'
  | 'nodeWatches'
  | 'topologyModeAuto'
  | 'listMemory'
  | 'webhooks'
  | 'nodesShare'
  | 'serveStale'
  | keyof WrittenAs;

/** Keys whose written form does not follow from the form of the model. */
interface WrittenAs {
  readonly profile: Stated<ProfileDocument>;
  readonly flags: FlagsDocument;
  readonly flowSchemas: readonly FlowSchemaDocument[];
  readonly priorityLevelConfigurations: readonly PriorityLevelDocument[];
  readonly dataPlane: DataPlaneDocument;
  readonly playbook: PlaybookDocument;
}

/** The written form of a value: quantities as texts with units, with or without a source. */
export type Written<T> = T extends CostFormula
  ? Stated<string | number>
  : T extends DurationDistribution
    ? Stated<DurationDistributionInput>
    : T extends Duration
      ? Stated<string>
      : T extends number
        ? number extends T
          ? Stated<number | string>
          : T
        : T extends string | boolean | null | undefined
          ? T
          : T extends readonly (infer Item)[]
            ? readonly Written<Item>[]
            : WrittenObject<T>;

type WrittenObject<T> = {
  readonly [K in keyof T as K extends Optional ? never : K]: Written<T[K]>;
} & {
  readonly [K in Extract<keyof T, Optional>]?: (K extends keyof WrittenAs ? WrittenAs[K] : Written<T[K]>) | undefined;
};

/** A scenario document as plain data. */
export type ScenarioDocument = Written<Scenario>;
