import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../packages/scenarios/test/small-scenario.ts';
import { checkPlan, fixedVariant, jobsOf, keyOf, seededVariant } from './plan.ts';

const document = smallScenario();
const other = smallScenario({ nodes: 200 });

describe('the runs of a plan', () => {
  it('come seed by seed over all variants, those with more seeds spread among them', () => {
    const jobs = jobsOf([
      { id: 'a', title: '', variants: [fixedVariant('x', '', 2, document), fixedVariant('y', '', 2, other)] },
      { id: 'b', title: '', variants: [fixedVariant('z', '', 4, document)] },
    ]);
    expect(jobs.map(({ variant, seed }) => `${variant}${seed}`)).toEqual([
      'x1',
      'y1',
      'z1',
      'z2',
      'x2',
      'y2',
      'z3',
      'z4',
    ]);
  });

  it('are known by document, engine and seed', () => {
    const [first, second] = jobsOf([
      { id: 'a', title: '', variants: [fixedVariant('x', '', 1, document), fixedVariant('y', '', 1, other)] },
    ]);
    expect(first!.hash).not.toBe(second!.hash);
    expect(keyOf(first!, '1.2')).toBe(`${first!.hash}/1.2/1`);
  });

  it('may have a document of their own each, made once', () => {
    let made = 0;
    const variant = seededVariant('x', '', 3, (seed) => ({ ...document, title: `number ${seed}-${made++}` }));
    const jobs = jobsOf([{ id: 'a', title: '', variants: [variant] }]);
    expect(new Set(jobs.map(({ hash }) => hash)).size).toBe(3);
    expect(jobsOf([{ id: 'a', title: '', variants: [variant] }])).toEqual(jobs);
    expect(made).toBe(3);
  });
});

it('two tables or variants of one name are refused', () => {
  const table = { id: 'a', title: '', variants: [fixedVariant('x', '', 1, document)] };
  expect(() => checkPlan([table, table])).toThrow('plan: expected ids that differ, got table "a" twice');
  const twice = { ...table, variants: [...table.variants, ...table.variants] };
  expect(() => checkPlan([twice])).toThrow('got variant of a "x" twice');
});
