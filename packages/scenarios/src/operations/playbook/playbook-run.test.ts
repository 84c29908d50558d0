/** Who does what when: conditions, people, tries, causes. What actions do is in effects.test.ts. */
import { minutes, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../../kubernetes/testing/bench.ts';
import { createPlaybookBench, step, takes } from './testing/bench.ts';

const block = { action: 'block-admin-api', letThrough: 'nobody' } as const;
const unblock = { action: 'unblock-admin-api' } as const;
const scaleUp = { action: 'scale-api-servers-up', factor: 2, manner: 'in-place' } as const;
const scaleDown = { action: 'scale-cluster-down', share: 0.5, nodesPerMinute: Infinity } as const;
const verify = { action: 'verify', looksAt: 'nothing' } as const;
const rollBack = { action: 'roll-back' } as const;

describe('conditions', () => {
  it('without any, a step begins when the cause is known, for every cluster in trouble', () => {
    const { simulation, ring, rollOut, times } = createPlaybookBench({ steps: [step(block)], nodes: [5, 5, 5] });
    rollOut(2);
    ring(0);
    advance(simulation, minutes(10));
    expect(times('admin API blocked')).toEqual([
      [4, 'c0'],
      [4, 'c2'],
    ]);
  });

  it('a step for all clusters does not ask whether they are in trouble; one for none is done once', () => {
    const steps = [step(block, { scope: 'all' }), step({ action: 'stop-rollout' }, { time: takes(minutes(2)) })];
    const { simulation, ring, times } = createPlaybookBench({ steps, nodes: [5, 5] });
    ring(0);
    advance(simulation, minutes(10));
    expect(times('admin API blocked')).toEqual([
      [4, 'c0'],
      [4, 'c1'],
    ]);
    expect(times('rollout stopped')).toEqual([[6, undefined]]);
  });

  it('a step follows another that has succeeded, at the same instant, and takes its own time', () => {
    const steps = [
      step(verify, { when: { succeeded: ['block-admin-api'] }, time: takes(minutes(3)) }),
      step(block, { time: takes(minutes(5)) }),
    ];
    const { simulation, ring, at } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(20));
    expect(at('admin API blocked')).toBe(9);
    expect(at('operators call')).toBe(12);
  });

  it('a step may wait for one that has run for so long, and for what is seen then', () => {
    const steps = [
      step(block, { time: takes(minutes(30)) }),
      step(scaleUp, {
        when: { started: ['block-admin-api'], wait: takes(minutes(10)), state: { alertFiring: false } },
      }),
    ];
    const { simulation, ring, at } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(20));
    expect(at('API servers replaced')).toBeUndefined();
    ring(0, false);
    advance(simulation, minutes(2));
    expect(at('API servers replaced')).toBe(21);
  });

  it('a step may wait for a try that failed, or for one that was given up', () => {
    const gaveUp = { retry: { pause: takes(minutes(4)), attempts: 2 }, failureChance: 1, time: takes(minutes(1)) };
    const steps = [
      step(block, gaveUp),
      step(scaleUp, { when: { failed: ['block-admin-api'] } }),
      step(scaleDown, { when: { gaveUp: ['block-admin-api'] } }),
      step(verify, { when: { ended: ['block-admin-api'], wait: takes(minutes(1)) } }),
    ];
    const { simulation, ring, at } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(20));
    expect(at('block-admin-api does not come off')).toBe(5);
    expect(at('API servers replaced')).toBe(5);
    expect(at('block-admin-api given up after 2 tries')).toBe(10);
    expect(at('cluster scaled down')).toBe(10);
    expect(at('operators call')).toBe(11);
    expect(at('admin API blocked')).toBeUndefined();
  });

  it('a step is dropped when what it is for has come about by itself, also while it is prepared', () => {
    const steps = [
      step(block, { time: takes(minutes(5)), unless: { alertFiring: false } }),
      step(verify, { when: { ended: ['block-admin-api'] } }),
    ];
    const { simulation, ring, rollOut, at } = createPlaybookBench({ steps });
    rollOut();
    ring();
    advance(simulation, minutes(6));
    ring(0, false);
    advance(simulation, minutes(10));
    expect(at('admin API blocked')).toBeUndefined();
    expect(at('operators call')).toBe(9);
  });

  it('a cluster that gets into trouble later is taken up then', () => {
    const { simulation, ring, times } = createPlaybookBench({ steps: [step(block)], nodes: [5, 5] });
    ring(0);
    advance(simulation, minutes(10.5));
    ring(1);
    advance(simulation, minutes(5));
    expect(times('admin API blocked')).toEqual([
      [4, 'c0'],
      [11, 'c1'],
    ]);
  });
});

