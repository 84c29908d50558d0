/**
 * How long the exercise page takes to the first answer to a what-if about the outage of 11 December 2024, from the click to the
 * table, in headless Chromium; the exact baseline is being computed when the first is asked for. Of an answer that is told on the way
 * both are written: when the day up to a time is there, and when all of it is.
 *
 *     node --conditions=brownout-source --import tsx benchmarks/first-answers.ts [all | mitigation ...]
 */
import { mitigations as catalogue } from '@brownout/scenarios';
import { exerciseAddress, openExercise, startBrowser } from '../packages/viewer/test/exercise-page.ts';

const named = process.argv.slice(2);
const mitigations =
  named[0] === 'all'
    ? catalogue.map(({ id }) => id)
    : named.length > 0
      ? named
      : ['staged-rollout', 'serve-stale-dns', 'break-glass', 'cached-list', 'more-api-servers'];

const browser = await startBrowser();
try {
  const { page } = await openExercise(browser, exerciseAddress());
  await page.locator('[data-incident="openai-2024-12-11"]').click();
  await page.locator('nav a', { hasText: 'What if' }).click();
  await page.locator('table.outcome').waitFor();
  for (const mitigation of mitigations) {
    await page.locator('input[aria-label="find"]').fill(mitigation);
    const began = performance.now();
    await page.locator(`[data-mitigation="${mitigation}"]`).check();
    await page.locator('[data-waited]').waitFor({ timeout: 120_000 });
    const seen = (performance.now() - began) / 1000;
    const waited = Number(await page.locator('[data-waited]').getAttribute('data-waited')) / 1000;
    await page.locator('[data-answer=whole]').waitFor({ timeout: 120_000 });
    const whole = Number(await page.locator('[data-waited]').getAttribute('data-waited')) / 1000;
    const later = whole > waited ? `${whole.toFixed(1).padStart(7)} s all of the day` : '';
    process.stdout.write(
      `${mitigation.padEnd(24)}${seen.toFixed(1).padStart(6)} s seen${waited.toFixed(1).padStart(7)} s told${later}\n`,
    );
    await page.locator('button', { hasText: 'undo all' }).click();
    await page.locator('[data-waited]').waitFor({ state: 'detached' });
  }
} finally {
  await browser.close();
}
