/** The section of a document about the agent that a DaemonSet puts on every node. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { identifier } from '../identifier.ts';
import { count, duration, number, share } from '../quantity.ts';
import { agentRetry, type AgentRetrySection } from './agent-retry.ts';

/** One of the requests that an agent repeats. */
export interface AgentRequestSection {
  /**
   * `list` and `watch` are what `agent.list` says, once a period or as an informer; `get` is a read of one object from etcd,
   * `write` an update of one.
   */
  readonly kind: 'list' | 'watch' | 'get' | 'write';
  /** Default: the period of the agent. */
  readonly period?: Duration | undefined;
  /**
   * Instead of once a period it is sent so often after each change of the agent's configuration, once for each of so many
   * objects. Needs `agent.configuration`.
   */
  readonly perChange?: number | undefined;
  /**
   * The write is of an object that agents watch, so each of them is told: by the watch caches of a document with
   * `kubernetes.profile`, elsewhere as CPU of the write. Default false: of an object that nobody watches.
   */
  readonly tellsAgents?: boolean | undefined;
}

/** The agent that a DaemonSet puts on every node. */
export interface AgentSection {
  readonly name: string;
  /** Namespace of its service account: decides the priority level, workload-high or workload-low. */
  readonly namespace: 'kube-system' | 'other';
  readonly list: {
    /** `unset` = quorum read from etcd, `0` = from the watch cache. */
    readonly resourceVersion: 'unset' | '0';
    readonly encoding: 'json' | 'protobuf';
    readonly selector: 'none' | 'own-node';
    /** Objects of one page; absent = everything in one answer. The watch cache and the selector of a node ignore it. */
    readonly limit?: number | undefined;
  };
  readonly period: Duration;
  readonly periodJitter: number;
  readonly timeout: Duration;
  readonly startDelay: DurationDistribution;
  /**
   * From the start of a pod until it ends as Failed, such as by eviction when its node is short of memory. Its controller
   * replaces it, with a back-off. Read where a profile is named; default never.
   */
  readonly podsFailAfter?: DurationDistribution | undefined;
  /**
   * `poll` (the default) repeats the LIST. `watch` is an informer: one LIST from the watch cache, whatever
   * `list.resourceVersion` says (client-go asks for "0"), then a WATCH.
   */
  readonly mode?: 'poll' | 'watch' | undefined;
  /** Everything it sends, each of its own period; default one LIST, or one WATCH in that mode. */
  readonly requests?: readonly AgentRequestSection[] | undefined;
  /** The first request waits up to this long more, evenly drawn. Default 0. */
  readonly startJitter?: Duration | undefined;
  /** Client-side rate limit of each agent over all its requests; default none. */
  readonly rateLimit?: { readonly qps: number; readonly burst: number } | undefined;
  /** What it does after a failed request; default as client-go's reflector. */
  readonly retry?: AgentRetrySection | undefined;
  /** So many collectors in each cluster ask for all agents, which then ask for nothing themselves. Default none. */
  readonly collectors?: number | undefined;
  /** Cores that it takes on its node; default 0. */
  readonly cpu?: number | undefined;
  /**
   * The agent is on every node from the start, and what the rollout writes is an object that it watches: after `delay` it
   * sends its requests `perChange`. Default: a DaemonSet brings the agent.
   */
  readonly configuration?: { readonly delay: DurationDistribution } | undefined;
}

const podsFailAfter = lazily(() =>
  durationDistribution().describe('from the start of a pod until it ends as Failed; needs a profile; default never'),
);

/** The rules of this section. */
export const agentSection: () => z.ZodType<AgentSection, Written<AgentSection>> = lazily(() =>
  z.strictObject({
    name: identifier(),
    namespace: z.enum(['kube-system', 'other']).describe('decides the priority level: workload-high or workload-low'),
    list: z.strictObject({
      resourceVersion: z.enum(['unset', '0']).describe('unset = quorum read from etcd, 0 = from the watch cache'),
      encoding: z.enum(['json', 'protobuf']),
      selector: z.enum(['none', 'own-node']),
      limit: count({ min: 1 })
        .optional()
        .describe('objects of one page of a LIST from etcd; default all in one answer'),
    }),
    period: duration({ min: 1 }),
    periodJitter: share(),
    timeout: duration({ min: 1 }),
    startDelay: durationDistribution().describe('from binding to the first request: image pull and start'),
    podsFailAfter: podsFailAfter().optional(),
    mode: z
      .enum(['poll', 'watch'])
      .optional()
      .describe('poll = the LIST again and again; watch = one LIST from the watch cache, then a WATCH; default poll'),
    requests: z
      .array(
        z.strictObject({
          kind: z.enum(['list', 'watch', 'get', 'write']),
          period: duration({ min: 1 }).optional().describe('default: the period of the agent'),
          perChange: count({ min: 1, max: 1000 })
            .optional()
            .describe('sent so often after each change of its configuration instead of once a period'),
          tellsAgents: z
            .boolean()
            .optional()
            .describe('a write of an object that every agent watches; default of one that nobody watches'),
        }),
      )
      .min(1)
      .max(8)
      .optional()
      .describe('everything the agent sends, in place of its one LIST'),
    startJitter: duration()
      .optional()
      .describe('the first request waits up to this long more, evenly drawn; default 0 s'),
    rateLimit: z
      .strictObject({ qps: number({ min: 0.001 }), burst: count({ min: 1 }) })
      .optional()
      .describe('client-side rate limit of each agent; default none'),
    retry: agentRetry()
      .optional()
      .describe('after a failed request; default 0.8 s doubling to 30 s, and what Retry-After says'),
    collectors: count({ min: 1, max: 100 })
      .optional()
      .describe('so many collectors per cluster ask for all agents; default none: every agent asks itself'),
    cpu: number({ min: 0 }).optional().describe('cores that the agent takes on its node; default 0'),
    configuration: z
      .strictObject({
        delay: durationDistribution().describe("from the write of the object to the agent's first request"),
      })
      .optional()
      .describe('the agent is on every node from the start, and the rollout changes an object that it watches'),
  }),
);
