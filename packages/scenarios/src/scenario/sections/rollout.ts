/** The section of a document about how the change reaches the clusters. */
import type { MetricReference } from '../../operations/monitoring/metric-catalogue.ts';
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { identifier } from '../identifier.ts';
import { count, duration, type Quantity, quantity, share } from '../quantity.ts';
import { show } from '../wording.ts';
import { inUnitOfMetric, metricKeys, metricLimit } from './metric.ts';

/** How the change reaches the clusters. */
export interface RolloutSection {
  readonly waves: readonly {
    readonly clusters: readonly string[];
    /** Share of the nodes selected from then on; default 1. */
    readonly nodesShare: number;
    /** Start, relative to the trigger. */
    readonly at?: Duration | undefined;
    /** Start this long after the wave before has settled. */
    readonly bake?: Duration | undefined;
    /** How long somebody takes to let it begin once it could; default nobody is asked. */
    readonly approval?: DurationDistribution | undefined;
    /** Whether its clusters stay where they are when the order is random, as canaries do; default they do not. */
    readonly place?: 'fixed' | 'any' | undefined;
  }[];
  /** Clusters in the order written (default), or with production clusters changing places at random. */
  readonly order?: 'written' | 'random' | undefined;
  /** When the rollout halts and takes itself back; default never. */
  readonly gate?:
    | { readonly apiServerCpuAbove: number; readonly apiErrorShareAbove: number; readonly window: Duration }
    | undefined;
  /** The same on any metrics of the catalogue; default none. */
  readonly health?: HealthSection | undefined;
  /** How the pipeline sends its requests. */
  readonly pipeline?:
    | {
        /** Default 30 s. */
        readonly requestTimeout?: Duration | undefined;
        /** After the first failure, doubling up to `longestPause`; default 10 s. */
        readonly pause?: Duration | undefined;
        /** Default as long as `pause`. */
        readonly longestPause?: Duration | undefined;
        /** Tries after which it gives a write up; default never. */
        readonly attempts?: number | undefined;
      }
    | undefined;
  /** The DaemonSet was there before and gets a new template; default it is new. Needs `kubernetes.profile`. */
  readonly update?:
    | {
        readonly type?: 'RollingUpdate' | 'OnDelete' | undefined;
        /** Nodes, or a share of them below 1; default 1 and 0. */
        readonly maxUnavailable?: number | undefined;
        readonly maxSurge?: number | undefined;
        readonly minReady?: Duration | undefined;
        /** Between two pods that the pipeline deletes, with OnDelete; default 1 s. */
        readonly deletionPause?: Duration | undefined;
      }
    | undefined;
}

/** A health gate. */
export interface HealthSection {
  readonly window: Duration;
  readonly failures?: number | undefined;
  readonly scope?: 'touched' | 'wave' | undefined;
  readonly noData?: 'pass' | 'hold' | 'fail' | undefined;
  readonly action?: 'rollback' | 'halt' | undefined;
  readonly conditions: readonly (MetricReference & {
    readonly above?: number | undefined;
    readonly below?: number | undefined;
    readonly changeAbove?: number | undefined;
    readonly changeBelow?: number | undefined;
  })[];
}

const condition = lazily(() =>
  z
    .strictObject({
      ...metricKeys(),
      above: metricLimit().optional().describe('fails above this'),
      below: metricLimit().optional().describe('fails below this'),
      changeAbove: metricLimit()
        .optional()
        .describe('fails when it is more than this above its value before the rollout'),
      changeBelow: metricLimit()
        .optional()
        .describe('fails when it is more than this below its value before the rollout'),
    })
    .superRefine(({ above, below, changeAbove, changeBelow }, context) => {
      if ([above, below, changeAbove, changeBelow].some((limit) => limit !== undefined)) return;
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'expected above, below, changeAbove or changeBelow, got none of them',
      });
    })
    .transform(inUnitOfMetric),
);

