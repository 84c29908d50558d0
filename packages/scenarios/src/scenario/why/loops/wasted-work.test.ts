import { seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../../../kubernetes/flow-control/identity.ts';
import type { ClusterBenchOptions } from '../../../kubernetes/testing/bench.ts';
import { createLoopBench, RepeatingClients } from '../testing/loop-bench.ts';
import { wastedWork } from './wasted-work.ts';

/** Two minutes of 150 requests a second on a core that can do 100, then silence. Nobody repeats anything. */
function overloaded(options: ClusterBenchOptions = {}) {
  const bench = createLoopBench(1, { get: { cpuMs: 10 } }, options);
  const clients = new RepeatingClients(bench, { operation: 'get', timeout: seconds(1), repeats: 0 });
  clients.rate = 150;
  bench.run(2);
  clients.rate = 0;
  bench.run(3);
  return bench.find(wastedWork);
}

describe('work for clients that have left', () => {
  // Argued before it was run: on shared cores with patience of a second, 150 at a time get 6.7 of their 10 ms: nobody is
  // served. Whatever is begun is finished, and all of it is for nobody.
  it('is a loop with gain 1 where all of it is done', () => {
    const { gain, evidence } = overloaded();
    expect(evidence['wastedCpuSeconds']! / evidence['givenUpCpuSeconds']!).toBeCloseTo(1, 1);
    expect(gain!.overall).toBeGreaterThan(0.9);
  });

  // The same, but what leaves takes the rest of its work along: 1 s / 150 of 10 ms has been done, two thirds.
  it('has the share that was done before they left where the rest is not', () => {
    const { gain } = overloaded({ apiServer: { cancellation: { decodeShare: 1 } } });
    expect(gain!.overall).toBeCloseTo(2 / 3, 1);
  });

  // In line for a seat nothing is done for anybody: two at a time take 20 ms, and are answered.
  it('is next to nothing where flow control lets in what can be served', () => {
    const bench = createLoopBench(
      1,
      { get: { cpuMs: 10 } },
      {
        flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 2 },
      },
    );
    const clients = new RepeatingClients(bench, {
      operation: 'get',
      timeout: seconds(1),
      repeats: 0,
      identity: userIdentity('somebody'),
    });
    clients.rate = 150;
    bench.run(3);
    expect(bench.find(wastedWork).seen).toBe(false);
  });
});
