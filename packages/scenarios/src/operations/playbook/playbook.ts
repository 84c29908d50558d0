/**
 * A playbook: what operators do once they know the cause, as data. Steps run side by side; what comes before what is said
 * by conditions. playbook-run.ts carries it out.
 */
import type { Duration } from '@brownout/core';
import type { LetThrough } from '../../kubernetes/connections/network-block.ts';
import type { HumanTime } from '../operators.ts';

/** One action with what it needs to know. Times and chances belong to the step around it. */
export type PlaybookAction =
  /** `kubectl rollout undo`: the change is taken back. Of a DaemonSet that was new, no pods are left. */
  | { readonly action: 'roll-back' }
  /** `kubectl delete daemonset`: the same in fewer requests. */
  | { readonly action: 'delete-daemonset' }
  /** A FlowSchema that puts the agent's requests at another priority level. */
  | { readonly action: 'flow-schema'; readonly priorityLevel: string }
  /** The agent's role is deleted: its requests keep their seats for a moment, and are answered 403. */
  | { readonly action: 'revoke-role' }
  /** The cloud takes this share of the nodes away, so many a minute; default as fast as the request. */
  | { readonly action: 'scale-cluster-down'; readonly share: number; readonly nodesPerMinute: number }
  /** Whoever is scaling the cluster down stops; nodes that went stay away until they are given back. */
  | { readonly action: 'stop-scale-down' }
  /** The cloud gives as many machines as were taken away, so many a minute; default as fast as the request. They join. */
  | { readonly action: 'give-nodes-back'; readonly nodesPerMinute: number }
  /** The API servers get `factor` times the cores and memory. */
  | { readonly action: 'scale-api-servers-up'; readonly factor: number; readonly manner: ResizeManner }
  /** So many more API servers behind the balancer. */
  | { readonly action: 'scale-api-servers-out'; readonly replicas: number }
  | { readonly action: 'restart-api-servers'; readonly manner: RestartManner }
  /** Absent: whom the cluster's document lets through, which is nobody unless it says otherwise (`dns.mechanisms.blockedWatches`). */
  | { readonly action: 'block-admin-api'; readonly letThrough?: LetThrough | undefined }
  | { readonly action: 'unblock-admin-api' }
  /** At the proxy in front of the API servers: the agent's user agent gets so many requests a second. */
  | { readonly action: 'throttle-user-agent'; readonly requestsPerSecond: number }
  /** On the nodes themselves, so many a minute: the agent's process is stopped and kept from starting. */
  | { readonly action: 'stop-agents'; readonly nodesPerMinute: number }
  /** From then on, once a minute, traffic leaves clusters whose users see errors, and returns once they are calm. */
  | { readonly action: 'steer-traffic'; readonly above: number; readonly calm: Duration }
  /** Once, for one cluster. */
  | { readonly action: 'move-traffic'; readonly to: 'away' | 'back' }
  | { readonly action: 'warm-caches' }
  | { readonly action: 'limit-start-ups'; readonly limit: number }
  | { readonly action: 'stop-rollout' }
  /** Members of the crew turn to a cluster and stay with it until `hand-back`. */
  | { readonly action: 'take-on' }
  | { readonly action: 'hand-back' }
  /** Looks whether the cluster is well; `alert` fails while its alert fires, `nothing` takes the operators' word. */
  | { readonly action: 'verify'; readonly looksAt: 'alert' | 'nothing' };

/** Name of an action. */
export type ActionName = PlaybookAction['action'];

/** `in-place`: the running process gets more. `rolling`: one after the other on a new machine; `at-once`: all together. */
export type ResizeManner = 'in-place' | RestartManner;

/** One server after the other, each ready before the next; or all at once. */
export type RestartManner = 'rolling' | 'at-once';

/**
 * How an action reaches what it changes. `api`, `inside` and `break-glass` are requests to the API servers and can be locked
 * out: from outside through the balancer; from the control plane's own network, past a block; to the break-glass server. The
 * others do not need the cluster: `tools` are those beside the clusters, such as the pipeline and the global balancer.
 */
export type StepPath = 'api' | 'inside' | 'break-glass' | 'cloud-api' | 'network' | 'node' | 'tools';

/** Which clusters a step is for: those in trouble or with the change, all of them, or none in particular. */
export type StepScope = 'affected' | 'all' | 'once';

