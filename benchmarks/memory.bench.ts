/**
 * Memory over a long run: 10,000 pending holds, each of which first cancels a timeout and starts a new one. Arguments:
 * events, samples. Prints one JSON line per sample.
 */
import { noEvent, seconds, Simulation, type EventHandle, type Instant } from '@brownout/core';
import { numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const PENDING = 10_000;
const [events = 1_000_000, samples = 10] = numbers();
const increments = exponentials(1, 1_000_000);
const simulation = new Simulation();
const plainOf = new Float64Array(PENDING).fill(noEvent);
const linedOf = new Float64Array(PENDING).fill(noEvent);
const line = simulation.timeout('timeout in line', seconds(30), () => undefined);
const plain = simulation.event('plain timeout', () => undefined);
let cursor = 0;
const hold = simulation.event('hold', (argument) => {
  simulation.cancel(plainOf[argument] as EventHandle);
  simulation.cancel(linedOf[argument] as EventHandle);
  plainOf[argument] = plain.after(seconds(30), argument);
  linedOf[argument] = line.start(argument);
  hold.after(increment(increments, cursor++), argument);
});
for (let i = 0; i < PENDING; i++) hold.after(increment(increments, cursor++), i);

const every = events / samples;
let next = every;
simulation.runUntil(Infinity as Instant, {
  progressEvery: every,
  onProgress: () => {
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ events: simulation.eventCount, rss, heapUsed, arrayBuffers })}\n`);
    next += every;
    if (next > events) simulation.stop();
  },
});
