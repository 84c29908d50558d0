/** The section of a document about the agent that a DaemonSet puts on every node. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { identifier } from '../identifier.ts';
import { duration, share } from '../quantity.ts';

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
  };
  readonly period: Duration;
  readonly periodJitter: number;
  readonly timeout: Duration;
  readonly startDelay: DurationDistribution;
}

/** The rules of this section. */
export const agentSection: z.ZodType<AgentSection, Written<AgentSection>> = z.strictObject({
  name: identifier,
  namespace: z.enum(['kube-system', 'other']).describe('decides the priority level: workload-high or workload-low'),
  list: z.strictObject({
    resourceVersion: z.enum(['unset', '0']).describe('unset = quorum read from etcd, 0 = from the watch cache'),
    encoding: z.enum(['json', 'protobuf']),
    selector: z.enum(['none', 'own-node']),
  }),
  period: duration({ min: 1 }),
  periodJitter: share(),
  timeout: duration({ min: 1 }),
  startDelay: durationDistribution().describe('from binding to the first request: image pull and start'),
});
