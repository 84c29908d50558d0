/** The section of a document about the people, what they see and what they can do. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { bytes, cores, count, duration, number, share } from '../quantity.ts';
import { type PlaybookSection, playbookSection } from './playbook.ts';
import { type AlertRuleSection, alertRuleSection, type MonitoringSection, monitoringSection } from './alerts.ts';

/** The people and what they can do. */
export interface OperatorsSection {
  readonly crew: number;
  readonly alert: { readonly scrapeInterval: Duration; readonly apiErrorShareAbove: number; readonly for: Duration };
  /** Rules beside `alert`; default none. */
  readonly alerts?: readonly AlertRuleSection[] | undefined;
  /** How clusters are watched; default by monitoring that stands on its own. */
  readonly monitoring?: MonitoringSection | undefined;
  readonly paging: DurationDistribution;
  readonly diagnosis: DurationDistribution;
  readonly steering: DurationDistribution;
  readonly rollback: {
    readonly pause: DurationDistribution;
    readonly requestTimeout: Duration;
    readonly requests: number;
  };
  readonly escalation: DurationDistribution;
  readonly recovery: {
    readonly blockAdminApi: DurationDistribution | null;
    readonly scaleUp: DurationDistribution | null;
    readonly scaleUpFactor: number;
    readonly scaleDown: DurationDistribution | null;
    readonly scaleDownShare: number;
    readonly verification: DurationDistribution;
  };
  readonly breakGlass: { readonly cores: number; readonly memory: number } | null;
  /** What they do and in which order; default what the other keys say. */
  readonly playbook?: PlaybookSection | undefined;
}

/** The rules of this section. */
export const operatorsSection: z.ZodType<OperatorsSection, Written<OperatorsSection>> = z.strictObject({
  crew: count({ min: 0 }).describe('clusters that can be worked on at once'),
  alert: z.strictObject({
    scrapeInterval: duration({ min: 1 }),
    apiErrorShareAbove: share(),
    for: duration(),
  }),
  alerts: z.array(alertRuleSection).max(100).optional().describe('alert rules beside `alert`; default none'),
  monitoring: monitoringSection.optional().describe('how clusters are watched; default from outside, always'),
  paging: durationDistribution(),
  diagnosis: durationDistribution(),
  steering: durationDistribution().describe('from diagnosis to the first traffic moved'),
  rollback: z.strictObject({
    pause: durationDistribution().describe('between two tries'),
    requestTimeout: duration({ min: 1 }),
    requests: count({ min: 1 }).describe('API requests of one try, one after the other'),
  }),
  escalation: durationDistribution().describe('from diagnosis until a cluster is attacked by other means than the API'),
  recovery: z.strictObject({
    blockAdminApi: durationDistribution().nullable().describe('to block the admin API at the network; null = not done'),
    scaleUp: durationDistribution().nullable().describe('to give the API servers larger machines; null = not done'),
    scaleUpFactor: number({ min: 1 }).describe('cores and memory of the larger machines, as a multiple'),
    scaleDown: durationDistribution().nullable().describe('to have the cloud take nodes away; null = not done'),
    scaleDownShare: share().describe('share of the nodes taken away'),
    verification: durationDistribution().describe('to make sure that a cluster is well before the next one is begun'),
  }),
  breakGlass: z
    .strictObject({ cores: cores(), memory: bytes({ min: 1 }) })
    .nullable()
    .describe('an API server per cluster outside the balancer, for operators and controllers only; null = none'),
  playbook: playbookSection.optional().describe('what they do, and in which order; default what the other keys say'),
});
