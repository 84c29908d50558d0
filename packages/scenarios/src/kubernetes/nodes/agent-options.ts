/** What an agent is told: its requests, how often, how it takes a failure, and how many of it ask the API. */
import type { Duration, Stream } from '@brownout/core';
import type { PaceOptions } from '../client/paced-client.ts';
import type { ReflectorOperations } from '../client/reflector-options.ts';
import type { DeclaredOperation } from '../requests/operation.ts';

/** What an agent does after a failed attempt. Jitter is a share: a wait of w is drawn from w to w * (1 + jitter). */
export type AgentRetryPolicy =
  /** It gives the request up and asks again after its period. */
  | { readonly policy: 'none' }
  /** The same wait after every failure, whatever the server says. */
  | { readonly policy: 'fixed'; readonly wait: Duration; readonly jitter: number }
  /**
   * Waits that double. Within a request a Retry-After is obeyed ten times and a broken connection costs a second, as in
   * client-go (client/request-retry.ts).
   */
  | { readonly policy: 'exponential'; readonly first: Duration; readonly longest: Duration; readonly jitter: number }
  /**
   * The same waits, at least as long as a Retry-After, as long as the agent's budget pays for the repetition: each request
   * earns a share of one, and no more than `reserve` are saved up. Without budget the request is given up.
   */
  | {
      readonly policy: 'budget';
      readonly first: Duration;
      readonly longest: Duration;
      readonly jitter: number;
      readonly retriesPerRequest: number;
      readonly reserve: number;
    };

/** A request that every agent repeats. */
export interface AgentRequest {
  /** Distinguishes the requests of one agent, in names of streams and groups; '' for the first. */
  readonly name: string;
  /** What flow control sees of it; default list. */
  readonly verb?: 'list' | 'get' | 'update';
  /** Name of its operation, built-in or declared. */
  readonly operation: string;
  /** Time from one success to the next request. */
  readonly period: Duration;
  /** LIST in pages: objects of one page, and the operation of every page but the first. Absent = one answer. */
  readonly pages?: {
    readonly limit: number;
    readonly operation: string;
    /** A page whose version etcd has compacted away, and the LIST of everything that follows. Absent = versions live for ever. */
    readonly ifGone?: { readonly expired: string; readonly whole: string };
  };
  /** Instead of being repeated, it fills a store that a WATCH keeps current; it is sent again when the stream breaks. */
  readonly isInformer?: boolean;
  /** Instead of being repeated, it is sent so often after each change of the agent's configuration, once for each object. */
  readonly perChange?: number;
}

/** What an agent asks for, how often, and how it takes a failure. */
export interface DaemonOptions {
  readonly name: string;
  /** Namespace of its service account: requests from kube-system go to workload-high, others to workload-low. */
  readonly namespace: string;
  /** The request it sends, where `requests` says nothing else. */
  readonly operation: string;
  /** Time from one success to the next request. */
  readonly period: Duration;
  /** Nodes that may join, beyond those that are there from the beginning; default none. */
  readonly joining?: number;
  /** Share of the period by which it varies, up and down. */
  readonly periodJitter: number;
  readonly timeout: Duration;
  /** From the pod's binding to the first request: image pull, start. */
  readonly startDelay: { sample(stream: Stream): Duration };
  /** Everything it sends, in place of `operation` once a `period`. */
  readonly requests?: readonly AgentRequest[];
  /** Operations of its requests that are not built in. */
  readonly declared?: readonly DeclaredOperation[];
  /** The first request waits up to this long more, evenly drawn. Default 0. */
  readonly startJitter?: Duration;
  /** Client-side rate limit of each agent over all its requests; default none. */
  readonly pace?: PaceOptions;
  /** Default: ten times what a Retry-After says, then the back-off of client-go's reflector, 0.8 s doubling to 30 s. */
  readonly retry?: AgentRetryPolicy;
  /** So many collectors ask the API for all agents of the cluster, which then send nothing themselves. Default none. */
  readonly collectors?: number;
  /** Where API servers have watch caches: informers select the pods of their node; they take JSON. Default no. */
  readonly informer?: { readonly isOfOwnNode: boolean; readonly encoding: 'json' | 'protobuf' };
}

/** What the reflectors of agents send, where the API servers have watch caches. */
export interface DaemonWatches {
  readonly agent?: ReflectorOperations;
}
