/** The part of a document about what an agent does after a failed request. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { duration, number, share } from '../quantity.ts';

/** Waits that double, and how much at random is added to each, as a share of it. */
interface BackoffSection {
  readonly first: Duration;
  readonly longest: Duration;
  /** Default 1: up to as much again. */
  readonly jitter?: number | undefined;
}

/** What an agent does after a failed request. */
export type AgentRetrySection =
  | { readonly policy: 'none' }
  | { readonly policy: 'fixed'; readonly wait: Duration; readonly jitter?: number | undefined }
  | ({ readonly policy: 'exponential' } & BackoffSection)
  | ({ readonly policy: 'budget'; readonly retriesPerRequest: number; readonly reserve: number } & BackoffSection);

const jitter = lazily(() => share().optional().describe('added at random, as a share of the wait; default 1'));
const backoff = lazily(() => ({
  first: duration({ min: 1 }).describe('wait after the first failure; it doubles'),
  longest: duration({ min: 1 }),
  jitter: jitter(),
}));

/** The rules of this part. */
export const agentRetry: () => z.ZodType<AgentRetrySection, Written<AgentRetrySection>> = lazily(() =>
  z.discriminatedUnion('policy', [
    z.strictObject({ policy: z.literal('none') }).describe('it gives up and asks again after its period'),
    z.strictObject({
      policy: z.literal('fixed'),
      wait: duration({ min: 1 }).describe('the same wait after every failure'),
      jitter: jitter(),
    }),
    z.strictObject({ policy: z.literal('exponential'), ...backoff() }),
    z.strictObject({
      policy: z.literal('budget'),
      ...backoff(),
      retriesPerRequest: number({ min: 0 }).describe('repetitions that each request earns'),
      reserve: number({ min: 0 }).describe('most repetitions that are saved up'),
    }),
  ]),
);
