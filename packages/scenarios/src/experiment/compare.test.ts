import { Streams } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { documentHash } from '../scenario/hash.ts';
import { compareText } from '../report/compare.ts';
import { betterValue, compare, partialComparison, type Variant } from './compare.ts';
import type { Replication, Wanted } from './replication.ts';
import { conduct } from './study.ts';

const baseline = smallScenario();

function variant(name: string, nodes: number): Variant {
  const document: ScenarioDocument = { ...baseline, clusters: baseline.clusters.map((one) => ({ ...one, nodes })) };
  return { name, document, changes: [`clusters[0].nodes: 300 -> ${nodes}`] };
}

const variants: readonly Variant[] = [
  { name: 'baseline', document: baseline },
  variant('less', 20),
  variant('same', 30),
];
const hashes = variants.map(({ document }) => documentHash(document));
const shift = [0, -30, 0];

/**
 * Outages of 600 s give or take 200 s of luck that all variants of a seed share, and 5 s that they do not; `less` is 30 s
 * shorter. Recovery never comes with seeds that `never` names.
 */
function outcome({ document, seed }: Wanted, never: readonly string[] = []): Replication {
  const place = variants.findIndex((one) => one.document === document);
  const hash = hashes[place]!;
  const luck = 200 * new Streams(seed, 0).get('shared').uniform();
  const own = 5 * new Streams(seed, 0).get(`own ${place}`).uniform();
  const lastClusterRecovered = never.includes(seed) ? null : 1000 + luck;
  const outageSeconds = 600 + luck + own + shift[place]!;
  const measures = { outageSeconds, lastClusterRecovered, clustersLost: 1 };
  return { hash, engine: 'e', seed, until: null, digest: `${seed}-${place}`, events: 1, measures };
}

const options = { measures: ['outageSeconds', 'clustersLost'], replications: 12, seed: '5' };

describe('a comparison', () => {
  it('runs all variants under the same seeds, seed by seed, and sees a difference far smaller than the luck', () => {
    const asked: string[] = [];
    const result = conduct(compare(variants, options), (wanted) => {
      asked.push(...wanted.map(({ document, seed }) => `${seed}-${hashes.indexOf(documentHash(document))}`));
      return wanted.map((one) => outcome(one));
    });
    expect(asked.slice(0, 6)).toEqual(['5-0', '5-1', '5-2', '6-0', '6-1', '6-2']);
    expect(asked).toHaveLength(36);
    const [outage, lost] = result.measures;
    const [less, same] = outage!.comparison.variants;
    expect(less).toMatchObject({ name: 'less', verdict: 'lower' });
    expect(less!.lo).toBeLessThan(-30 + 5);
    expect(less!.hi).toBeGreaterThan(-30 - 5);
    expect(same!.verdict).toBe('not distinguishable');
    // Luck of 200 s against 5 s of their own: pairs are worth some (200 / 5)^2 times as many runs.
    expect(less!.pairing!.saving).toBeGreaterThan(100);
    expect(lost!.comparison.variants.map(({ verdict }) => verdict)).toEqual(['identical', 'identical']);
    expect(outage!.comparison.ranking[0]!.name).toBe('less');
    expect(result).toMatchObject({ schema: 'brownout/compare@1', replications: 12, outcome: 'fixed', seed: '5' });
    expect(result.variants.map(({ digests }) => digests[0])).toEqual(['5-0', '5-1', '5-2']);
  });

  it('told how exactly, ends once every difference is known so well, and says so', () => {
    const make = (halfWidth: number) =>
      conduct(compare(variants, { ...options, replications: 300, precision: { halfWidth } }), (wanted) =>
        wanted.map((one) => outcome(one)),
      );
    const wide = make(4);
    const narrow = make(0.5);
    expect([wide.outcome, narrow.outcome]).toEqual(['reached', 'reached']);
    expect(wide.replications).toBeLessThan(20);
    expect(narrow.replications).toBeGreaterThan(50);
    for (const { lo, hi } of narrow.measures[0]!.comparison.variants) expect(hi! - lo!).toBeLessThan(1.01);
    expect(make(0.01)).toMatchObject({ outcome: 'maximum', replications: 300 });
  });

  it('compares medians where something did not happen in some runs', () => {
    const result = conduct(compare(variants, { ...options, measures: ['lastClusterRecovered'] }), (wanted) =>
      wanted.map((one) => outcome(one, ['6', '9'])),
    );
    expect(result.measures[0]!.comparison.method).toBe('median');
    expect(result.measures[0]!.summaries[0]).toMatchObject({ censored: 2, mean: null, n: 12 });
  });

  it('takes no recovery for the best one where no cluster was lost, and for none where one was', () => {
    const [baseline, kept, gone] = variants;
    const recovered = (place: number): Pick<Replication, 'measures'> => ({
      measures: { lastClusterRecovered: place === 0 ? 1500 : null, clustersLost: place === 1 ? 0 : 1 },
    });
    const result = conduct(
      compare([baseline!, kept!, gone!], { ...options, measures: ['lastClusterRecovered'] }),
      (wanted) => wanted.map((one) => ({ ...outcome(one), ...recovered(hashes.indexOf(documentHash(one.document))) })),
    );
    const { ranking } = result.measures[0]!.comparison;
    expect(ranking.map(({ name }) => name)).toEqual([kept!.name, baseline!.name, gone!.name]);
    expect(result.variants[1]!.values['lastClusterRecovered']).toEqual(Array.from({ length: 12 }, () => 0));
    expect(compareText(result)).toContain('lastClusterRecovered: 0 s where no cluster was lost');
  });

  it('that was stopped says what its whole pairs say', () => {
    const made = new Map<string, Replication>();
    const find = ({ document, seed }: Wanted) => made.get(`${seed} ${documentHash(document)}`);
    const make = (place: number, seed: string) => {
      const { document } = variants[place]!;
      made.set(`${seed} ${hashes[place]!}`, outcome({ document, seed }));
    };
    for (const seed of ['5', '6', '7']) for (const place of [0, 1, 2]) if (seed !== '7' || place < 2) make(place, seed);
    expect(partialComparison(variants, options, find)).toMatchObject({ replications: 2, outcome: 'stopped' });
    made.delete(`6 ${hashes[1]!}`);
    expect(partialComparison(variants, options, find)).toBeUndefined();
  });

  it('knows that late first errors and many good answers are wanted, and little of everything else', () => {
    expect(['firstUserError', 'byCluster.large.goodputShare', 'outageSeconds'].map(betterValue)).toEqual([
      'higher',
      'higher',
      'lower',
    ]);
  });

  it.each([
    [[variants[0]!], {}, 'expected a baseline and at least one variant, got 1'],
    [[variants[0]!, variants[0]!], {}, 'two variants are named "baseline"'],
    [variants, { replications: 1 }, 'replications must be a whole number >= 2, got 1'],
    [variants, { level: 1 }, 'level must be inside (0, 1), got 1'],
    [variants, { measures: [] }, 'expected at least one measure, got none'],
    [variants, { measures: ['nothing'] }, 'the runs have no measure "nothing"'],
  ])('refuses what makes no sense (%#)', (list, wrong, message) => {
    expect(() => conduct(compare(list, wrong), (wanted) => wanted.map((one) => outcome(one)))).toThrow(message);
  });
});

