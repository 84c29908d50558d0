/** The gate on API servers that recipes add: of what a document has and what they ask for, the stricter. */
import type { ScenarioDraft } from '../scenario/mitigation.ts';
import { isLonger, shareOf } from './stated.ts';

type Gate = NonNullable<NonNullable<ScenarioDraft['rollout']>['gate']>;

/** Limits that a recipe asks for. */
export interface GateLimits {
  readonly cpu: number;
  readonly errors: number;
  readonly window: string;
}

/** The lower of two limits, the shorter of two windows; with its source where the document's own stays. */
export function stricterGate(stated: Gate | undefined, { cpu, errors, window }: GateLimits): Gate {
  if (stated === undefined) return { apiServerCpuAbove: cpu, apiErrorShareAbove: errors, window };
  return {
    apiServerCpuAbove: (shareOf(stated.apiServerCpuAbove) ?? 1) > cpu ? cpu : stated.apiServerCpuAbove,
    apiErrorShareAbove: (shareOf(stated.apiErrorShareAbove) ?? 1) > errors ? errors : stated.apiErrorShareAbove,
    window: isLonger(stated.window, window) ? window : stated.window,
  };
}