describe('people', () => {
  const work = { time: takes(minutes(10)), crew: 1 };

  it('are a limit: one does three things one after the other, three do them at once', () => {
    for (const [crew, ends] of [
      [1, [14, 24, 34]],
      [3, [14, 14, 14]],
    ] as const) {
      const { simulation, ring, at } = createPlaybookBench({
        steps: [step(block, work), step(scaleUp, work), step(scaleDown, work)],
        playbook: { crew },
      });
      ring();
      advance(simulation, minutes(60));
      expect(['admin API blocked', 'API servers replaced', 'cluster scaled down'].map(at)).toEqual(ends);
    }
  });

  it('go to the largest cluster first, or to the worst, or as they come', () => {
    for (const [order, clusters] of [
      ['as-they-come', ['c0', 'c1', 'c2', 'c3']],
      ['largest-first', ['c0', 'c2', 'c3', 'c1']],
      ['smallest-first', ['c0', 'c1', 'c3', 'c2']],
      ['worst-first', ['c0', 'c3', 'c1', 'c2']],
    ] as const) {
      const { simulation, ring, times, failing } = createPlaybookBench({
        steps: [step(block, work)],
        playbook: { order },
        nodes: [4, 2, 8, 6],
      });
      failing[3] = 0.5;
      // The first is begun as soon as it is known; the others wait by then.
      [0, 1, 2, 3].forEach((index) => ring(index));
      advance(simulation, minutes(60));
      expect(times('admin API blocked').map(([, cluster]) => cluster)).toEqual(clusters);
    }
  });

  it('stay with a cluster that they have taken on until they hand it back', () => {
    const taken = { succeeded: ['take-on'] };
    const steps = [
      step({ action: 'take-on' }, { crew: 1 }),
      step(block, { when: taken, time: takes(minutes(10)) }),
      step(scaleUp, { when: taken, time: takes(minutes(15)) }),
      step({ action: 'hand-back' }, { when: { succeeded: ['block-admin-api', 'scale-api-servers-up'] } }),
    ];
    const { simulation, ring, times } = createPlaybookBench({ steps, nodes: [5, 5] });
    [0, 1].forEach((index) => ring(index));
    advance(simulation, minutes(60));
    expect(times('crew begins')).toEqual([
      [4, 'c0'],
      [19, 'c1'],
    ]);
    expect(times('admin API blocked').map(([at]) => at)).toEqual([14, 29]);
  });

  it('become more', () => {
    const { simulation, ring, times, at } = createPlaybookBench({
      steps: [step(block, work)],
      playbook: { reinforcements: [{ after: minutes(8), members: 2 }] },
      nodes: [5, 5, 5],
    });
    [0, 1, 2].forEach((index) => ring(index));
    advance(simulation, minutes(60));
    expect(at('2 more join')).toBe(9);
    expect(times('admin API blocked').map(([time]) => time)).toEqual([14, 19, 19]);
  });

  it('do one thing at a time for a cluster when they work sequentially, however many they are', () => {
    const { simulation, ring, times } = createPlaybookBench({
      steps: [step(block, work), step(scaleUp, work)],
      playbook: { crew: 9, work: 'sequential' },
      nodes: [5, 5],
    });
    [0, 1].forEach((index) => ring(index));
    advance(simulation, minutes(60));
    expect(times('admin API blocked').map(([at]) => at)).toEqual([14, 14]);
    expect(times('API servers replaced').map(([at]) => at)).toEqual([24, 24]);
  });

  it('that are needed nowhere are given back, also after a step that was dropped', () => {
    const steps = [
      step(block, { ...work, unless: { alertFiring: true } }),
      step(scaleUp, { ...work, when: { ended: ['block-admin-api'] } }),
    ];
    const { simulation, ring, at } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(30));
    expect(at('API servers replaced')).toBe(14);
  });
});

describe('what is noted', () => {
  it('has the step before as its cause, and the diagnosis when there is none', () => {
    const steps = [step(block), step(unblock, { when: { succeeded: ['block-admin-api'], wait: takes(minutes(5)) } })];
    const { simulation, ring, chronicle } = createPlaybookBench({ steps });
    ring();
    advance(simulation, minutes(20));
    const last = chronicle.notes.findIndex((note) => note.text === 'block of the admin API lifted');
    expect(chronicle.chain(last).map(({ text }) => text)).toEqual([
      'block of the admin API lifted',
      'admin API blocked at the network',
      'cause identified: agent',
      'engineers are notified',
      'alert',
    ]);
  });
});

it('the same seed twice is the same story', () => {
  const story = (): string => {
    const steps = [step(block, { failureChance: 0.5, time: takes(seconds(90)) }), step(rollBack)];
    const { simulation, ring, rollOut, chronicle } = createPlaybookBench({ steps, seed: 5, nodes: [5, 5] });
    [0, 1].forEach((index) => rollOut(index));
    [0, 1].forEach((index) => ring(index));
    advance(simulation, minutes(30));
    return JSON.stringify(chronicle.notes);
  };
  expect(story()).toBe(story());
});
