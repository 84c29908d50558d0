import { expect, it } from 'vitest';
import { metricsPage } from './testing/metrics-page.ts';

it('the page of metrics is up to date', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../../../../../docs/reference/metrics.md');
});
