/** The exercise page in Chromium, from a file and without a network: what is played, scrubbed and computed in it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeDocument, loadDocument, runScenario, type ScenarioDocument } from '@brownout/scenarios';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openDocument } from './exercise-page.ts';
import { chromium, describeInChromium, open } from './in-chromium.ts';
import { name, text } from './two-clusters.ts';

/** Everything the picture says, part by part, as the keyboard reads it out. */
async function told(page: Page): Promise<string[]> {
  await page.locator('.picture .surface').focus();
  const said: string[] = [];
  for (let part = 0; part < 14; part++) {
    await page.keyboard.press('ArrowRight');
    said.push(await page.locator('#told').innerText());
  }
  await page.keyboard.press('Escape');
  return said;
}

/** Puts the time somewhere by the slider's own keys and value. */
async function seek(page: Page, seconds: number): Promise<void> {
  await page.locator('input.position').evaluate((element, value) => {
    const input = element as unknown as { value: string; dispatchEvent(event: unknown): void };
    input.value = String(value);
    input.dispatchEvent(
      new (globalThis as unknown as { Event: new (...args: unknown[]) => unknown }).Event('input', { bubbles: true }),
    );
  }, seconds);
}

describeInChromium('the exercise page in Chromium', () => {
  it('is the release build, without paths of the machine that made it', () => {
    const page = readFileSync(fileURLToPath(chromium().address), 'utf8');
    expect(page).not.toContain(fileURLToPath(new URL('..', import.meta.url)));
  });

  it('runs a document of one’s own to the digest of Node, plays it, and says the same when one comes back', async () => {
    const { page, complaints } = await open();
    await openDocument(page, name, text);
    await page.locator('.progress', { hasText: 'all computed' }).waitFor();
    const document = completeDocument((await loadDocument(text, name)).data) as ScenarioDocument;
    expect(await page.locator('.digest').innerText()).toBe(runScenario(document, { seed: 1 }).digest);

    const before = await page.locator('.time').innerText();
    await expect.poll(() => page.locator('.time').innerText()).not.toBe(before);
    await page.keyboard.press('k');
    await seek(page, 1500);
    const first = await told(page);
    expect(first.join('\n')).toMatch(/API server 1 of large\. It (is|starts)/);
    await seek(page, 60);
    expect(await told(page)).not.toEqual(first);
    await seek(page, 2400);
    await seek(page, 1500);
    expect(await told(page)).toEqual(first);
    expect(await page.locator('.time').innerText()).toBe('10:25:00 CET');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draws something that changes with the time, and nothing that moves for those who want no motion', async () => {
    const { page, complaints } = await open({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await openDocument(page, name, text);
    await page.locator('.progress', { hasText: 'all computed' }).waitFor();
    await page.keyboard.press('k');
    const picture = page.locator('.picture .surface');
    await seek(page, 0);
    const early = await picture.screenshot();
    await seek(page, 1500);
    const late = await picture.screenshot();
    expect(late.equals(early)).toBe(false);
    await seek(page, 0);
    expect((await picture.screenshot()).equals(early)).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says what is wrong with a document, line by line, and lets one choose another', async () => {
    const { page, complaints } = await open();
    await openDocument(page, 'broken.yaml', text.replace('nodes: 200', 'nodes: -200'));
    const problem = page.locator('.problem');
    await problem.waitFor();
    expect(await problem.innerText()).toContain('clusters[1].nodes');
    await page.locator('button', { hasText: 'choose another' }).click();
    expect(await page.locator('[data-incident]').count()).toBe(4);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('can be stopped, and keeps what was computed', async () => {
    const { page, complaints } = await open();
    await page.locator('[data-incident="openai-2024-12-11"]').click();
    await page.locator('button', { hasText: 'stop' }).click();
    await page.locator('.progress', { hasText: 'stopped at' }).waitFor();
    expect(await page.locator('.run-title').innerText()).toContain('11 December 2024');
    expect(complaints).toEqual([]);
    await page.close();
  });
});
