import { describe, expect, it } from 'vitest';
import { incidents } from '../incidents/index.ts';
import type { Scrape } from '../kubernetes/metrics/metric.ts';
import { runScenario } from './run.ts';
import { runScraped } from './scraped-run.ts';

const document = incidents.find(({ id }) => id === 'openai-2024-12-04')!.document();

describe('a scraped run', () => {
  it('is the same run: scraping takes nothing from it', () => {
    const times: number[] = [];
    const scraped = runScraped(document, { untilSeconds: 200, scrapeSeconds: 60, onScrape: (t) => times.push(t) });
    expect(scraped.digest).toBe(runScenario(document, { untilSeconds: 200 }).digest);
    // From the first look to the end of the run, which need not be a whole number of scrapes away.
    expect(times.slice(-3)).toEqual([120, 180, 200]);
  });

  it('counts requests of API servers in counters that only grow', () => {
    const counts: number[] = [];
    const count = (scrapes: readonly Scrape[]): number =>
      scrapes
        .flatMap(({ families }) => families)
        .filter(({ definition }) => definition.name === 'apiserver_request_total')
        .flatMap(({ samples = [] }) => samples)
        .reduce((sum, { value }) => sum + value, 0);
    runScraped(document, { untilSeconds: 120, onScrape: (_, __, scrapes) => counts.push(count(scrapes)) });
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.at(-1)).toBeGreaterThan(counts[0]!);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  it('refuses clusters that are not there', () => {
    expect(() => runScraped(document, { clusters: ['west'], onScrape: () => undefined })).toThrow(
      /scrapes: expected clusters among .*, got "west"/,
    );
  });
});