const health = lazily(() =>
  z.strictObject({
    window: duration({ min: 1 }).describe('how often it looks, and over how much time rates and shares are taken'),
    failures: count({ min: 1 }).optional().describe('failures in a row that stop the rollout; default 1'),
    scope: z
      .enum(['touched', 'wave'])
      .optional()
      .describe('all clusters that have the change, or those of the latest wave'),
    noData: z.enum(['pass', 'hold', 'fail']).optional().describe('missing data counts for nothing, holds, or fails'),
    action: z.enum(['rollback', 'halt']).optional().describe('take the change back, or leave it where it is'),
    conditions: z.array(condition()).min(1).max(50).describe('any one of them is enough'),
  }),
);

/** A number of nodes, or a share of them written below 1 or in per cent. */
function nodesOrShare(): Quantity<number | string, number> {
  const written = {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^[0-9.]+ ?%$' },
    ],
  };
  return quantity(written, (bare) => {
    const percent = typeof bare === 'string' ? /^\s*(\d{1,2}(?:\.\d+)?)\s*%\s*$/.exec(bare)?.[1] : undefined;
    const value = percent === undefined ? bare : Number(percent) / 100;
    const isRight = typeof value === 'number' && value >= 0 && (value < 1 || Number.isSafeInteger(value));
    return isRight ? { value } : { problem: `expected nodes such as 10 or a share such as "10 %", got ${show(bare)}` };
  });
}

/** The rules of this section. */
export const rolloutSection: () => z.ZodType<RolloutSection, Written<RolloutSection>> = lazily(() =>
  z.strictObject({
    waves: z
      .array(
        z.strictObject({
          clusters: z.array(identifier()).min(1).describe('clusters of this wave, all at once'),
          nodesShare: share().prefault(1).describe('share of their nodes that the DaemonSet selects from then on'),
          at: duration({ min: -Infinity }).optional().describe('start, relative to the trigger'),
          bake: duration().optional().describe('start this long after the wave before has settled'),
          approval: durationDistribution().optional().describe('how long somebody takes to let it begin'),
          place: z.enum(['fixed', 'any']).optional().describe('fixed: keeps its clusters when the order is random'),
        }),
      )
      .min(1),
    order: z
      .enum(['written', 'random'])
      .optional()
      .describe('random: production clusters change places, drawn anew for each seed'),
    gate: z
      .strictObject({
        apiServerCpuAbove: share().describe('halt when an API server of a cluster in the rollout is busier than this'),
        apiErrorShareAbove: share().describe('halt when this share of API requests fails'),
        window: duration({ min: 1 }).describe('measured over this window'),
      })
      .optional(),
    health: health().optional().describe('a gate on any metrics of the catalogue'),
    pipeline: z
      .strictObject({
        requestTimeout: duration({ min: 1 }).optional().describe('default 30 s'),
        pause: duration({ min: 1 }).optional().describe('after the first failure, doubling; default 10 s'),
        longestPause: duration({ min: 1 }).optional().describe('pauses double up to this; default no doubling'),
        attempts: count({ min: 1 }).optional().describe('tries after which it gives up; default never'),
      })
      .optional()
      .describe("how the pipeline's own requests go"),
    update: z
      .strictObject({
        type: z.enum(['RollingUpdate', 'OnDelete']).optional().describe('spec.updateStrategy.type'),
        maxUnavailable: nodesOrShare()
          .optional()
          .describe('spec.updateStrategy.rollingUpdate.maxUnavailable; default 1'),
        maxSurge: nodesOrShare().optional().describe('spec.updateStrategy.rollingUpdate.maxSurge; default 0'),
        minReady: duration().optional().describe('spec.minReadySeconds; default 0 s'),
        deletionPause: duration().optional().describe('OnDelete: between two pods that the pipeline deletes'),
      })
      .optional()
      .describe('the DaemonSet was there before and gets a new template; needs kubernetes.profile'),
  }),
);
