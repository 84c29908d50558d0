/**
 * Opens report pages from a file in a real browser, without a network. Needs `chromium`; where it is missing this is said, and the
 * build machine installs it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../src/page-text.ts';
import { reportView } from '../src/view/report-view.ts';
import { executablePath, isInstalled, startBrowser } from './exercise-page.ts';
import { hostileRun, hostileText, smallRun } from './small-run.ts';

const title = isInstalled ? 'a report page in Chromium' : `a report page (skipped: there is no ${executablePath})`;

/** The page is built when it is not there yet, and a browser takes its time on a busy machine. */
const startMilliseconds = 120_000;

const maker = fileURLToPath(new URL('../build.mjs', import.meta.url));
let folder: string;
let browser: Browser | undefined;
let template: string;
/** What must not happen: errors, messages, requests beside the file itself. */
let complaints: string[];

async function open(run: typeof smallRun, baseline?: typeof smallRun): Promise<Page> {
  const file = join(folder, 'report.html');
  writeFileSync(file, reportPage(template, reportView(run, baseline)));
  const address = pathToFileURL(file).href;
  complaints = [];
  const page = await browser!.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector('.u-over');
  return page;
}

/** What the legend of a chart says about a line at the time cursor. */
async function valueOf(page: Page, chart: string, line: string): Promise<string> {
  return await page.locator(`[data-chart="${chart}"] li`, { hasText: line }).locator('.value').innerText();
}

describe.skipIf(!isInstalled)(title, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-page-'));
    const { stdout, status, stderr } = spawnSync(process.execPath, [maker], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    template = readFileSync(stdout.trim(), 'utf8');
    browser = await startBrowser();
  }, startMilliseconds);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is the release build, without paths of the machine that made it', () => {
    expect(template).not.toContain(dirname(maker));
  });

  it('draws a chart for each measure, and asks nobody for anything', async () => {
    const page = await open(smallRun);
    const canvases = page.locator('.chart canvas');
    expect(await canvases.count()).toBe(4);
    for (const canvas of await canvases.all()) {
      const drawn = await canvas.evaluate((each) => {
        const { width, height } = each as unknown as { width: number; height: number };
        const context = (each as unknown as { getContext(kind: '2d'): ImageContext }).getContext('2d');
        return {
          width,
          height,
          colours: new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)).size,
        };
      });
      expect(drawn.width).toBeGreaterThan(500);
      expect(drawn.height).toBeGreaterThan(100);
      expect(drawn.colours).toBeGreaterThan(5);
    }
    expect(await page.title()).toBe('A small outage');
    expect(await page.locator('.strip .mark').count()).toBe(7);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('tells the values of all charts at the time under the mouse', async () => {
    const page = await open(smallRun);
    const plot = page.locator('[data-chart="saturation"] .u-over');
    const { width = 0 } = (await plot.boundingBox()) ?? {};
    await plot.hover({ position: { x: width * 0.1, y: 40 } });
    expect(await valueOf(page, 'saturation', 'west')).toBe('20 %');
    await plot.hover({ position: { x: width * 0.35, y: 40 } });
    expect(await valueOf(page, 'saturation', 'west')).toBe('100 %');
    expect(await valueOf(page, 'user-errors', 'shop')).toBe('62 %');
    expect(await page.locator('.time').innerText()).toMatch(/^15:2\d PST$/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is moved by the keyboard alone: cursor, zoom, lines', async () => {
    const page = await open(smallRun);
    await page.locator('input[type=range]').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('.time').innerText()).toBe('14:41 PST');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.time').innerText()).toBe('14:42 PST');
    await page.keyboard.press('+');
    await page.locator('button', { hasText: 'whole run' }).and(page.locator(':enabled')).waitFor();
    await page.keyboard.press('0');
    await page.locator('button', { hasText: 'whole run' }).and(page.locator(':disabled')).waitFor();
    const east = page.locator('[data-chart="memory"] .legend button', { hasText: 'east' });
    await east.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.legend button[aria-pressed=false]').count()).toBe(2);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('zooms all charts to what is dragged over in one, and back at a double click', async () => {
    const page = await open(smallRun);
    const plot = page.locator('[data-chart="user-errors"] .u-over');
    const { x = 0, y = 0, width = 0 } = (await plot.boundingBox()) ?? {};
    await page.mouse.move(x + width * 0.3, y + 30);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + 30, { steps: 4 });
    await page.mouse.up();
    await page.locator('button', { hasText: 'whole run' }).and(page.locator(':enabled')).waitFor();
    // Another chart now begins where the drag did: its left edge is in the outage.
    const other = page.locator('[data-chart="saturation"] .u-over');
    await other.hover({ position: { x: 20, y: 40 } });
    expect(await valueOf(page, 'saturation', 'west')).toBe('100 %');
    await other.dblclick({ position: { x: 20, y: 40 } });
    await page.locator('button', { hasText: 'whole run' }).and(page.locator(':disabled')).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('sets a baseline beside the run', async () => {
    const page = await open(smallRun, { ...smallRun, mitigations: [], kpis: { ...smallRun.kpis, clustersLost: 2 } });
    expect(await page.locator('.tiles').innerText()).toContain('baseline 2');
    expect(await page.locator('[data-chart="memory"] .before').count()).toBe(2);
    await page.locator('button', { hasText: 'baseline on' }).click();
    expect(await page.locator('[data-chart="memory"] .before').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('follows the light, and is light on paper', async () => {
    const page = await open(smallRun);
    const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(paper).toBe('rgb(20, 24, 29)');
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await expect.poll(paper).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'light', media: 'screen' });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows hostile text of a document as text, and never runs it', async () => {
    const page = await open(hostileRun);
    expect(await page.locator('h1').innerText()).toBe(hostileText);
    expect(await page.evaluate('window.harmed')).toBe(undefined);
    expect(await page.locator('img, iframe, a:not([href^="#"])').count()).toBe(0);
    expect(complaints).toEqual([]);
    // And were there a hole, the policy of the page would close it.
    await page.evaluate('document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=window.harmed=1>")');
    await expect.poll(() => complaints.some((each) => each.includes('Content Security Policy'))).toBe(true);
    expect(await page.evaluate('window.harmed')).toBe(undefined);
    await page.close();
  });

  it('is small: the page takes less than 120 kB beside its data', () => {
    writeFileSync(join(folder, 'template.html'), template);
    expect(statSync(join(folder, 'template.html')).size).toBeLessThan(120_000);
  });
});

/** The part of a drawing context that is read here; the types of the browser are not those of the tests. */
interface ImageContext {
  getImageData(
    x: number,
    y: number,
    width: number,
    height: number,
  ): { readonly data: { readonly buffer: ArrayBuffer } };
}
