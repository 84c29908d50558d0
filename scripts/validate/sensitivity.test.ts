import { amountOf, type AcceptanceBand, type Priors } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import type { Studied } from './incident-plan.ts';
import { decisivePriors, sensitivityOf } from './sensitivity.ts';
import { drawnValues } from './tables/draws.ts';
import { row, smallStudy } from './testing/small-study.ts';
import { sensitivityPage } from './pages/sensitivity-page.ts';

const band: AcceptanceBand = {
  id: '2-peak',
  title: 'peak',
  runs: 'as-it-was',
  measure: 'peakImpact',
  from: 0,
  to: 600,
  shownAs: 'minutes',
};
const priors: Priors = {
  idle: { value: 3, range: [1, 9], note: 'does nothing' },
  ttl: { value: '10 min', range: ['5 min', '20 min'], note: 'decides' },
  crew: { value: 0.5, range: [0.1, 0.9], note: 'matters a little' },
};
const studied: Studied = { ...smallStudy(), study: { priors, bands: [band] } };

/** A model that is nothing but its priors: the peak comes a TTL after the trigger, a little later with a larger crew. */
function drawsTable(count: number) {
  const values = drawnValues(studied, { draws: 60 });
  const rows = values.slice(0, count).map((drawn, i) => {
    const peak = amountOf(drawn['ttl']!) / 1e6 + 100 * Number(drawn['crew']);
    return row(i + 1, { peakImpact: peak > 1_000 ? null : peak });
  });
  return [{ id: 'draws', title: '', variants: [{ id: 'draw', title: '', asked: 60, rows }] }];
}

describe('what decides', () => {
  it('is found from the draws, strongest first, and what does nothing last', () => {
    const found = sensitivityOf(studied, drawsTable(60));
    expect(decisivePriors(found, 2)).toEqual(['ttl', 'crew']);
    const [idle, ttl, crew] = found[0]!.effects;
    expect(ttl!.correlation).toBeGreaterThan(0.95);
    expect(crew!.correlation).toBeGreaterThan(0.3);
    expect(Math.abs(idle!.correlation)).toBeLessThan(0.35);
    expect(found[0]!.count).toBe(60);
  });

  it('shows in the share inside by halves of the range', () => {
    const [, ttl] = sensitivityOf(studied, drawsTable(60))[0]!.effects;
    expect(ttl!.insideLow).toBeGreaterThan(0.8);
    expect(ttl!.insideHigh).toBe(0);
  });

  it('is not said from too few draws, and not of what never varies', () => {
    expect(sensitivityOf(studied, drawsTable(12))).toEqual([]);
    expect(sensitivityOf(studied, [])).toEqual([]);
    const [table] = drawsTable(60);
    const rows = table!.variants[0]!.rows.map((one) => ({ ...one, measures: { peakImpact: 5 } }));
    const same = [{ ...table!, variants: [{ ...table!.variants[0]!, rows }] }];
    expect(sensitivityOf(studied, same)).toEqual([]);
  });
});

it('the page names the priors in that order, and says when there is nothing to say yet', () => {
  const page = sensitivityPage(studied, drawsTable(60));
  expect(page).toMatch(/\| ttl \| \*\*\+(?:0\.9\d|1\.00)\*\* \|\n\| crew \| /);
  expect(page).toContain('| ttl | 10 min | 5 min to 20 min |');
  expect(sensitivityPage(studied, drawsTable(5))).toContain('There are too few draws yet to say anything.');
});
