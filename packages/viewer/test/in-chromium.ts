/** Tests of the exercise page in one browser, which is started before them and closed after them. */
import { afterAll, beforeAll, describe } from 'vitest';
import {
  type Browser,
  executablePath,
  exerciseAddress,
  isInstalled,
  openExercise,
  type OpenOptions,
  type OpenPage,
  startBrowser,
  startMilliseconds,
} from './exercise-page.ts';

let browser: Browser | undefined;
let address = '';

/** `describe` with a browser; where there is none the tests are skipped, and their title says why. */
export function describeInChromium(what: string, tests: () => void): void {
  const title = isInstalled ? what : `${what} (skipped: there is no ${executablePath})`;
  describe.skipIf(!isInstalled)(title, () => {
    beforeAll(async () => {
      address = exerciseAddress();
      browser = await startBrowser();
    }, startMilliseconds);

    afterAll(async () => {
      await browser?.close();
    });

    tests();
  });
}

/** The browser of the tests, and the address of the page. */
export function chromium(): { readonly browser: Browser; readonly address: string } {
  if (browser === undefined) throw new Error('there is a browser only inside of the tests');
  return { browser, address };
}

/** Opens the page in it. */
export async function open(options: OpenOptions = {}): Promise<OpenPage> {
  return await openExercise(chromium().browser, address, options);
}
