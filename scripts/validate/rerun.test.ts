import { describe, expect, it } from 'vitest';
import { dataText, readData } from './data-file.ts';
import { planFor } from './incident-plan.ts';
import { hashOf } from './plan.ts';
import { choose, chooseInTurn, compareDocuments, differenceOf, type Recheck } from './rerun.ts';
import type { RunRow } from './row.ts';
import { row, smallStudy } from './testing/small-study.ts';

const studied = smallStudy();
const size = { replications: 5, draws: 0, decisive: [] };
const [bands] = planFor(studied, size);

function committed(change: (row: RunRow) => RunRow) {
  const variants = bands!.variants.map(({ id, title, replications, document }) => ({
    id,
    title,
    asked: replications,
    rows: [1, 2, 3, 4].map((seed) => change(row(seed, { peak: 5 }, { hash: hashOf(document(seed)) }))),
  }));
  return readData(dataText('small', size, { id: 'bands', title: '', variants }), 'small.bands.json');
}

describe('committed runs', () => {
  it('of today are candidates with their first three seeds', () => {
    const { outdated, candidates } = compareDocuments(
      studied,
      committed((one) => one),
    );
    expect(outdated).toEqual([]);
    expect(candidates.map(({ job }) => `${job.variant} ${job.seed}`)).toEqual([
      'as-it-was 1',
      'as-it-was 2',
      'as-it-was 3',
      'roll-back-only 1',
      'roll-back-only 2',
      'roll-back-only 3',
    ]);
  });

  it('of another document, or of a seed or table that is no longer asked for, are outdated', () => {
    const other = compareDocuments(
      studied,
      committed((one) => (one.seed === '4' ? { ...one, hash: 'old' } : one)),
    );
    expect(other.outdated[0]).toMatch(/^small\.bands\/as-it-was seed 4: document old, now [0-9a-f]{16}$/);
    expect(other.outdated).toHaveLength(2);
    const data = committed((one) => one);
    const fewer = compareDocuments(studied, { ...data, size: { ...size, replications: 3 } });
    expect(fewer.outdated[0]).toBe('small.bands/as-it-was seed 4: in no plan any more');
    expect(compareDocuments(studied, { ...data, table: 'other' }).outdated).toHaveLength(8);
  });

  it('differ by their digest and by every number', () => {
    const [one] = compareDocuments(
      studied,
      committed((made) => made),
    ).candidates;
    expect(differenceOf(one!, row(1, { peak: 5 }))).toBe('');
    expect(differenceOf(one!, row(1, { peak: null }, { digest: 'd' }))).toBe(
      'bands/as-it-was seed 1: digest digest-1, now d; peak 5, now never',
    );
  });
});

describe('the runs that are made again', () => {
  const recheck = (name: string, seed: number, events: number): Recheck => ({
    job: { table: 't', variant: name, seed, document: studied.incident.document(), hash: name },
    committed: { ...row(seed, {}), events },
  });
  const tables = [
    [recheck('base', 1, 50), recheck('base', 2, 50)],
    [recheck('base', 1, 50), recheck('quick', 1, 5), recheck('slow', 1, 80)],
    [recheck('other', 1, 20)],
  ];
  const names = (list: readonly Recheck[]) => list.map(({ job }) => `${job.variant}${job.seed}`);

  it('begin with the incident as it was, then the quickest of every table, up to the budget', () => {
    const { chosen, left, events } = choose(tables, 80);
    expect(names(chosen)).toEqual(['base1', 'quick1', 'other1']);
    expect(names(left)).toEqual(['base2', 'slow1']);
    expect(events).toBe(75);
  });

  it('are all of them when the budget is endless, each once', () => {
    const { chosen, left } = choose(tables, Infinity);
    expect(names(chosen).sort()).toEqual(['base1', 'base2', 'other1', 'quick1', 'slow1']);
    expect(left).toEqual([]);
  });

  it('are the incident as it was even when that alone is over the budget', () => {
    expect(names(choose(tables, 1).chosen)).toEqual(['base1']);
    expect(choose([], 1)).toEqual({ chosen: [], left: [], events: 0 });
  });

  it('in turn are others at every turn, within the budget, and all of them after some', () => {
    const many = [
      [recheck('base', 1, 10)],
      Array.from({ length: 40 }, (_, i) => recheck(`v${i}`, 1, 10)),
      [recheck('base', 1, 10)],
    ];
    const turns = Array.from({ length: 41 }, (_, turn) => chooseInTurn(many, 45, turn));
    expect(turns.every(({ chosen, left, events }) => chosen.length === 4 && left.length === 37 && events === 40)).toBe(
      true,
    );
    expect(new Set(turns.flatMap(({ chosen }) => names(chosen))).size).toBe(41);
    expect(names(turns[3]!.chosen)).toEqual(names(chooseInTurn(many, 45, 3 + 41).chosen));
    // Spread: no two of a turn are neighbours.
    const places = turns[0]!.chosen.map((one) => many.flat().indexOf(one)).sort((a, b) => a - b);
    expect(Math.min(...places.slice(1).map((place, i) => place - places[i]!))).toBeGreaterThan(3);
  });

  it('in turn are one at least, and none where there are none', () => {
    expect(names(chooseInTurn([[recheck('slow', 1, 80)]], 1, 5).chosen)).toEqual(['slow1']);
    expect(chooseInTurn([], 1, 5)).toEqual({ chosen: [], left: [], events: 0 });
  });
});