describe('its text', () => {
  const result = conduct(
    compare(variants, { ...options, measures: ['outageSeconds', 'lastClusterRecovered'] }),
    (wanted) => wanted.map((one) => outcome(one, ['6'])),
  );

  it('gives ranking, intervals and what the common seeds saved', () => {
    const text = compareText(result, { width: 100 });
    expect(text).toContain('12 runs of each of 3 variants under the same seeds, from seed 5 on.');
    expect(text).toContain('\nless\n  clusters[0].nodes: 300 -> 20\n');
    expect(text).toMatch(/ 1 {2}less +\d+ min/);
    expect(text).toMatch(/-\d+(\.\d)? s \(-\d+(\.\d)? s to -\d+(\.\d)? s\), p < 0\.001: lower, better\n/);
    expect(text).toContain('no difference');
    expect(text).toMatch(/Common seeds: without them, .* less \d+ times \(correlation 1\.00\)/s);
  });

  it.each([
    [3, 'lost: -1 in every run, p = 0.5: too few runs to tell it from luck'],
    // With eight equal signs the chance is 2^-7, and twice that for two differences.
    [8, 'lost: -1 (-1 to -1), p = 0.016: lower, better'],
  ])('says of %i equal differences what so many are worth', (replications, expected) => {
    const measures = ['clustersLost'];
    const same = conduct(compare(variants, { ...options, measures, replications }), (wanted) =>
      wanted.map((one) => {
        const made = outcome(one);
        const isLess = one.document === variants[1]!.document;
        return { ...made, measures: { ...made.measures, clustersLost: isLess ? 0 : 1 } };
      }),
    );
    const text = compareText(same, { width: 100 }).replace(/\nless +[^\n]*\n +/, '\nlost: ');
    expect(text).toContain(expected);
  });

  it('says that of no median, whose pairs need not be alike', () => {
    const measures = ['lastClusterRecovered'];
    const mixed = conduct(compare(variants, { ...options, measures, replications: 10 }), (wanted) =>
      wanted.map((one) => {
        const made = outcome(one, ['6']);
        const isLess = one.document === variants[1]!.document && one.seed === '5';
        return isLess ? { ...made, measures: { ...made.measures, lastClusterRecovered: 1 } } : made;
      }),
    );
    expect(mixed.measures[0]!.comparison.method).toBe('median');
    expect(compareText(mixed, { width: 100 })).not.toContain('in every run,');
  });

  it.each([60, 80, 100, 132])('fits into %i columns', (width) => {
    for (const line of compareText(result, { width }).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(width);
    }
  });
});
