/** `brownout drill --serve` with three browsers: two trainees and the facilitator, each on a line that is listened to. */
import { DrillSession, readDrillText, replayDrill } from '@brownout/scenarios';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/context.ts';
import { relayTo, type Relay } from '../../test/relay.ts';
import { tinyDocument } from '../../test/tiny-document.ts';
import type { CommandContext } from '../context.ts';
import { DrillFiles } from './drill-files.ts';
import { serveDrill } from './serve.ts';

const executablePath = process.env['BROWNOUT_CHROMIUM'] ?? '/usr/bin/chromium';
const isInstalled = existsSync(executablePath);
const title = `a drill for several machines${isInstalled ? '' : ` (skipped: there is no ${executablePath})`}`;
/** The page may have to be built first, and a busy machine takes its time. */
const patience = 180_000;

/** Words that only the facilitator's page is sent. */
const truths = [
  '"kind":"facilitator"',
  'agentsRunning',
  'isRolledOut',
  'they look at the wrong cluster',
  'zone-loss',
  'API servers in failure zone',
];

interface Served {
  readonly url: string;
  readonly code: string;
  readonly facilitatorCode: string;
  readonly folder: string;
  readonly isOver: Promise<boolean>;
}

/** Starts the server as the command does, and reads what it says. */
async function serve(session: DrillSession): Promise<Served> {
  const folder = temporaryFolder();
  const files = new DrillFiles(folder, folder);
  const options = { speed: 20, host: '127.0.0.1', port: '0', files };
  let said = '';
  let isOver: Promise<boolean> | undefined;
  await new Promise<void>((resolve, reject) => {
    const write = (text: string): void => {
      said += text;
      if (said.includes('Ctrl-C')) resolve();
    };
    const stderr = { write, isTerminal: false, columns: undefined };
    const context: Partial<CommandContext> = { stderr, onInterrupt: () => () => undefined };
    isOver = serveDrill(session, options, context as CommandContext);
    isOver.catch(reject);
  });
  const [, url, code] = /trainees +(\S+)#join=(\w+)/.exec(said)!;
  const facilitatorCode = /facilitator +\S+#join=(\w+)/.exec(said)![1]!;
  return { url: url!, code: code!, facilitatorCode, folder, isOver: isOver! };
}

interface Seated {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly relay: Relay;
  /** Where, in what was heard, the page itself ends and the exercise begins. */
  readonly from: number;
}

