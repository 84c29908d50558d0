import { minutes } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../../kubernetes/testing/bench.ts';
import { createPlaybookBench, step, takes } from './testing/bench.ts';

describe('the way to the cause', () => {
  it('begins with whoever notices first: users who complain, or the alert', () => {
    const complaints = { above: 0.1, for: minutes(2) };
    const { simulation, failing, at, rollOut } = createPlaybookBench({ options: { complaints }, nodes: [5, 5] });
    advance(simulation, minutes(3));
    rollOut();
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

describe('a false alarm', () => {
  const steps = [step({ action: 'stop-rollout' }), step({ action: 'roll-back' })];

  it('stops nothing that has not begun, and the next alert is answered', () => {
    const { simulation, ring, rollOut, at, times } = createPlaybookBench({ steps, ringsFalsely: true });
    ring();
    advance(simulation, minutes(10));
    expect([at('false alarm'), at('cause identified'), at('rollout stopped')]).toEqual([4, undefined, undefined]);
    rollOut();
    advance(simulation, minutes(10));
    expect(at('cause identified')).toBeUndefined();
    ring(0, false);
    ring();
    advance(simulation, minutes(10));
    expect(times('engineers are notified').map(([time]) => time)).toEqual([1, 21]);
    expect([at('cause identified: agent'), at('rollout stopped')]).toEqual([24, 24]);
    expect(times('false alarm')).toHaveLength(1);
  });

  it('is none when the change arrives before the diagnosis is done', () => {
    const { simulation, ring, rollOut, at } = createPlaybookBench({ steps, ringsFalsely: true });
    ring();
    advance(simulation, minutes(3));
    rollOut();
    advance(simulation, minutes(10));
    expect([at('false alarm'), at('cause identified')]).toEqual([undefined, 4]);
  });

  it('of users is followed by the next complaint', () => {
    const complaints = { above: 0.1, for: minutes(2) };
    const { simulation, failing, rollOut, at, times } = createPlaybookBench({ options: { complaints } });
    failing[0] = 0.3;
    advance(simulation, minutes(6));
    // Seen after half a minute, a complaint after two more, then a minute of paging: engineers at 3.5, and nothing at 6.5.
    rollOut();
    advance(simulation, minutes(1));
    expect([at('false alarm'), at('cause identified')]).toEqual([undefined, 6.5]);
    const early = createPlaybookBench({ options: { complaints } });
    early.failing[0] = 0.3;
    advance(early.simulation, minutes(14));
    expect(early.times('users complain').map(([time]) => time)).toEqual([2.5, 9]);
    expect(early.times('false alarm').map(([time]) => time)).toEqual([6.5, 13]);
    expect(times('users complain')).toHaveLength(1);
  });

  it('sends those home who are on their way, and keeps those who have come', () => {
    const reinforcements = [
      { after: minutes(2), members: 1 },
      { after: minutes(20), members: 2 },
    ];
    const { simulation, ring, rollOut, times } = createPlaybookBench({
      playbook: { reinforcements },
      ringsFalsely: true,
    });
    ring();
    advance(simulation, minutes(40));
    expect(times('1 more join').map(([time]) => time)).toEqual([3]);
    expect(times('2 more join')).toEqual([]);
    rollOut();
    ring(0, false);
    ring();
    advance(simulation, minutes(40));
    expect(times('1 more join')).toHaveLength(1);
    expect(times('2 more join').map(([time]) => time)).toEqual([61]);
  });
});
