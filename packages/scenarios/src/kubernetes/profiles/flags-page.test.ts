import { expect, it } from 'vitest';
import { flagsPage } from './testing/flags-page.ts';

it('the page of flags is up to date', async () => {
  await expect(flagsPage()).toMatchFileSnapshot('../../../../../docs/reference/flags.md');
});
