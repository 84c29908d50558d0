/** The section of a document about how the change reaches the clusters. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { Written } from '../document.ts';
import { identifier } from '../identifier.ts';
import { duration, share } from '../quantity.ts';

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
  }[];
  /** When the rollout halts and takes itself back; default never. */
  readonly gate?:
    | { readonly apiServerCpuAbove: number; readonly apiErrorShareAbove: number; readonly window: Duration }
    | undefined;
}

/** The rules of this section. */
export const rolloutSection: z.ZodType<RolloutSection, Written<RolloutSection>> = z.strictObject({
  waves: z
    .array(
      z.strictObject({
        clusters: z.array(identifier).min(1).describe('clusters of this wave, all at once'),
        nodesShare: share().prefault(1).describe('share of their nodes that the DaemonSet selects from then on'),
        at: duration({ min: -Infinity }).optional().describe('start, relative to the trigger'),
        bake: duration().optional().describe('start this long after the wave before has settled'),
      }),
    )
    .min(1),
  gate: z
    .strictObject({
      apiServerCpuAbove: share().describe('halt when an API server of a cluster in the rollout is busier than this'),
      apiErrorShareAbove: share().describe('halt when this share of API requests fails'),
      window: duration({ min: 1 }).describe('measured over this window'),
    })
    .optional(),
});
