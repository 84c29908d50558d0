import { minutes } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../../kubernetes/testing/bench.ts';
import { createPlaybookBench, takes } from './testing/bench.ts';

describe('the way to the cause', () => {
  it('begins with whoever notices first: users who complain, or the alert', () => {
    const complaints = { above: 0.1, for: minutes(2) };
    const { simulation, failing, at } = createPlaybookBench({ options: { complaints }, nodes: [5, 5] });
    advance(simulation, minutes(3));
    failing[0] = 0.3;
    advance(simulation, minutes(20));
    // 15 % of all requests fail from the third minute; seen first after half a minute more.
    expect(at('users complain')).toBe(5.5);
    expect(at('engineers are notified')).toBe(6.5);
    expect(at('cause identified: agent')).toBe(9.5);
  });

  it('nobody listens to complaints unless asked to, and a few errors are no complaint', () => {
    const quiet = createPlaybookBench();
    quiet.failing[0] = 1;
    const few = createPlaybookBench({ options: { complaints: { above: 0.1, for: minutes(2) } } });
    few.failing[0] = 0.1;
    for (const { simulation, chronicle } of [quiet, few]) {
      advance(simulation, minutes(60));
      expect(chronicle.notes).toEqual([]);
    }
  });

  it('is longer in the dark, minute by minute', () => {
    let isLit = false;
    const { simulation, ring, at } = createPlaybookBench({
      options: { darkFactor: 4 },
      dashboardsWork: () => isLit,
    });
    ring();
    // After a minute of paging, four minutes in the dark are worth one of the three that a diagnosis takes.
    advance(simulation, minutes(4.5));
    isLit = true;
    advance(simulation, minutes(30));
    expect(at('cause identified')).toBe(1 + 4 + 2);
  });

  it('is longer after a wrong suspicion, which is taken for granted at most five times', () => {
    const misdiagnosis = { chance: 1, timeLost: takes(minutes(10)) };
    const { simulation, ring, at, times } = createPlaybookBench({ options: { misdiagnosis } });
    ring();
    advance(simulation, minutes(120));
    expect(times('a wrong cause is suspected')).toHaveLength(5);
    expect(at('cause identified')).toBe(1 + 5 * (3 + 10));
  });

  it('goes wrong as often as the chance says', () => {
    const misdiagnosis = { chance: 0.3, timeLost: takes(minutes(10)) };
    let wrong = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { simulation, ring, times } = createPlaybookBench({ options: { misdiagnosis }, seed, nodes: [1] });
      ring();
      advance(simulation, minutes(5));
      wrong += times('a wrong cause is suspected').length;
    }
    // Binomial(60, 0.3): mean 18, standard deviation 3.5; four of them.
    expect(Math.abs(wrong - 18)).toBeLessThan(14.2);
  });
});
