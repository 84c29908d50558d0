/**
 * How long the exercise page takes to the first answer to a what-if about the outage of 11 December 2024, from the click to the
 * table, in headless Chromium; the exact baseline has been computed before, as when somebody has watched it, or is not.
 *
 *     node --conditions=brownout-source --import tsx benchmarks/first-answers.ts [mitigation ...]
 */
import { exerciseAddress, openExercise, startBrowser } from '../packages/viewer/test/exercise-page.ts';

const named = process.argv.slice(2);
const mitigations =
  named.length > 0 ? named : ['staged-rollout', 'serve-stale-dns', 'break-glass', 'cached-list', 'more-api-servers'];

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
    process.stdout.write(
      `${mitigation.padEnd(24)}${seen.toFixed(1).padStart(6)} s seen${waited.toFixed(1).padStart(7)} s told\n`,
    );
    await page.locator('button', { hasText: 'undo all' }).click();
    await page.locator('[data-waited]').waitFor({ state: 'detached' });
  }
} finally {
  await browser.close();
}
