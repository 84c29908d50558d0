/**
 * How long the exercise page keeps its main thread busy for each picture that it shows, with the largest cluster of the largest
 * incident: 7,500 nodes in front and 9,750 beside them. In headless Chromium, from the browser's own trace: the time of the
 * thread's processor that all its tasks between two pictures take together, layout and paint included.
 *
 *     node --conditions=brownout-source --import tsx benchmarks/frames.ts [seconds of each measurement, default 15]
 */
import {
  type Browser,
  type CDPSession,
  exerciseAddress,
  openExercise,
  type Page,
  startBrowser,
} from '../packages/viewer/test/exercise-page.ts';

const seconds = Number(process.argv[2] ?? 15);
/** How far the incident has to be computed before anything is measured: well into the outage. */
const computedUntil = 2700;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Time of the processor, in microseconds. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args: { readonly name?: string };
}

/** One measurement: busy milliseconds for each picture. */
interface Measured {
  readonly pictures: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

function quantiles(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { pictures: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}

/** Traces the page for a while. */
async function trace(session: CDPSession, page: Page): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const ended = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'],
    },
  });
  await page.waitForTimeout(seconds * 1000);
  await session.send('Tracing.end');
  await ended;
  return events;
}

/** Milliseconds for each picture. */
interface Busy {
  /** The task that makes it: everything that moves, styles, layout, paint. */
  readonly picture: readonly number[];
  /** All tasks from one picture to the next: messages of the engine and timers as well. Long where pictures are rare. */
  readonly all: readonly number[];
}

/** The tasks of the page's main thread, from one picture to the next. */
function busyPerPicture(events: readonly TraceEvent[]): Busy {
  const animated = events.filter(({ name }) => name === 'FireAnimationFrame');
  const threads = new Map<string, number>();
  for (const { pid, tid } of animated) threads.set(`${pid} ${tid}`, (threads.get(`${pid} ${tid}`) ?? 0) + 1);
  const [main] = [...threads].toSorted((a, b) => b[1] - a[1])[0] ?? [''];
  const isMain = ({ pid, tid }: TraceEvent): boolean => `${pid} ${tid}` === main;
  const pictures = animated
    .filter(isMain)
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  const tasks = events
    .filter((event) => event.name === 'RunTask' && isMain(event) && event.tdur !== undefined)
    .toSorted((a, b) => a.ts - b.ts);
  const picture: number[] = [];
  const all: number[] = [];
  let next = 0;
  let sum = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    sum += tdur / 1000;
    if (next >= pictures.length || ts + dur < (pictures[next] ?? 0)) continue;
    // A picture was begun in this task.
    picture.push(tdur / 1000);
    all.push(sum);
    sum = 0;
    while (next < pictures.length && (pictures[next] ?? 0) <= ts + dur) next++;
  }
  return { picture: picture.slice(1), all: all.slice(1) };
}

async function measure(page: Page, session: CDPSession, what: string, speed: number): Promise<void> {
  await page.locator('.speed select').selectOption(String(speed));
  await page.locator('input.position').evaluate((element) => {
    const input = element as unknown as { value: string; dispatchEvent(event: unknown): void };
    input.value = '1200';
    const { Event } = globalThis as unknown as { Event: new (name: string, options: object) => unknown };
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  if ((await page.locator('.play').getAttribute('aria-label')) === 'play') await page.locator('.play').click();
  const busy = busyPerPicture(await trace(session, page));
  process.stdout.write(row(`${speed}x, ${what}`, quantiles(busy.picture)));
  process.stdout.write(row('  with all other tasks', quantiles(busy.all)));
}

async function waitUntilComputed(page: Page, t: number): Promise<void> {
  const isThere = (until: number): boolean =>
    (globalThis as unknown as { brownoutComputed: () => number }).brownoutComputed() >= until;
  await page.waitForFunction(isThere, t, { timeout: 600_000, polling: 1000 });
}

function row(what: string, { pictures, p50, p95, p99, most }: Measured): string {
  const ms = (value: number): string => `${value.toFixed(2)} ms`.padStart(10);
  return `${what.padEnd(44)}${String(pictures).padStart(6)}${ms(p50)}${ms(p95)}${ms(p99)}${ms(most)}\n`;
}

async function main(browser: Browser): Promise<void> {
  const { page, complaints } = await openExercise(browser, exerciseAddress());
  await page.locator('[data-incident="openai-2024-12-11"]').click();
  await waitUntilComputed(page, computedUntil);
  const session = await page.context().newCDPSession(page);
  process.stdout.write(`${'busy for a picture'.padEnd(44)}     n       p50       p95       p99      most\n`);
  await measure(page, session, 'while the engine computes', 60);
  await measure(page, session, 'while the engine computes', 300);
  // On a fast machine the day may be over by now.
  const stop = page.locator('.progress button');
  if (await stop.isVisible()) await stop.click();
  await measure(page, session, 'the engine at rest', 60);
  await measure(page, session, 'the engine at rest', 1000);
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
}

const browser = await startBrowser();
try {
  await main(browser);
} finally {
  await browser.close();
}
