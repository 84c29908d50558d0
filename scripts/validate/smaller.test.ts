/**
 * The tables on the smaller model: their documents, and that the committed page is the one the committed rows make. If the
 * page differs and the rows are right: `pnpm validate --write`, of either model.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidents, incidentStudies, reduced } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { fullSize, planFor, type PlanSize, type Studied } from './incident-plan.ts';
import { hashOf, jobsOf } from './plan.ts';
import { byId } from './results.ts';
import { smallerTables, stemOf } from './smaller.ts';
import { smallStudy } from './testing/small-study.ts';
import { keptText, smallerPages } from './write.ts';

const pages = join(import.meta.dirname, '../../docs/validation');
const id = 'openai-2024-12-11';
const studied: Studied = { incident: incidents.find((one) => one.id === id)!, study: incidentStudies[id]! };
const size: PlanSize = { replications: 2, draws: 3, decisive: ['dnsTtl'] };
const whole = planFor(studied, size);
const smaller = planFor(studied, { ...size, model: 'smaller' });

describe('the plan of the smaller model', () => {
  it('has the tables of the whole but the one that varies the size of clusters', () => {
    const ids = whole.map((table) => table.id);
    expect(ids).toContain('threshold');
    expect(smaller.map((table) => table.id)).toEqual(ids.filter((one) => one !== 'threshold'));
  });

  it('has each document of the whole with a reduction, which comes after mitigations and drawn values', () => {
    for (const { id: table, variants } of smaller) {
      for (const variant of variants) {
        const of = byId(byId(whole, table)!.variants, variant.id)!;
        expect(variant.replications).toBe(of.replications);
        const { reduction, ...rest } = variant.document(2);
        expect(hashOf(rest), `${table}/${variant.id}`).toBe(hashOf(of.document(2)));
        expect(Number(reduction?.factor), `${table}/${variant.id}`).toBeGreaterThan(8);
      }
    }
  });

  it('makes each document once, and one for each draw', () => {
    const [first] = byId(smaller, 'mitigations')!.variants;
    expect(first!.document(1)).toBe(first!.document(2));
    const draws = jobsOf(smaller).filter(({ table }) => table === 'draws');
    expect(new Set(draws.map(({ hash }) => hash)).size).toBe(3);
  });

  it('has documents as they are where they are small enough', () => {
    const small = smallStudy();
    const tables = planFor(small, { ...size, draws: 0, decisive: [] });
    expect(jobsOf(smallerTables(tables)).map(({ hash }) => hash)).toEqual(
      jobsOf(tables.filter((table) => table.id !== 'threshold')).map(({ hash }) => hash),
    );
  });

  it('keeps what it makes under names of its own', () => {
    expect([stemOf('x', fullSize), stemOf('x', { model: 'smaller' })]).toEqual(['x', 'x-smaller']);
  });
});

it('the committed page is what the committed rows of both models make', () => {
  for (const [name, text] of smallerPages(pages, studied)) {
    const file = join(pages, name);
    expect(readFileSync(file, 'utf8')).toBe(`${text}\n${keptText(file)}`);
    expect(text).toContain(`${reduced(studied.incident.document()).nodes} nodes stand for 17250`);
  }
});
