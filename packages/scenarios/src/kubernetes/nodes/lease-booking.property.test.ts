/** Booking a batch together is booking its renewals one by one: same times, same draws, same counts, whatever goes wrong. */
import { type Duration, type Instant, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { usualLeaseAggregate } from './lease-aggregate-options.ts';
import { LeaseAggregate, type LeaseAggregateHost } from './lease-aggregate.ts';
import type { LeaseBooking } from './lease-booking.ts';

const NODES = 80;
const SERVERS = 3;
const INTERVAL = seconds(2);

/** What happens to the connections before the next stretch of time: some are lost, some made, a server dies, a node
 * goes, another has more to do than renew. */
const change = fc.record({
  lost: fc.nat({ max: NODES - 1 }),
  made: fc.nat({ max: NODES - 1 }),
  dies: fc.option(fc.nat({ max: SERVERS - 1 }), { nil: undefined }),
  goes: fc.option(fc.nat({ max: NODES - 1 }), { nil: undefined }),
  busy: fc.option(fc.nat({ max: NODES - 1 }), { nil: undefined }),
  isQuiet: fc.boolean(),
  milliseconds: fc.nat({ max: 6_000 }),
  settles: fc.boolean(),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

interface Outcome {
  readonly renewedAt: readonly number[];
  readonly counts: readonly number[];
  readonly sent: readonly string[];
  readonly batched: number;
  readonly nextDraw: number;
}

function run(seed: number, story: readonly Change[], isTogether: boolean): Outcome {
  const simulation = new Simulation({ seed });
  const jitter = simulation.streams.get('jitter');
  const server = Int16Array.from({ length: NODES }, (_, node) => node % SERVERS);
  const life = new Int32Array(NODES);
  const lives = new Int32Array(SERVERS);
  const renewedAt = new Float64Array(NODES);
  const booked = new Int32Array(SERVERS);
  const exists = new Uint8Array(NODES).fill(1);
  const sent: string[] = [];
  const hasMoreToDo = new Set<number>();
  let isQuiet = true;
  const isConnected = (node: number): boolean => server[node]! >= 0 && life[node] === lives[server[node]!];
  const drawInterval = (): Duration => Math.round(INTERVAL * (1 + 0.04 * jitter.uniform())) as Duration;
  const answer = simulation.event('answer', (node) => {
    aggregate.answered(node);
    aggregate.add(node, simulation.now + drawInterval());
  });
  const counts = new Int32Array(SERVERS);
  const book = (): void => counts.forEach((count, place) => ((booked[place]! += count), (counts[place] = 0)));
  const booking: LeaseBooking = {
    renewedAt,
    serverOf: (node) => (isConnected(node) ? server[node]! : -1),
    hasMoreToDo: (node) => hasMoreToDo.has(node),
    renewed: (_node, at) => void counts[at]!++,
    book,
  };
  const host: LeaseAggregateHost = {
    exists,
    isQuiet: () => isQuiet,
    isConnected: (node) => isConnected(node) && !hasMoreToDo.has(node),
    renew: (node) => {
      hasMoreToDo.delete(node);
      sent.push(`${node} at ${simulation.now} after ${[...booked].join(' ')}`);
      // A request that is sent opens a connection where there was none.
      if (!isConnected(node)) [server[node], life[node]] = [node % SERVERS, lives[node % SERVERS]!];
      answer.after(3_000 as Duration, node);
    },
    renewedInBatch: (node, due, latency) => {
      renewedAt[node] = due + latency;
      booked[isConnected(node) ? server[node]! : 0]!++;
    },
    drawInterval,
    ...(isTogether ? { booking: () => booking } : {}),
  };
  const options = { ...usualLeaseAggregate, windowEvery: seconds(3) };
  const aggregate: LeaseAggregate = new LeaseAggregate(simulation, 'test', NODES, seconds(2.2), options, host);
  for (let node = 0; node < NODES; node++) aggregate.add(node, Math.floor((node * INTERVAL) / NODES));
  simulation.runUntil(seconds(5) as number as Instant);
  for (const { lost, made, busy, dies, goes, milliseconds, settles, ...next } of story) {
    if (busy !== undefined) hasMoreToDo.add(busy);
    isQuiet = next.isQuiet;
    server[lost] = -1;
    [server[made], life[made]] = [made % SERVERS, lives[made % SERVERS]!];
    if (dies !== undefined) lives[dies]!++;
    if (goes !== undefined) exists[goes] = 0;
    simulation.runUntil((simulation.now + milliseconds * 1000) as Instant);
    if (settles) aggregate.settle();
  }
  isQuiet = true;
  simulation.runUntil((simulation.now + seconds(20)) as Instant);
  return {
    renewedAt: [...renewedAt],
    counts: [...booked],
    sent,
    batched: aggregate.counts.batched,
    nextDraw: jitter.uniform(),
  };
}

it('a run that books together is the run that books one by one', () => {
  let batched = 0;
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat({ max: 1000 }), (story, seed) => {
      const together = run(seed, story, true);
      expect(together).toEqual(run(seed, story, false));
      batched += together.batched;
    }),
    { seed: 31, numRuns: 60 },
  );
  expect(batched).toBeGreaterThan(60 * 300);
});
