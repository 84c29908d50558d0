/** `clusters[].nodesJoin` of a document: machines that come while it runs. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { lazily } from '../lazily.ts';
import { count, duration } from '../quantity.ts';

/** Machines that join a cluster, such as those that an autoscaler has ordered. */
export interface NodesJoinSection {
  /** When the first of them is there, relative to the trigger. */
  readonly at: Duration;
  readonly count: number;
  /** They come evenly over so long; default all at once. */
  readonly over?: Duration | undefined;
  /** From the arrival of a machine to the start of its kubelet; default no time. */
  readonly startTime?: DurationDistribution | undefined;
  /** From its registration until its kubelet finds the node ready; default 10 s. */
  readonly readyAfter?: DurationDistribution | undefined;
  /**
   * Who creates the Node objects: each kubelet its own (default), or a provisioner as soon as a machine is there, which is
   * what `--node-startup-grace-period` is about. Read where a profile is named.
   */
  readonly objects?: 'kubelet' | 'provisioner' | undefined;
}

/** Machines of one cluster that may join, at most. */
const MOST = 20_000;

/** The rules of the key. */
export const nodesJoinSection: () => z.ZodType<readonly NodesJoinSection[], readonly Written<NodesJoinSection>[]> =
  lazily(() =>
    z
      .array(
        z.strictObject({
          at: duration({ min: -Infinity }).describe('when the first machine is there'),
          count: count({ min: 1, max: MOST }),
          over: duration().optional().describe('they come evenly over so long; default all at once'),
          startTime: durationDistribution()
            .optional()
            .describe('from the arrival of a machine to the start of its kubelet; default no time'),
          readyAfter: durationDistribution()
            .optional()
            .describe('from its registration until its kubelet finds the node ready; default 10 s'),
          objects: z
            .enum(['kubelet', 'provisioner'])
            .optional()
            .describe('who creates the Node objects: each kubelet its own (default), or a provisioner beforehand'),
        }),
      )
      .max(100)
      .refine((all) => all.reduce((sum, one) => sum + one.count, 0) <= MOST, {
        message: `expected at most ${MOST} machines that join a cluster in all`,
      }),
  );
