import { describe, expect, it } from 'vitest';
import {
  findPhaseDiagram,
  phaseAt,
  type PhaseDiagram,
  type PhaseDiagramOptions,
  type PhaseTrial,
} from '../../src/experiment/phase-diagram.ts';
import { attemptsPerRequest, servedAtTheEnd, serverPerSecond } from './known-thresholds.ts';

function search(options: PhaseDiagramOptions, isBad: (trial: PhaseTrial) => boolean): PhaseDiagram {
  const under = findPhaseDiagram(options);
  let step = under.next();
  while (step.done !== true) step = under.next(step.value.map(isBad));
  return step.value;
}

const load = { name: 'load', low: 0, high: 100 } as const;
const trigger = { name: 'trigger', low: 1, high: 10 } as const;

describe('a phase diagram', () => {
  it('finds a boundary that falls as triggers grow, and says what happens on either side of it', () => {
    // Bad from 90 - 5 x trigger on after a trigger, from 90 without.
    const diagram = search({ load, trigger, rows: 5 }, (one) => one.load > 90 - 5 * (one.trigger ?? 0));
    expect(diagram.rows.map((row) => row.trigger)).toEqual([null, 1, 3.25, 5.5, 7.75, 10]);
    for (const { trigger: size, tip } of diagram.rows) {
      const truth = 90 - 5 * (size ?? 0);
      expect([size, tip.low! <= truth && truth <= tip.high!]).toEqual([size, true]);
    }
    expect(diagram.contradictions).toEqual([]);
    expect([20, 45, 70, 95].map((x) => phaseAt(diagram, 0, x))).toEqual([
      'stable',
      'vulnerable',
      'vulnerable',
      'overloaded',
    ]);
    expect([20, 45, 70, 95].map((x) => phaseAt(diagram, 3, x))).toEqual([
      'stable',
      'vulnerable',
      'metastable',
      'overloaded',
    ]);
    expect(phaseAt(diagram, 5, diagram.rows[5]!.tip.value!)).toBe('unclear');
  });

  it('is all stable when the largest trigger heals at every load, and asks no more', () => {
    const diagram = search({ load, trigger }, () => false);
    expect(diagram.rows.map((row) => row.tip.status)).toEqual(['never', 'never']);
    expect(phaseAt(diagram, 1, 99)).toBe('stable');
    expect(diagram.runs).toBe(18);
  });

  it('refines where the tipping load changes most', () => {
    const diagram = search({ load, trigger, rows: 5 }, (one) => one.load > ((one.trigger ?? 0) > 7 ? 20 : 80));
    const sizes = diagram.rows.map((row) => row.trigger).filter((size) => size !== null);
    expect(sizes).toEqual([1, 5.5, 6.625, 7.75, 10]);
  });

  it('searches no whole size twice', () => {
    const whole = { name: 'servers', low: 1, high: 3, kind: 'whole' } as const;
    const diagram = search({ load, trigger: whole, rows: 6 }, (one) => one.load > ((one.trigger ?? 0) >= 2 ? 20 : 80));
    expect(diagram.rows.map((row) => row.trigger)).toEqual([null, 1, 2, 3]);
  });

  it('reports rows that contradict each other', () => {
    const bound = (size: number | null): number => (size === null ? 30 : size > 5 ? 50 : 70);
    const diagram = search({ load, trigger, rows: 2 }, (one) => one.load > bound(one.trigger));
    expect(diagram.contradictions).toEqual([[0, 1]]);
  });

  it('of the retry model ends at what the server does per attempt, and is monotone', () => {
    const bound = serverPerSecond / attemptsPerRequest;
    const diagram = search(
      {
        load: { name: 'load', low: 2, high: 11 },
        trigger: { name: 'seconds', low: 0.5, high: 20, scale: 'log' },
        rows: 4,
      },
      ({ load: requests, trigger: size, replication }) =>
        servedAtTheEnd({ load: requests, triggerSeconds: size ?? 0, horizon: 500, replication }) < 0.5,
    );
    const loads = diagram.rows.map(({ tip }) => tip.value!);
    expect(diagram.contradictions).toEqual([]);
    expect([...loads].sort((a, b) => b - a)).toEqual(loads);
    // A run of 500 s is too short for the last queues below the bound to drain: 90 attempts in 450 s are 0.07 requests/s.
    expect(Math.abs(diagram.rows.at(-1)!.tip.value! - bound)).toBeLessThan(0.2);
    expect(phaseAt(diagram, 1, 3)).toBe('stable');
    expect(phaseAt(diagram, 1, 5)).toBe('vulnerable');
    expect(phaseAt(diagram, diagram.rows.length - 1, 5)).toBe('metastable');
    expect(phaseAt(diagram, 0, 10.9)).toBe('overloaded');
  });
});
