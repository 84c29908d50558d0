/**
 * Admission webhooks in a document: servers that API servers ask before they write. Their backends answer until a fault says
 * otherwise (`webhook-down`).
 */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { WebhookOptions } from '../../kubernetes/api-server/admission-webhooks.ts';
import { type OperationName, operationNames, operations } from '../../kubernetes/requests/operation.ts';
import { measuredUnitCosts } from '../../kubernetes/unit-costs/unit-costs.ts';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { identifier } from '../identifier.ts';
import { lazily } from '../lazily.ts';
import { duration } from '../quantity.ts';

/** One webhook, as its configuration object has it. */
export interface WebhookSection {
  readonly name: string;
  readonly kind: 'mutating' | 'validating';
  /** Writes that its rules match, by the names that costs have them under. */
  readonly operations: readonly OperationName[];
  /** Time of one call while its backend answers. */
  readonly latency: DurationDistribution;
  /** `timeoutSeconds`; default 10 s. */
  readonly timeout?: Duration | undefined;
  /** Default Fail. */
  readonly failurePolicy?: 'Fail' | 'Ignore' | undefined;
  /** CPU of the API server for one call; default `usualReviewCpu`. */
  readonly reviewCpu?: Duration | undefined;
}

/**
 * A request the other way round, and two objects encoded as JSON, the new one and the old: 0.41 ms, put together from measured
 * unit costs (derived; nobody has measured a webhook here).
 */
export const usualReviewCpu: number = measuredUnitCosts.bareRequest + 2 * measuredUnitCosts.encodeJson;

const writes = operationNames.filter((name) => operations[name].path === 'write') as [
  OperationName,
  ...OperationName[],
];

/** The rules of this section. */
export const webhooksSection: () => z.ZodType<readonly WebhookSection[], Written<readonly WebhookSection[]>> = lazily(
  () =>
    z
      .array(
        z.strictObject({
          name: identifier(),
          kind: z.enum(['mutating', 'validating']),
          operations: z.array(z.enum(writes)).min(1).describe('writes that its rules match'),
          latency: durationDistribution().describe('time of one call while its backend answers'),
          timeout: duration({ min: 1_000_000, max: 30_000_000 }).optional().describe('timeoutSeconds; default 10 s'),
          failurePolicy: z.enum(['Fail', 'Ignore']).optional().describe('default Fail'),
          reviewCpu: duration().optional().describe('CPU of the API server for one call; default 0.41 ms'),
        }),
      )
      .max(50)
      .describe('admission webhooks'),
);

/** Options of a control plane that asks them. */
export function webhooksOf(sections: readonly WebhookSection[]): readonly WebhookOptions[] {
  return sections.map(({ name, kind, operations: matched, latency, timeout, failurePolicy, reviewCpu }) => ({
    name,
    kind,
    operations: matched,
    latency,
    reviewCpu: reviewCpu ?? usualReviewCpu,
    ...(timeout === undefined ? {} : { timeout }),
    ...(failurePolicy === undefined ? {} : { failurePolicy }),
  }));
}
