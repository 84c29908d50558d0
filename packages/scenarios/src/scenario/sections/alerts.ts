/** The part of the section on operators that says what they see: how clusters are watched, and the rules that call them. */
import type { MetricReference } from '../../operations/monitoring/metric-catalogue.ts';
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Across } from '../../operations/alerting.ts';
import type { SharedFate } from '../../operations/monitoring/scrape-path.ts';
import type { Written } from '../document.ts';
import { duration } from '../quantity.ts';
import { inUnitOfMetric, metricKeys, metricLimit } from './metric.ts';

/** One alert rule. */
export interface AlertRuleSection extends MetricReference {
  readonly name: string;
  /** Fires above this, below that, or when there is no data; any one of them is enough. */
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly noData?: 'fire' | 'ignore' | undefined;
  /** Each cluster on its own, or one number made of all; default each. */
  readonly across?: Across | undefined;
  /** Time over which rates and shares are taken; default from one scrape to the next. */
  readonly window?: Duration | undefined;
  /** How long it must hold; default at once. */
  readonly for?: Duration | undefined;
  /** How long it goes on firing afterwards; default not at all. */
  readonly keepFiringFor?: Duration | undefined;
  /** Whether it wakes somebody; default page. */
  readonly severity?: 'page' | 'ticket' | undefined;
}

/** What wakes people first: an alert of a monitoring system that is not modelled, such as rules evaluated on an earlier run. */
export interface DetectionSection {
  /** After the trigger; null = it never comes, and no alert wakes anybody. */
  readonly at: Duration | null;
  /** What it is called in the timeline. */
  readonly by: string;
}

/** How clusters are watched. */
export interface MonitoringSection {
  /** Default 10 s, and never longer than the scrape interval. */
  readonly scrapeTimeout?: Duration | undefined;
  /** Default right after each scrape. */
  readonly evaluationInterval?: Duration | undefined;
  /** How long a value stands after a scrape that failed; default not at all. */
  readonly staleness?: Duration | undefined;
  /** What of a cluster must work for it to be seen; default nothing. */
  readonly sharesFate?: SharedFate | undefined;
}

/** The rules of an alert. */
export const alertRuleSection: () => z.ZodType<AlertRuleSection, Written<AlertRuleSection>> = lazily(() =>
  z
    .strictObject({
      name: z.string().min(1).max(200).describe('what the alert is called in the timeline'),
      ...metricKeys(),
      above: metricLimit().optional().describe('fires above this'),
      below: metricLimit().optional().describe('fires below this'),
      noData: z.enum(['fire', 'ignore']).optional().describe('what it does when there is no data; default ignore'),
      across: z
        .enum(['each', 'max', 'min', 'mean', 'sum'])
        .optional()
        .describe('each cluster on its own, or one number made of all; default each'),
      window: duration({ min: 1 })
        .optional()
        .describe('rates and shares are taken over this; default the scrape interval'),
      for: duration().optional().describe('fires when it has held for this long; default at once'),
      keepFiringFor: duration().optional().describe('goes on firing this long afterwards; default not at all'),
      severity: z.enum(['page', 'ticket']).optional().describe('whether it wakes somebody; default page'),
    })
    .superRefine((rule, context) => {
      if (rule.above !== undefined || rule.below !== undefined || rule.noData === 'fire') return;
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'expected above, below or noData: fire, got none of them',
      });
    })
    .transform(inUnitOfMetric),
);

/** The rules of an alert from outside. */
export const detectionSection: () => z.ZodType<DetectionSection, Written<DetectionSection>> = lazily(() =>
  z.strictObject({
    at: duration().nullable().describe('time after the trigger; null = never, and no alert wakes anybody'),
    by: z.string().min(1).max(200).describe('what the alert is called in the timeline'),
  }),
);

/** The rules of monitoring. */
export const monitoringSection: () => z.ZodType<MonitoringSection, Written<MonitoringSection>> = lazily(() =>
  z.strictObject({
    scrapeTimeout: duration({ min: 1 }).optional().describe('a scrape that takes longer has failed; default 10 s'),
    evaluationInterval: duration({ min: 1 })
      .optional()
      .describe('how often rules are evaluated; default at each scrape'),
    staleness: duration().optional().describe('how long a value stands after a failed scrape; default not at all'),
    sharesFate: z
      .enum(['none', 'dns', 'api'])
      .optional()
      .describe('what of a cluster must work for it to be seen: nothing, its DNS, its API; default none'),
  }),
);
