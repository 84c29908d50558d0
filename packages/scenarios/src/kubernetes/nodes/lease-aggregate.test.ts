import { type Duration, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { LeaseAggregate } from './lease-aggregate.ts';
import { type LeaseAggregateOptions, usualLeaseAggregate } from './lease-aggregate-options.ts';

const INTERVAL = seconds(10);

/** Nodes before a server that answers everything after 3 ms, and may be told not to. */
function setUp(nodes: number, options: LeaseAggregateOptions = usualLeaseAggregate) {
  const simulation = new Simulation({ seed: 1 });
  const stream = simulation.streams.get('test');
  const server = { isQuiet: true, isOk: true, latency: 3_000, isCut: new Set<number>() };
  const renewals: { node: number; at: number; isBatched: boolean }[] = [];
  const exists = new Uint8Array(nodes).fill(1);
  const answer = simulation.event('answer', (node) => {
    if (server.isOk) aggregate.answered(node);
    else aggregate.disturb();
    if (server.isOk) renewals.push({ node, at: simulation.now, isBatched: false });
    aggregate.add(node, simulation.now + drawInterval());
  });
  const drawInterval = (): Duration => Math.round(INTERVAL * (1 + 0.04 * stream.uniform())) as Duration;
  const aggregate: LeaseAggregate = new LeaseAggregate(simulation, 'test', nodes, seconds(11), options, {
    exists,
    isQuiet: () => server.isQuiet,
    isConnected: (node) => !server.isCut.has(node),
    renew: (node) => {
      if (exists[node] === 1) answer.after(server.latency as Duration, node);
    },
    renewedInBatch: (node, due, latency) => renewals.push({ node, at: due + latency, isBatched: true }),
    drawInterval,
  });
  for (let node = 0; node < nodes; node++) aggregate.add(node, Math.floor((node * INTERVAL) / nodes));
  return { simulation, aggregate, server, renewals, exists };
}

describe('quiet', () => {
  it('every node renews in its own time: 10 s and up to 4 %, from answer to request', () => {
    const { simulation, renewals } = setUp(200);
    advance(simulation, seconds(300));
    const last = new Map<number, number>();
    for (const { node, at } of [...renewals].sort((a, b) => a.at - b.at)) {
      const gap = at - (last.get(node) ?? at - 10_003_000);
      expect(gap).toBeGreaterThanOrEqual(10_003_000);
      expect(gap).toBeLessThanOrEqual(10_403_000);
      last.set(node, at);
    }
    // 300 s at 10.203 s a renewal, the first ones spread over 10 s: 29.4 to 30.4 each.
    expect(renewals.length).toBeGreaterThan(200 * 29);
    expect(renewals.length).toBeLessThan(200 * 30);
  });

  it('a twentieth goes one by one, the rest in batches of one event each', () => {
    const { simulation, aggregate, renewals } = setUp(5_000);
    advance(simulation, seconds(10));
    const before = simulation.eventCount;
    const { single } = aggregate.counts;
    const count = renewals.length;
    advance(simulation, seconds(100));
    const share = (aggregate.counts.single - single) / (renewals.length - count);
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.06);
    // 1,000 batches, and a request and an answer for each of those that went alone.
    const expected = 1_000 + 2 * (aggregate.counts.single - single);
    expect(Math.abs(simulation.eventCount - before - expected)).toBeLessThan(100);
  });

  it('nothing is batched before a window has shown how long a renewal takes', () => {
    const { simulation, aggregate } = setUp(1);
    advance(simulation, seconds(100));
    expect(aggregate.isBatching).toBe(false);
    advance(simulation, seconds(100));
    expect(aggregate.isBatching).toBe(true);
    const none = setUp(0);
    advance(none.simulation, seconds(300));
    expect(none.aggregate.isBatching).toBe(false);
  });

  it('settling in the middle of a batch books what is answered and nothing else', () => {
    const { simulation, aggregate, renewals } = setUp(1_000);
    advance(simulation, seconds(5) + ms(50));
    aggregate.settle();
    // Due every 10 ms from 0 on and answered after 3 ms: those at 0, 10, ... 5,040 ms.
    expect(renewals.length).toBe(505);
    aggregate.settle();
    expect(renewals.length).toBe(505);
    expect(Math.max(...renewals.map(({ at }) => at))).toBe(seconds(5) + ms(43));
    advance(simulation, ms(3));
    aggregate.settle();
    expect(renewals.length).toBe(506);
  });
});