/** A browser of somebody's own, at the address that they were given. */
async function visit(browser: Browser, { url }: Served, code: string): Promise<Seated> {
  const relay = await relayTo(Number(new URL(url).port));
  const context = await browser.newContext({
    proxy: { server: relay.address },
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  await page.goto(`${url}#join=${code}`);
  return { page, context, relay, from: relay.heard.length };
}

async function type(page: Page, line: string): Promise<void> {
  await page.locator('.prompt input').fill(line);
  await page.keyboard.press('Enter');
}

describe.skipIf(!isInstalled)(title, () => {
  let browser: Browser;
  const seated: Seated[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, patience);

  afterAll(async () => {
    for (const { relay } of seated) await relay.close();
    await browser?.close();
  });

  it('is played by pages that are each told their own, and that come back when their line was cut', async () => {
    const session = new DrillSession(
      {
        document: await tinyDocument('4 h'),
        trainees: [
          { name: 'ana', roles: ['platform'] },
          { name: 'bo', roles: ['commander'] },
        ],
        difficulty: 'guided',
      },
      { frames: {} },
    );
    const served = await serve(session);
    const sit = async (code: string, seat?: string): Promise<Seated> => {
      const visitor = await visit(browser, served, code);
      seated.push(visitor);
      if (seat !== undefined) await visitor.page.locator('.seats button', { hasText: seat }).click();
      return visitor;
    };

    // A wrong code is refused in words, and the right one is taken without loading the page again.
    const bo = await sit('WRONGCODE');
    await bo.page.locator('.join .problem', { hasText: 'this code is not known here' }).waitFor();
    expect(await bo.page.locator('.seats button').count()).toBe(0);
    await bo.page.evaluate((code) => {
      (globalThis as unknown as { location: { hash: string } }).location.hash = `#join=${code}`;
    }, served.code);
    await bo.page.locator('.seats button', { hasText: 'bo' }).click();
    await bo.page.locator('.room').waitFor();
    const ana = await sit(served.code, 'ana');
    await ana.page.locator('.state-waiting').waitFor();
    await type(ana.page, 'clusters');
    await ana.page.locator('.line-said', { hasText: 'the exercise has not begun' }).waitFor();
    const boss = await sit(served.facilitatorCode);
    await boss.page.locator('.truth-table tbody tr').nth(1).waitFor();

    // Roles: the same line is answered to the one and refused to the other.
    await boss.page.getByRole('button', { name: 'begin', exact: true }).click();
    await boss.page.getByRole('button', { name: 'pause', exact: true }).waitFor();
    await type(ana.page, 'kubectl --context large get nodes');
    await ana.page.locator('.line-out', { hasText: 'Ready' }).waitFor();
    await type(bo.page, 'kubectl --context large get nodes');
    await bo.page.locator('.scrollback', { hasText: 'permission denied' }).waitFor();

    // The facilitator stops time, breaks something, and sees what becomes of it.
    await boss.page.getByRole('button', { name: 'pause', exact: true }).click();
    await bo.page.locator('.state-paused').waitFor();
    await ana.page.locator('.state-paused').waitFor();
    await type(ana.page, 'clusters');
    await ana.page.locator('.line-said', { hasText: 'the exercise is paused' }).waitFor();
    await boss.page.getByLabel('note, message or hint').fill('they look at the wrong cluster');
    await boss.page.keyboard.press('Enter');
    await boss.page.getByLabel('fault', { exact: true }).selectOption('zone-loss');
    await boss.page.getByLabel('where', { exact: true }).selectOption('large');
    await boss.page.locator('.minutes').fill('200');
    await boss.page.getByRole('button', { name: 'inject', exact: true }).click();
    await boss.page.locator('.faults [role=status]', { hasText: 'injected' }).waitFor();
    await boss.page.getByRole('button', { name: 'resume', exact: true }).click();
    await boss.page.locator('.truth', { hasText: 'API servers in failure zone' }).waitFor();

    // What came over the lines of trainees has nothing of what the facilitator was told.
    const told = ({ relay, from }: Seated): string => relay.heard.slice(from);
    for (const truth of truths) expect(told(boss)).toContain(truth);
    for (const truth of truths) expect(told(ana) + told(bo)).not.toContain(truth);
    expect(told(ana)).toContain('"trainee":"ana"');
    expect(told(ana)).not.toContain('"trainee":"bo"');

    // A line is cut; what was said meanwhile is there when it is mended, and the seat is the same.
    const lost = ana.page.locator('.room-bar .problem', { hasText: 'does not answer' });
    ana.relay.cut();
    await lost.waitFor();
    await boss.page.getByLabel('note, message or hint').fill('Is anybody there?');
    await boss.page.getByRole('button', { name: 'message', exact: true }).click();
    await bo.page.locator('.message', { hasText: 'Is anybody there?' }).waitFor();
    expect(await ana.page.locator('.message', { hasText: 'Is anybody there?' }).count()).toBe(0);
    ana.relay.mend();
    await ana.page.locator('.message', { hasText: 'Is anybody there?' }).waitFor();
    await lost.waitFor({ state: 'detached' });
    await type(ana.page, 'say I am back');
    await bo.page.locator('.message', { hasText: 'I am back' }).waitFor();

    await boss.page.getByRole('button', { name: 'end ...', exact: true }).click();
    await boss.page.getByRole('button', { name: 'end and debrief' }).click();
    await ana.page.locator('.state-over').waitFor();
    await bo.page.locator('.state-over').waitFor();
    expect(await served.isOver).toBe(true);
    for (const { context } of seated) await context.close();
    const saved = readDrillText(readFileSync(join(served.folder, 'session.json'), 'utf8'), 'session.json');
    expect(saved.log.map(({ by, kind }) => `${by} ${kind}`)).toEqual([
      'ana line',
      'bo line',
      'facilitator pause',
      'facilitator note',
      'facilitator fault',
      'facilitator resume',
      'facilitator message',
      'ana line',
    ]);
    expect(replayDrill(saved)!.isSame).toBe(true);
  }, 400_000);
});
