/** The wheel of batches loses nobody and hurries nobody, whatever the server does meanwhile. */
import { type Duration, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { usualLeaseAggregate } from './lease-aggregate-options.ts';
import { LeaseAggregate } from './lease-aggregate.ts';

const NODES = 60;
const INTERVAL = seconds(2);

/** How the server behaves for a while, and how long that is, in milliseconds. */
const behaviour = fc.record({
  isQuiet: fc.boolean(),
  latency: fc.constantFrom(2_000, 7_000, 80_000),
  cut: fc.nat({ max: 3 }),
  milliseconds: fc.nat({ max: 12_000 }),
  settles: fc.boolean(),
});

it('every node renews 2 s and up to 4 % after its last answer, batched or not', () => {
  fc.assert(
    fc.property(fc.array(behaviour, { minLength: 1, maxLength: 20 }), fc.nat({ max: 1000 }), (story, seed) => {
      const simulation = new Simulation({ seed });
      const stream = simulation.streams.get('test');
      let server = { isQuiet: true, latency: 2_000, cut: 0 };
      const answered = new Float64Array(NODES).fill(-1);
      const waiting = new Uint8Array(NODES);
      const gaps: number[] = [];
      const interval = (): Duration => Math.round(INTERVAL * (1 + 0.04 * stream.uniform())) as Duration;
      const sent = new Float64Array(NODES);
      const note = (node: number, due: number, at: number): void => {
        if (answered[node]! >= 0) gaps.push(due - answered[node]!);
        answered[node] = at;
      };
      const answer = simulation.event('answer', (node) => {
        waiting[node] = 0;
        aggregate.answered(node);
        note(node, sent[node]!, simulation.now);
        aggregate.add(node, simulation.now + interval());
      });
      const options = { ...usualLeaseAggregate, windowEvery: seconds(3) };
      const aggregate: LeaseAggregate = new LeaseAggregate(simulation, 'test', NODES, seconds(2.2), options, {
        exists: new Uint8Array(NODES).fill(1),
        isQuiet: () => server.isQuiet,
        isConnected: (node) => node >= server.cut,
        renew: (node) => {
          // Nobody has two requests on the way.
          expect(waiting[node]).toBe(0);
          waiting[node] = 1;
          sent[node] = simulation.now;
          answer.after(server.latency as Duration, node);
        },
        renewedInBatch: (node, due, latency) => note(node, due, due + latency),
        drawInterval: interval,
      });
      for (let node = 0; node < NODES; node++) aggregate.add(node, Math.floor((node * INTERVAL) / NODES));
      for (const { milliseconds, settles, ...next } of story) {
        server = next;
        advance(simulation, milliseconds * 1000);
        if (settles) aggregate.settle();
      }
      server = { isQuiet: true, latency: 2_000, cut: 0 };
      advance(simulation, seconds(20));
      aggregate.settle();
      // Nobody is lost: everybody has been answered within the last interval, a batch and a latency.
      expect(Math.min(...answered)).toBeGreaterThan(simulation.now - 1.04 * INTERVAL - 300_000);
      expect(Math.max(...answered)).toBeLessThanOrEqual(simulation.now);
      // Nobody is hurried, and nobody is later than the one batch that trouble takes to be seen.
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(INTERVAL);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(1.04 * INTERVAL + options.batch);
    }),
    { seed: 29, numRuns: 60 },
  );
});
