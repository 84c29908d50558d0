/** The section of a document that asks for a smaller model of it; scenario/reduction.ts makes it. */
import * as z from 'zod';
import type { Written } from '../document.ts';
import { lazily } from '../lazily.ts';
import { number } from '../quantity.ts';

/** A smaller model: rougher, quicker, and never to be quoted without that. */
export interface ReductionSection {
  /** Nodes that each node stands for on average, 1 to 1,000; those of clusters with more API servers stand for more. */
  readonly factor: number;
  /**
   * API servers and etcd members of a cluster: `one` large one in place of all, which keeps requests small beside it, or
   * `all`, which keeps their failing over. Default one, unless the document has something that happens to single servers.
   */
  readonly servers?: 'one' | 'all' | undefined;
}

/** The rules of this section. */
export const reductionSection: () => z.ZodType<ReductionSection, Written<ReductionSection>> = lazily(() =>
  z.strictObject({
    factor: number({ min: 1, max: 1000 }).describe('nodes that each node stands for, on average'),
    servers: z
      .enum(['one', 'all'])
      .optional()
      .describe('API servers of a cluster: one in place of all (default where nothing happens to single ones), or all'),
  }),
);
