/** The section of a document about users and their products. */
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { identifier } from '../identifier.ts';
import { number, rate, share } from '../quantity.ts';

/** Users and their products. */
export interface UsersSection {
  /** Traffic a cluster can take beyond its own. */
  readonly headroom: number;
  readonly products: readonly {
    readonly id: string;
    readonly title: string;
    readonly requests: number;
    readonly lookups: number;
    /** How long its users wait for an answer; matters where a fault makes requests wait. Default for ever. */
    readonly patience?: DurationDistribution | undefined;
  }[];
}

/** The rules of this section. */
export const usersSection: () => z.ZodType<UsersSection, Written<UsersSection>> = lazily(() =>
  z.strictObject({
    headroom: share().describe('traffic a cluster can take beyond its own before it turns users away'),
    products: z
      .array(
        z.strictObject({
          id: identifier(),
          title: z.string(),
          requests: rate(),
          lookups: number({ min: 0 }).describe('different names one request needs'),
          patience: durationDistribution()
            .optional()
            .describe('how long its users wait for an answer; default for ever'),
        }),
      )
      .min(1),
  }),
);
