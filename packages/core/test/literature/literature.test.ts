/**
 * Published models rebuilt from this package's components and compared with what their authors reported. The numbers go
 * to docs/validation/literature.md, which has to match.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agrees, document, type Experiment } from './comparison.ts';
import { adaptiveThrottling } from './adaptive-throttling.ts';
import { deadlinePropagation } from './deadline-propagation.ts';
import { layeredRetries } from './layered-retries.ts';
import { lookAsideCache } from './look-aside-cache.ts';
import { occContention } from './occ-contention.ts';
import { retryGrowth } from './retry-growth.ts';
import { retryPolicies } from './retry-policies.ts';
import { retryQuota } from './retry-quota.ts';
import { stuckThreads } from './stuck-threads.ts';

const experiments: readonly Experiment[] = [
  occContention,
  retryPolicies,
  stuckThreads,
  adaptiveThrottling,
  layeredRetries,
  lookAsideCache,
  retryQuota,
  retryGrowth,
  deadlinePropagation,
];
const file = join(import.meta.dirname, '../../../../docs/validation/literature.md');
const results = new Map<Experiment, ReturnType<Experiment['run']>>();

describe.each(experiments)('$id $title', (experiment) => {
  it('agrees with its source', () => {
    const result = experiment.run();
    results.set(experiment, result);
    const bad = result.comparisons.filter((comparison) => !agrees(comparison));
    expect(
      bad.map(
        ({ quantity, expected, simulated, halfWidth }) =>
          `${quantity}: expected ${expected}, got ${simulated} +- ${halfWidth}`,
      ),
    ).toEqual([]);
    expect((result.findings ?? []).filter(({ holds }) => !holds)).toEqual([]);
  });
});

it('the document says what the simulation says', () => {
  const text = document(experiments.map((experiment) => [experiment, results.get(experiment)!] as const));
  if (process.env['BROWNOUT_UPDATE'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8'), 'To accept: BROWNOUT_UPDATE=1 npx vitest run packages/core/test/literature').toBe(
    text,
  );
});
