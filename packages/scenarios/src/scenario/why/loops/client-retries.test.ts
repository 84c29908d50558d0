import { ms, seconds } from '@brownout/core';
import { compareWithTheory, expectTheory } from '@brownout/core/testing';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../../../kubernetes/flow-control/identity.ts';
import { createLoopBench, RepeatingClients } from '../testing/loop-bench.ts';
import { clientRetries } from './client-retries.ts';

/** A server that turns everybody away beyond two requests at a time; half of those come back. */
function turnedAway(seed: number, repeats: number) {
  const bench = createLoopBench(
    seed,
    { get: { cpuMs: 100 } },
    {
      cores: 2,
      flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 2 },
    },
  );
  const clients = new RepeatingClients(bench, {
    operation: 'get',
    timeout: seconds(30),
    repeats,
    identity: userIdentity('somebody'),
  });
  clients.rate = 60;
  bench.run(3);
  // Repetitions that are still to come.
  clients.rate = 0;
  bench.run(1);
  return { loop: bench.find(clientRetries), group: clients.group };
}

describe('where a full server refuses', () => {
  it('the gain is the probability that a refusal is repeated, as victims are random', () => {
    expectTheory(
      compareWithTheory({
        model: 'loss system with two servers, each refusal repeated with probability 0.5',
        expected: { gain: 0.5, amplification: 1 },
        replications: 10,
        run: (replication) => {
          const { loop } = turnedAway(replication, 0.5);
          // Attempts per request are 1 / (1 - p k): the branching ratio of the chain of attempts, with the p of this run.
          const { attempts, failures, attemptsPerRequest } = loop.evidence;
          const closedForm = 1 / (1 - (failures! / attempts!) * 0.5);
          return {
            gain: loop.gain!.median,
            amplification: attemptsPerRequest! / closedForm,
          };
        },
      }),
    );
  });

  it('without repetitions there is no loop', () => {
    const { loop, group } = turnedAway(1, 0);
    expect(group.sent - group.inside - group.ended[0]!).toBeGreaterThan(1000);
    expect(loop.seen).toBe(false);
    expect(loop.gain).toBeNull();
  });
});

/** 70 requests a second on a core that can do 100, a minute of 250 a second, and then as before. */
function overloaded(most: number) {
  const bench = createLoopBench(1, { get: { cpuMs: 10 } });
  const clients = new RepeatingClients(bench, { operation: 'get', timeout: seconds(1), repeats: 1, most });
  clients.rate = 70;
  bench.run(2);
  clients.rate = 250;
  bench.run(1);
  clients.rate = 70;
  bench.run(7);
  return { loop: bench.find(clientRetries), windows: bench.history.windows, group: clients.group };
}

describe('after an overload that is over', () => {
  // Argued before it was run: 350 attempts a second are more than 100. None is answered in time, four of five failures
  // are not the fifth, so each failure leads to 0.8 attempts, at a server that has no time left.
  it('four repetitions keep it going: each failure leads to 0.8 attempts, for ever', () => {
    const { loop, windows } = overloaded(4);
    expect(loop.gain!.median).toBeCloseTo(0.8, 1);
    expect(loop.lastSeen).toBe(9 * 60);
    expect(loop.evidence['attemptsPerRequest']).toBeGreaterThan(3);
    expect(windows.at(-1)!.exhausted).toBe(1);
  });

  // The backlog of the minute, 90 s of work, drains with 0.3 of a core: five minutes.
  it('without repetitions it is over when the backlog is done', () => {
    const { loop, windows, group } = overloaded(0);
    expect(loop.seen).toBe(false);
    expect(group.ended[4]).toBeGreaterThan(1000);
    expect(windows.at(-1)!.exhausted).toBeLessThan(0.5);
  });
});

it('checks of a balancer come at their own pace, and are no repetitions, whichever balancer sends them', () => {
  const bench = createLoopBench(1, { get: { cpuMs: 10 } });
  const check = { operation: 'get', timeout: ms(1), repeats: 1, name: 'health-check-0' } as const;
  const checks = new RepeatingClients(bench, check);
  checks.rate = 5;
  bench.run(3);
  expect(checks.group.sent).toBeGreaterThan(100);
  expect(bench.find(clientRetries)).toMatchObject({ seen: false, gain: null, evidence: { repeats: 0 } });
});

it('a server with room to spare has no loop, whatever its clients would do', () => {
  const bench = createLoopBench(1, { get: { cpuMs: 10 } });
  const clients = new RepeatingClients(bench, { operation: 'get', timeout: seconds(1), repeats: 1 });
  clients.rate = 50;
  bench.run(3);
  expect(bench.find(clientRetries)).toMatchObject({ seen: false, gain: null, firstSeen: null, activeSeconds: 0 });
});
