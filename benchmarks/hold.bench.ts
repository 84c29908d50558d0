/** Hold model: every event schedules itself again. Arguments: rounds, pending events, mean times a round. */
import { Simulation, type Instant } from '@brownout/core';
import { measured, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const MEAN = 10_000_000;
const [rounds = 1, pending = 100, spans = 1] = numbers();
const increments = exponentials(1, MEAN);
const simulation = new Simulation();
let cursor = 0;
let digest = 0;
const hold = simulation.event('hold', (argument) => {
  digest = (Math.imul(digest, 31) + argument) | 0;
  hold.after(increment(increments, cursor++), argument);
});

function fill(): void {
  for (let i = 0; i < pending; i++) hold.after(increment(increments, cursor++), i);
}

function runTo(phase: string, horizon: number): void {
  measured(
    phase,
    horizon,
    () => simulation.runUntil(horizon as Instant),
    () => simulation.eventCount,
    () => digest,
  );
}

measured(
  'fill',
  0,
  fill,
  () => simulation.pendingCount,
  () => digest,
);
runTo('settle', 2 * MEAN);
for (let round = 1; round <= rounds; round++) runTo('main', (2 + round * spans) * MEAN);
