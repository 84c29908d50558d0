/** What if, in Chromium: a branch beside its baseline, a link that makes the same run again, and links that mean harm. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openDocument, type OpenPage } from './exercise-page.ts';
import { describeInChromium, open as openPage } from './in-chromium.ts';
import { name, text } from './two-clusters.ts';

/** A cell of the table: of the baseline or of the branch. */
async function cell(page: Page, measure: string, place: 'baseline' | 'branch'): Promise<string> {
  return await page
    .locator(`[data-measure="${measure}"] td`)
    .nth(place === 'baseline' ? 0 : 1)
    .innerText();
}

/** Opens the page; a busy machine may take its time. */
async function open(hash: string): Promise<OpenPage> {
  const opened = await openPage({ hash });
  opened.page.setDefaultTimeout(100_000);
  return opened;
}

async function choose(page: Page, mitigation: string): Promise<void> {
  await page.locator('input[aria-label="find"]').fill(mitigation);
  await page.locator(`[data-mitigation="${mitigation}"]`).check();
}

describeInChromium('what if, in Chromium', () => {
  it('answers at once, then exactly, and sends a link that makes the same run again', async () => {
    const { page, complaints } = await open('#what-if');
    await openDocument(page, name, text);
    await page.locator('table.outcome').waitFor();
    expect(await page.locator('thead th').count()).toBe(2);
    await choose(page, 'own-node-selector');
    await choose(page, 'cached-list');
    await page.locator('[data-waited]').waitFor();
    await page.locator('.badge.exact', { hasText: 'Exact' }).waitFor();
    expect(await page.locator('.answer-head').innerText()).toMatch(/They are the same run until \d\d:\d\d\./);
    expect(await cell(page, 'apiServerOomKills', 'baseline')).not.toBe('0');
    expect(await cell(page, 'apiServerOomKills', 'branch')).toBe('0');
    expect(await page.locator('[data-measure="apiServerOomKills"]').getAttribute('class')).toBe('better');
    expect(await page.locator('.overlays canvas').count()).toBe(3);

    await page.locator('button', { hasText: 'copy link' }).click();
    const link = new URL(await page.locator('input.link').inputValue()).hash;
    const digest = /digest=([0-9a-f]{16})$/.exec(link)?.[1];
    expect(digest).toBeDefined();
    const table = await page.locator('table.outcome').innerText();
    await page.close();

    const again = await open(link);
    await again.page.locator('[data-shared-digest]').waitFor();
    expect(await again.page.locator('[data-shared-digest]').innerText()).toBe(
      `The run that was shared, to the digest ${digest}.`,
    );
    expect(await again.page.locator('table.outcome').innerText()).toBe(table);
    await again.page.close();

    const other = await open(link.replace(/digest=.*$/, 'digest=0123456789abcdef'));
    await other.page.locator('[data-shared-digest]').waitFor();
    expect(await other.page.locator('[data-shared-digest]').innerText()).toMatch(
      /^Not the run that was shared: its digest was 0123456789abcdef, here it is [0-9a-f]{16} /,
    );
    expect([...complaints, ...again.complaints, ...other.complaints]).toEqual([]);
    await other.page.close();
  });

  it('changes a value of the document, says what is wrong with one, and takes it back', async () => {
    const { page, complaints } = await open('#what-if');
    await openDocument(page, name, text);
    await page.locator('table.outcome').waitFor();
    await page.locator('button', { hasText: 'Parameters' }).click();
    const place = page.locator('input[placeholder^="any other place"]');
    await place.fill('agent.period=soon');
    await place.press('Enter');
    await page.locator('.answer-head .problem').waitFor();
    expect(await page.locator('.answer-head .problem').innerText()).toContain('agent.period');
    await page.locator('button', { hasText: 'undo all' }).click();
    await page.locator('.answer-head .problem').waitFor({ state: 'detached' });
    await place.fill('clusters[large].nodes=20');
    await place.press('Enter');
    await page.locator('[data-waited]').waitFor();
    expect(await cell(page, 'apiServerOomKills', 'branch')).toBe('0');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('has somebody act at a time, by keyboard, says what came of it, and sends it along', async () => {
    const { page, complaints } = await open('#what-if');
    await openDocument(page, name, text);
    await page.locator('table.outcome').waitFor();
    await page.locator('button', { hasText: 'Actions' }).focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('form', { name: 'Somebody does something' });
    await form.getByLabel('at', { exact: true }).fill('25:00');
    await form.locator('[role=status]', { hasText: 'not a time between' }).waitFor();
    expect(await form.getByRole('button', { name: 'add' }).isDisabled()).toBe(true);
    await form.getByLabel('do', { exact: true }).focus();
    await page.keyboard.type('Block the admin');
    expect(await form.getByLabel('do', { exact: true }).inputValue()).toBe('block-admin-api');
    expect(await form.getByLabel('in', { exact: true }).inputValue()).toBe('large');
    await form.getByLabel('at', { exact: true }).fill('+6 min');
    await page.keyboard.press('Enter');
    const done = page.locator('.action-list li', { hasText: 'large: Block the admin API' });
    await page.locator('.badge.exact', { hasText: 'Exact' }).waitFor();
    expect(await done.locator('[data-outcome]').innerText()).toMatch(/^done at \d\d:06:20$/);
    expect(await page.locator('.answer-head').innerText()).toMatch(/They are the same run until \d\d:06\./);

    // Behind the block nobody gets through from outside.
    await form.getByLabel('do', { exact: true }).selectOption('delete-daemonset');
    await form.getByLabel('at', { exact: true }).fill('+8 min');
    await form.getByRole('button', { name: 'add' }).press('Enter');
    const failed = page.locator('.action-list [data-outcome=failed]', { hasText: 'Unable to connect to the server' });
    await failed.waitFor();
    await page.locator('.badge.exact', { hasText: 'Exact' }).waitFor();

    await page.locator('button', { hasText: 'copy link' }).click();
    const link = new URL(await page.locator('input.link').inputValue()).hash;
    const again = await open(link);
    await again.page.locator('[data-shared-digest]').waitFor();
    expect(await again.page.locator('[data-shared-digest]').innerText()).toContain('The run that was shared');
    await again.page.locator('button', { hasText: 'Actions (2)' }).click();
    expect(await again.page.locator('.action-list li').allInnerTexts()).toEqual(
      await page.locator('.action-list li').allInnerTexts(),
    );
    await again.page.close();

    await done.getByRole('button', { name: /^remove/ }).press('Enter');
    await page.locator('.action-list [data-outcome]').first().waitFor();
    expect(await page.locator('.action-list li').count()).toBe(1);
    await page.getByRole('button', { name: 'undo all (1)' }).click();
    expect(await page.locator('.action-list li').count()).toBe(0);
    expect([...complaints, ...again.complaints]).toEqual([]);
    await page.close();
  });

  it('refuses links that mean harm in words, and stays usable', async () => {
    const small = `#what-if?v=1&name=a.yaml&text=${encodeURIComponent(text)}&seed=1&engine=0.1.0`;
    const hostile: readonly (readonly [link: string, message: RegExp])[] = [
      ['#what-if?v=1&incident=%3Cimg%20src=x%20onerror=alert(1)%3E&seed=1&engine=0.1.0', /link: source\.id/],
      ['#what-if?v=1&incident=nobody&seed=1&engine=0.1.0', /unknown incident "nobody"/],
      [`#what-if?v=1&name=a.yaml&text=${'%5B'.repeat(20_000)}&seed=1&engine=0.1.0`, /nested too deeply/],
      [`${small}&set=__proto__.polluted%3D1`, /unknown path "__proto__/],
      [`${small}&mitigate=no-such-thing`, /unknown mitigation/],
      [`${small}&set=clusters[*].coreDnsReplicas%3D1000000000`, /at most 10000 CoreDNS replicas/],
      [`${small}&set=horizon.end%3D9000%20h`, /at most 72 hours from start to end/],
    ];
    const { page, complaints } = await open('#what-if');
    for (const [link, message] of hostile) {
      await page.evaluate((hash) => {
        (globalThis as unknown as { location: { hash: string } }).location.hash = hash;
      }, link);
      await page.locator('.problem', { hasText: message }).first().waitFor();
      expect(await page.evaluate(() => (({}) as Record<string, unknown>)['polluted'])).toBeUndefined();
      expect(await page.locator('nav a').count()).toBe(4);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});
