/**
 * Runs every theory case, holds the verdicts to the policy of `theory-case.ts` and the page of the docs to the
 * verdicts.
 */
import { expect, test } from 'vitest';
import { networks } from './networks.ts';
import { theoryPage } from './page.ts';
import { priorities } from './priorities.ts';
import { seats } from './seats.ts';
import { sharing } from './sharing.ts';
import { singleStation } from './single-station.ts';
import { judge, missesAllowed, type Verdict } from './theory-case.ts';

const cases = [...singleStation, ...priorities, ...sharing, ...networks, ...seats];
const intervals = cases.reduce((sum, one) => sum + one.quantities.length, 0);
const verdicts: Verdict[] = [];

test.each(cases)('$model ($parameters)', (one) => {
  const found = judge(one, intervals);
  verdicts.push(...found);
  for (const { name, expected, mean, halfWidth, precision, correctedDistance } of found) {
    expect(correctedDistance, `${name}: expected ${expected}, got ${mean} +- ${halfWidth}`).toBeLessThanOrEqual(1);
    expect(halfWidth / expected, `${name}: half-width`).toBeLessThan(precision);
  }
});

test('no more plain 99 % intervals miss than chance allows', () => {
  expect(verdicts.length).toBe(intervals);
  expect(verdicts.filter(({ distance }) => distance > 1).length).toBeLessThanOrEqual(missesAllowed(intervals));
});

test('the page of the docs shows these verdicts', async () => {
  await expect(theoryPage(cases, verdicts)).toMatchFileSnapshot('../../../../docs/validation/theory.md');
});