describe('trouble', () => {
  it('a server that is not quiet gets every renewal itself, those of the present batch late', () => {
    const { simulation, aggregate, server } = setUp(1_000);
    advance(simulation, seconds(20) + ms(50));
    server.isQuiet = false;
    const { batched } = aggregate.counts;
    advance(simulation, seconds(30));
    expect(aggregate.counts.batched).toBe(batched);
    server.isQuiet = true;
    advance(simulation, seconds(2));
    expect(aggregate.isBatching).toBe(true);
  });

  it('one failure or one slow answer in a window is enough, and a whole calm window ends it', () => {
    for (const change of [{ isOk: false }, { latency: 60_000 }]) {
      const { simulation, aggregate, server } = setUp(1_000);
      advance(simulation, seconds(9) + ms(900));
      expect(aggregate.isBatching).toBe(true);
      Object.assign(server, change);
      advance(simulation, seconds(30));
      expect(aggregate.isBatching).toBe(false);
      Object.assign(server, { isOk: true, latency: 3_000 });
      advance(simulation, seconds(1) + ms(200));
      expect(aggregate.isBatching).toBe(true);
    }
  });

  it('batches wait until renewals are as fast as before the trouble, or slower for long', () => {
    const { simulation, aggregate, server } = setUp(1_000);
    advance(simulation, seconds(9) + ms(900));
    Object.assign(server, { latency: 60_000 });
    advance(simulation, seconds(5));
    Object.assign(server, { latency: 6_000 });
    advance(simulation, seconds(20));
    expect(aggregate.isBatching).toBe(false);
    advance(simulation, seconds(12));
    expect(aggregate.isBatching).toBe(true);
  });

  it('a node whose connection is gone goes alone, and takes the others along', () => {
    const { simulation, aggregate, server } = setUp(1_000);
    advance(simulation, seconds(5));
    server.isCut.add(510);
    advance(simulation, seconds(10));
    expect(aggregate.counts.single).toBeGreaterThan(100);
    server.isCut.clear();
    advance(simulation, seconds(20));
    expect(aggregate.isBatching).toBe(true);
  });

  it('what has failed elsewhere can be told', () => {
    const { simulation, aggregate } = setUp(1_000);
    advance(simulation, seconds(5));
    aggregate.disturb();
    advance(simulation, ms(100));
    expect(aggregate.isBatching).toBe(false);
  });

  it('a machine that is gone renews nothing', () => {
    const { simulation, renewals, exists } = setUp(100);
    advance(simulation, seconds(20));
    exists.fill(0);
    const count = renewals.length;
    advance(simulation, seconds(60));
    expect(renewals.length).toBeLessThanOrEqual(count + 1);
  });
});

it('refuses lengths that make no sense', () => {
  const make = (changes: Partial<LeaseAggregateOptions>) => () => setUp(1, { ...usualLeaseAggregate, ...changes });
  expect(make({ batch: ms(0) })).toThrow('lease aggregate "test": batch must be > 0, got 0 us');
  expect(make({ window: ms(250) })).toThrow('window must be a multiple of 100000 us, got 250000 us');
  expect(make({ windowEvery: ms(500) })).toThrow('windowEvery must be a multiple of 100000 us and > 500000 us');
  expect(make({ calmLatency: ms(0) })).toThrow('calmLatency must be > 0, got 0 us');
});

it('a renewal further away than the wheel reaches is an error of the model', () => {
  const { aggregate } = setUp(1);
  expect(() => aggregate.add(0, seconds(60))).toThrow('expected a renewal within the 113 batches from 0 on, got 600');
});
