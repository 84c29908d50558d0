/** A drill in Chromium, from a file and without a network: set up, played by a script, debriefed, saved and opened again. */
import { readFileSync } from 'node:fs';
import { readDrillText, replayDrill } from '@brownout/scenarios';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type OpenPage, waitMilliseconds, watchPage } from './exercise-page.ts';
import { chromium, describeInChromium, open } from './in-chromium.ts';
import { name, text } from './two-clusters.ts';

/** Sets a drill on the small document up, in the page that is open, and begins it. */
async function begin(
  page: Page,
  choose: { readonly minutes: string; readonly speed: string; readonly people?: string },
): Promise<void> {
  await page.locator('.person').first().waitFor();
  await page
    .locator('input[aria-label="scenario document"]')
    .setInputFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });
  await page.locator('input[value=own]:checked').waitFor();
  if (choose.people !== undefined) await page.getByRole('button', { name: choose.people }).click();
  await page.locator('.manner select').selectOption(choose.speed);
  await page.locator('input[name=lasts]').fill(choose.minutes);
  await page.getByRole('button', { name: 'begin the exercise' }).click();
  await page.locator('.room').waitFor();
}

/** Enters a line as somebody types it. */
async function type(page: Page, line: string): Promise<void> {
  await page.locator('.prompt input').fill(line);
  await page.keyboard.press('Enter');
}

async function openSession(session: string): Promise<OpenPage> {
  const opened = await open({ hash: '#debrief' });
  await opened.page
    .locator('input[aria-label="session file"]')
    .setInputFiles({ name: 'session.json', mimeType: 'application/json', buffer: Buffer.from(session) });
  return opened;
}

/** A page of a browser of its own, whose tabs share what is stored; and what must not have happened in any of them. */
async function openHost() {
  const { browser, address } = chromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(waitMilliseconds);
  const host = await context.newPage();
  const complaints: string[] = [];
  watchPage(host, address, complaints);
  await host.goto(`${address}#drill`);
  return { context, host, address, complaints };
}

