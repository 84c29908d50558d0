import { incidentStudies, runScenario, type ScenarioDocument } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { bandValue, isInside } from './judge.ts';
import { isSameOutcome, rowOf } from './row.ts';
import { rollbackOnly } from './tables/variations.ts';
import { smallStudy } from './testing/small-study.ts';

const document = rollbackOnly(smallStudy().incident.document());
const result = runScenario(document);
const row = rowOf(result, document, 'now');

describe('the row of a run', () => {
  it('carries what is needed to recognise it', () => {
    const { documentHash, digest, seed, engineVersion, eventCount } = result;
    expect(row).toMatchObject({ hash: documentHash, digest, seed, engine: engineVersion, events: eventCount });
  });

  it('has the measures of the run and of its clusters, to six digits', () => {
    expect(row.measures['firstAlert']).toBe(result.kpis['firstAlert']);
    expect(row.measures['small/clustersLost']).toBe(0);
    expect(row.measures['peakErrorShare']).toBe(Number(Number(result.kpis['peakErrorShare']).toPrecision(6)));
    expect(row.measures['stagingCpuRise']).toBeNull();
    expect(row.resources).toEqual({ large: 'api-server-memory' });
  });

  it('judges staging by the names that fail there, since it has no users to count errors of', () => {
    const asStaging = (id: string): ScenarioDocument => ({
      ...document,
      clusters: document.clusters.map((one) => (one.id === id ? { ...one, role: 'staging', traffic: 0 } : one)),
    });
    const [lost, calm] = ['large', 'small'].map((id) => rowOf(runScenario(asStaging(id)), asStaging(id), 'now'));
    expect(lost!.measures['large/peakErrorShare']).toBe(0);
    expect(lost!.measures['stagingNameFailureShare']).toBeGreaterThan(0);
    expect(calm!.measures['stagingNameFailureShare']).toBe(0);
    expect(row.measures['stagingNameFailureShare']).toBeNull();
    const band = incidentStudies['openai-2024-12-11']!.bands.find(({ id }) => id === '1-users')!;
    expect([lost!, calm!].map((one) => isInside(band, bandValue(band, one)))).toEqual([false, true]);
  });

  it('tells how roll-back went', () => {
    const failures = result.conservation
      .filter(({ book }) => book === 'large/operator')
      .reduce((sum, { rejected, timedOut, lost }) => sum + rejected + timedOut + lost, 0);
    const { rollbackTries = null, rollbackSuccessShare = null } = row.measures;
    expect(failures).toBeGreaterThan(0);
    expect(Number(rollbackTries) - Math.round(Number(rollbackTries) * Number(rollbackSuccessShare))).toBe(failures);
  });

  it('is the same outcome whoever made it, until a number differs', () => {
    expect(isSameOutcome(row, rowOf(result, document, 'before'))).toBe(true);
    expect(isSameOutcome(row, { ...row, measures: { ...row.measures, firstAlert: 1 } })).toBe(false);
    expect(isSameOutcome(row, { ...row, digest: 'other' })).toBe(false);
  });
});
