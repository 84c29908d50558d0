/** Opens the exercise page from a file in a real browser, for tests and for measuring. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

export type { Browser, CDPSession, Page };

/** The browser; where it is missing tests say so and are skipped, and the build machine installs it. */
export const executablePath: string = process.env['BROWNOUT_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether it is there. */
export const isInstalled: boolean = existsSync(executablePath);

/** The page is built when it is not there yet, and a browser takes its time on a busy machine. */
export const startMilliseconds = 180_000;

/** For something that comes and stays: a machine may be many times slower than the one that a test was written on. */
export const waitMilliseconds = 100_000;

/** The address of a page as new as its sources, or of the file that `BROWNOUT_EXERCISE` names. */
export function exerciseAddress(): string {
  const named = process.env['BROWNOUT_EXERCISE'];
  if (named !== undefined) return pathToFileURL(named).href;
  const maker = fileURLToPath(new URL('../build.mjs', import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, [maker, '--page', 'exercise'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return pathToFileURL(stdout.trim()).href;
}

/** A headless browser. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page, and what must not have happened in it: errors, messages, requests beside the file itself and its worker. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** How it is opened. */
export interface OpenOptions {
  /** What stands in the address from `#` on; default nothing. */
  readonly hash?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

/** Opens it at 1280x800. */
export async function openExercise(browser: Browser, address: string, options: OpenOptions = {}): Promise<OpenPage> {
  const { hash = '', colorScheme = 'light', reducedMotion = 'no-preference' } = options;
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme, reducedMotion });
  page.setDefaultTimeout(waitMilliseconds);
  const complaints: string[] = [];
  watchPage(page, address, complaints);
  await page.goto(`${address}${hash}`);
  return { page, complaints };
}

/** Adds to `complaints` what must not happen in a page. */
export function watchPage(page: Page, address: string, complaints: string[]): void {
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith('blob:')) complaints.push(`request: ${url}`);
  });
}

/** Hands the page a document of one's own, as the user does who picks a file. */
export async function openDocument(page: Page, name: string, text: string): Promise<void> {
  await page.locator('[data-incident]').first().waitFor();
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });
}
