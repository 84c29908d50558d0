/** The section of a document about the people, what they see and what they can do. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import { valueAt } from '../data-path.ts';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { bytes, cores, count, duration, number, share } from '../quantity.ts';
import { type PlaybookSection, playbookSection } from './playbook.ts';
import {
  type AlertRuleSection,
  alertRuleSection,
  type DetectionSection,
  detectionSection,
  type MonitoringSection,
  monitoringSection,
} from './alerts.ts';

/** The people and what they can do. */
export interface OperatorsSection {
  readonly crew: number;
  readonly alert: { readonly scrapeInterval: Duration; readonly apiErrorShareAbove: number; readonly for: Duration };
  /** Rules beside `alert`; default none. */
  readonly alerts?: readonly AlertRuleSection[] | undefined;
  /** What wakes people first, in place of `alert` and `alerts`; default those. */
  readonly detection?: DetectionSection | undefined;
  /** How clusters are watched; default by monitoring that stands on its own. */
  readonly monitoring?: MonitoringSection | undefined;
  readonly paging: DurationDistribution;
  readonly diagnosis: DurationDistribution;
  /** The usual steps need it, as they need `escalation`, `recovery` and all of `rollback`; a playbook with `steps` reads none of it. */
  readonly steering?: DurationDistribution | undefined;
  readonly rollback: {
    readonly pause?: DurationDistribution | undefined;
    /** Patience with one request of whatever is done through the API. */
    readonly requestTimeout: Duration;
    readonly requests?: number | undefined;
  };
  readonly escalation?: DurationDistribution | undefined;
  readonly recovery?:
    | {
        readonly blockAdminApi: DurationDistribution | null;
        readonly scaleUp: DurationDistribution | null;
        readonly scaleUpFactor: number;
        readonly scaleDown: DurationDistribution | null;
        readonly scaleDownShare: number;
        readonly verification: DurationDistribution;
      }
    | undefined;
  readonly breakGlass: { readonly cores: number; readonly memory: number } | null;
  /** What they do and in which order; default what the other keys say. */
  readonly playbook?: PlaybookSection | undefined;
}

/** Keys that the usual steps are made of, and what each says; a document that writes its own steps may leave them out. */
const usualKeys: readonly (readonly [path: readonly string[], meaning: string])[] = [
  [['steering'], 'from diagnosis to the first traffic moved'],
  [['rollback', 'pause'], 'between two tries'],
  [['rollback', 'requests'], 'API requests of one try'],
  [['escalation'], 'until other means than the API are tried'],
  [['recovery'], 'the other means and how long they take'],
];

/** The rules of this section. */
export const operatorsSection: () => z.ZodType<OperatorsSection, Written<OperatorsSection>> = lazily(() =>
  z
    .strictObject({
      crew: count({ min: 0 }).describe('clusters that can be worked on at once'),
      alert: z.strictObject({
        scrapeInterval: duration({ min: 1 }),
        apiErrorShareAbove: share(),
        for: duration(),
      }),
      alerts: z.array(alertRuleSection()).max(100).optional().describe('alert rules beside `alert`; default none'),
      detection: detectionSection().optional().describe('what wakes people first; default `alert` and `alerts`'),
      monitoring: monitoringSection().optional().describe('how clusters are watched; default from outside, always'),
      paging: durationDistribution(),
      diagnosis: durationDistribution(),
      steering: durationDistribution()
        .optional()
        .describe('from diagnosis to the first traffic moved; for the usual steps'),
      rollback: z.strictObject({
        pause: durationDistribution().optional().describe('between two tries; for the usual steps'),
        requestTimeout: duration({ min: 1 }),
        requests: count({ min: 1 })
          .optional()
          .describe('API requests of one try, one after the other; for the usual steps'),
      }),
      escalation: durationDistribution()
        .optional()
        .describe('from diagnosis until a cluster is attacked by other means than the API; for the usual steps'),
      recovery: z
        .strictObject({
          blockAdminApi: durationDistribution()
            .nullable()
            .describe('to block the admin API at the network; null = not done'),
          scaleUp: durationDistribution()
            .nullable()
            .describe('to give the API servers larger machines; null = not done'),
          scaleUpFactor: number({ min: 1 }).describe('cores and memory of the larger machines, as a multiple'),
          scaleDown: durationDistribution().nullable().describe('to have the cloud take nodes away; null = not done'),
          scaleDownShare: share().describe('share of the nodes taken away'),
          verification: durationDistribution().describe(
            'to make sure that a cluster is well before the next one is begun',
          ),
        })
        .optional()
        .describe('the other means, for the usual steps'),
      breakGlass: z
        .strictObject({ cores: cores(), memory: bytes({ min: 1 }) })
        .nullable()
        .describe('an API server per cluster outside the balancer, for operators and controllers only; null = none'),
      playbook: playbookSection()
        .optional()
        .describe('what they do, and in which order; default what the other keys say'),
    })
    .superRefine((section, context) => {
      if (section.playbook?.steps !== undefined) return;
      for (const [path, meaning] of usualKeys) {
        if (valueAt(section, path) !== undefined) continue;
        const message = `missing; expected ${meaning}: only a playbook with steps does without`;
        context.addIssue({ code: 'custom', path: [...path], message });
      }
    }),
);