/** What must hold before a step begins: everything that is named. */
export interface StepConditions {
  /** Ids of steps, of the same cluster or of none. */
  readonly succeeded?: readonly string[] | undefined;
  /** At least one try has failed. */
  readonly failed?: readonly string[] | undefined;
  /** All tries have failed. */
  readonly gaveUp?: readonly string[] | undefined;
  readonly started?: readonly string[] | undefined;
  /** Succeeded, given up or skipped. */
  readonly ended?: readonly string[] | undefined;
  /** This long after all of these have come about; without them, after the cluster was found to be affected. */
  readonly wait?: HumanTime | undefined;
  /** What must hold when the step begins. */
  readonly state?: StepState | undefined;
}

/** What is seen of a cluster; every key that is there must be as it says. */
export interface StepState {
  readonly alertFiring?: boolean | undefined;
  /** Most requests of its clients fail: fewer than half succeed between two looks. */
  readonly clusterLost?: boolean | undefined;
  /** No pod of the agent is left in the API. */
  readonly agentsGone?: boolean | undefined;
  /** No agent runs, whatever the API says. */
  readonly agentsStopped?: boolean | undefined;
  readonly trafficAway?: boolean | undefined;
  /** Share of its user requests that fail. */
  readonly userErrorsAbove?: number | undefined;
}

/** What happens after a try that failed. */
export interface StepRetry {
  readonly pause: HumanTime;
  /** Tries in all; `Infinity` = until it works. */
  readonly attempts: number;
}

/** One step. */
export interface PlaybookStep {
  readonly id: string;
  readonly action: PlaybookAction;
  readonly path: StepPath;
  readonly scope: StepScope;
  /** From its beginning to its effect; each try of an action that is not a request to the API takes it anew. */
  readonly time: HumanTime;
  readonly when: StepConditions;
  /** Any of these, and a step that has had no effect yet is dropped. */
  readonly unless: StepState;
  /** Chance that a try comes to nothing, where no request decides it. */
  readonly failureChance: number;
  readonly retry: StepRetry;
  /** Members of the crew it takes, from its beginning to its end; 0 = nobody's time. */
  readonly crew: number;
  /** Requests of one try where the path is one to the API, the last of which writes; absent = as kubectl sends them. */
  readonly requests?: number | undefined;
}

/** Which cluster gets members of the crew first. */
export type WorkOrder = 'as-they-come' | 'largest-first' | 'smallest-first' | 'worst-first';

/** More people, so long after the first were notified. */
export interface Reinforcement {
  readonly after: Duration;
  readonly members: number;
}

/** A playbook. */
export interface Playbook {
  readonly order: WorkOrder;
  /** `sequential`: of one cluster, one step at a time, in the order of the list. */
  readonly work: 'parallel' | 'sequential';
  readonly crew: number;
  readonly reinforcements: readonly Reinforcement[];
  /** Whose certificate goes with requests to the API: an ordinary administrator's, or one that flow control exempts. */
  readonly credential: 'admin' | 'system-masters';
  readonly steps: readonly PlaybookStep[];
}

/** Paths that are requests to API servers. */
export const apiPaths: readonly StepPath[] = ['api', 'inside', 'break-glass'];

/** The ways an action can go, the usual one first. */
export const pathsOf: Readonly<Record<ActionName, readonly StepPath[]>> = {
  'roll-back': apiPaths,
  'delete-daemonset': apiPaths,
  'flow-schema': apiPaths,
  'revoke-role': apiPaths,
  'scale-cluster-down': ['cloud-api'],
  'stop-scale-down': ['cloud-api'],
  'give-nodes-back': ['cloud-api'],
  'scale-api-servers-up': ['cloud-api'],
  'scale-api-servers-out': ['cloud-api'],
  'restart-api-servers': ['node', 'cloud-api'],
  'block-admin-api': ['network'],
  'unblock-admin-api': ['network'],
  'throttle-user-agent': ['network'],
  'stop-agents': ['node'],
  'steer-traffic': ['tools'],
  'move-traffic': ['tools'],
  'warm-caches': ['tools', 'node'],
  'limit-start-ups': ['tools', 'node', 'network'],
  'stop-rollout': ['tools'],
  'take-on': ['tools'],
  'hand-back': ['tools'],
  verify: ['tools'],
};

/** Actions that are for no cluster in particular. */
export const globalActions: readonly ActionName[] = ['stop-rollout', 'steer-traffic'];