describeInChromium('a drill in Chromium', () => {
  let saved = '';

  it('is lived through from set-up to debrief, and saved', async () => {
    const { page, complaints } = await open({ hash: '#drill' });
    await begin(page, { minutes: '14', speed: '30' });

    await page.locator('.prompt input').focus();
    await page.keyboard.type('kub');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('.prompt input').inputValue()).toBe('kubectl ');
    await page.keyboard.type('config use-context large');
    await page.keyboard.press('Enter');
    await page.locator('.context', { hasText: 'large$' }).waitFor();

    // The large cluster gets the agent five minutes after the trigger, and does not bear it.
    await page.locator('.alert.page', { hasText: 'large' }).first().waitFor();
    // From here on the clock of a slow machine does not matter: there are minutes for what is to be done.
    await page.locator('.pace select').selectOption('1');
    expect(await page.locator('[aria-live=assertive]').innerText()).toContain('Page:');
    await page
      .getByRole('button', { name: /^acknowledge/ })
      .first()
      .click();
    await page.locator('.alert', { hasText: 'Alex looks at it' }).first().waitFor();
    await type(page, 'declare large does not answer');
    await page.locator('.message', { hasText: 'Alex declares an incident: large does not answer' }).waitFor();
    await page.locator('.runbook select').selectOption('large');
    await page.locator('.runbook button', { hasText: 'Scale the cluster down' }).click();
    await page.locator('.line-in', { hasText: 'cloud nodepool scale large' }).waitFor();
    await page.locator('.prompt input').focus();
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.prompt input').inputValue()).toBe('declare large does not answer');

    // What stands on this screen is what monitoring saw: the truth is the facilitator's.
    expect(await page.locator('main').innerText()).not.toContain('out of memory');
    await page.getByRole('button', { name: 'facilitator', exact: true }).click();
    await page.locator('.truth-table th', { hasText: 'large' }).waitFor();
    await page.getByLabel('note, message or hint').fill('they scaled down first');
    await page.keyboard.press('Enter');
    await page.locator('.deeds', { hasText: 'they scaled down first' }).waitFor();
    await page.locator('.pace select').selectOption('60');
    await page.locator('.state-over').waitFor({ timeout: 120_000 });
    await page.getByRole('link', { name: 'to the debrief' }).click();

    await page.locator('.debrief [role=status]', { hasText: 'all compared' }).waitFor({ timeout: 120_000 });
    expect(await page.locator('[data-measure=clustersLost]').innerText()).toMatch(/clusters lost\s+\d/);
    expect(await page.locator('.decision-table').innerText()).toContain('cloud nodepool scale large');
    expect(await page.locator('.ranked-alternative').count()).toBeGreaterThan(0);
    expect(await page.locator('.ranking').innerText()).toContain('nobody acts');
    await page.getByRole('button', { name: 'again under 4 other seeds' }).click();
    await page.locator('.ranked-nobody td', { hasText: 'under' }).waitFor({ timeout: 120_000 });
    expect(await page.locator('.ranked-nobody').innerText()).toMatch(
      /(better|worse|no difference) under \d( of 4)? other seeds/,
    );
    await page.locator('.postmortem summary').click();
    expect(await page.locator('.postmortem pre').innerText()).toContain('## The exercise');
    await page.locator('.story summary').click();
    expect(await page.locator('.story').innerText()).toContain('they scaled down first');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'save session' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('two-clusters.drill.json');
    saved = readFileSync(await download.path(), 'utf8');
    const digest = await page.locator('.debrief-head .digest').innerText();
    const again = replayDrill(readDrillText(saved, 'session.json'))!;
    expect(again.isSame).toBe(true);
    expect(again.session.digest()).toBe(digest);
    expect(complaints).toEqual([]);
    await page.close();
  }, 400_000);

  it('that was saved is opened again and comes to the same, or says that it does not', async () => {
    const { page, complaints } = await openSession(saved);
    const file = readDrillText(saved, 'session.json');
    await page.locator('.debrief-head').waitFor({ timeout: 60_000 });
    expect(await page.locator('.debrief-head .digest').innerText()).toBe(file.digest);
    expect(await page.locator('.problem').count()).toBe(0);
    await page.getByRole('button', { name: 'stop', exact: true }).click();
    expect(complaints).toEqual([]);
    await page.close();

    const changed = await openSession(JSON.stringify({ ...file, digest: '0123456789abcdef' }));
    await changed.page.locator('.problem', { hasText: 'its digest was 0123456789abcdef' }).waitFor({ timeout: 60_000 });
    await changed.page.close();

    const broken = await openSession(
      JSON.stringify({ ...file, log: [{ t: 10, by: 'Mallory', kind: 'line', line: 'help' }] }),
    );
    await broken.page.locator('.problem', { hasText: 'Mallory' }).waitFor();
    expect([...changed.complaints, ...broken.complaints]).toEqual([]);
    await broken.page.close();
  }, 120_000);

  it('is taken up again when the page that hosts it was loaded again, or closed', async () => {
    const { context, host, address, complaints } = await openHost();
    // Slow enough that it is not over before a slow machine has loaded the page again.
    await begin(host, { minutes: '40', speed: '5' });
    await type(host, 'kubectl --context large get nodes');
    await host.locator('.line-out', { hasText: 'Ready' }).waitFor();
    await type(host, 'say before it was lost');
    await host.locator('.message', { hasText: 'before it was lost' }).waitFor();

    // It is not left without a question.
    const asked = new Promise<string>((resolve) => {
      host.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await host.reload();
    expect(await asked).toBe('beforeunload');

    await host.getByRole('button', { name: 'take it up' }).click();
    await host.locator('.state-paused').waitFor();
    const clock = await host.locator('.drill-time').innerText();
    expect(await host.locator('.room-bar [role=alert]').count()).toBe(0);
    expect(await host.locator('.console').innerText()).toContain('kubectl --context large get nodes');
    await host.locator('.message', { hasText: 'before it was lost' }).waitFor();
    expect(await host.locator('.drill-time').innerText()).toBe(clock);
    await host.getByRole('button', { name: 'resume', exact: true }).click();
    await type(host, 'say after it was lost');
    await host.locator('.message', { hasText: 'after it was lost' }).waitFor();

    // A page that is closed leaves it to the next one, which can also throw it away.
    await host.close();
    const next = await context.newPage();
    watchPage(next, address, complaints);
    await next.goto(`${address}#drill`);
    await next.locator('.kept', { hasText: `You were hosting ${name}` }).waitFor();
    await next.locator('.kept').getByRole('button', { name: 'throw away' }).click();
    await next.locator('.kept').waitFor({ state: 'detached' });
    await next.reload();
    await next.locator('.person').first().waitFor();
    expect(
      await next.evaluate(() => Object.keys((globalThis as unknown as { localStorage: object }).localStorage)),
    ).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }, 240_000);

  it('is shared by tabs of one browser, each of which is told what its seat may see', async () => {
    const { context, host, address, complaints } = await openHost();
    await begin(host, { minutes: '40', speed: '5', people: 'one person for each role' });
    await host.getByRole('button', { name: 'facilitator', exact: true }).click();
    const links = host.locator('.seat-table a');
    await links.first().waitFor();
    const [billies] = await Promise.all([context.waitForEvent('page'), links.nth(1).click()]);
    watchPage(billies, address, complaints);
    await expect.poll(() => billies.locator('main').innerText(), { timeout: 60_000 }).toContain('On call');
    expect(await billies.locator('.seats-bar').innerText()).toBe('Billie');
    expect(await billies.locator('.pace, .truth-table').count()).toBe(0);

    await billies.getByLabel('message to the channel').fill('I am here');
    await billies.keyboard.press('Enter');
    await host.getByRole('button', { name: 'Alex' }).click();
    await host.locator('.message', { hasText: 'I am here' }).waitFor();
    expect(await host.locator('.message', { hasText: 'I am here' }).innerText()).toContain('Billie');

    await host.getByRole('button', { name: 'pause' }).click();
    await billies.locator('.state-paused').waitFor();
    await type(billies, 'clusters');
    await billies.locator('.line-said', { hasText: 'the exercise is paused' }).waitFor();

    // A tab that goes gives its seat back.
    await billies.goto('about:blank');
    await host.getByRole('button', { name: 'facilitator', exact: true }).click();
    await host.locator('.seat-table li', { hasText: 'Billie' }).filter({ hasText: 'not here' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 120_000);
});
