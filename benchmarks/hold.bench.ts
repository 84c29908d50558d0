/** Hold model: every event schedules itself again. Arguments: rounds, pending events, mean times to measure. */
import { Simulation, type Instant } from '@brownout/core';
import { measured, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const MEAN = 10_000_000;
const increments = exponentials(1, MEAN);

function runRound(pending: number, spans: number): void {
  const simulation = new Simulation();
  let cursor = 0;
  let digest = 0;
  const hold = simulation.event('hold', (argument) => {
    digest = (Math.imul(digest, 31) + argument) | 0;
    hold.after(increment(increments, cursor++), argument);
  });
  let before = 0;
  const runTo = (horizon: number): void => {
    before = simulation.eventCount;
    simulation.runUntil(horizon as Instant);
  };
  const outcome = () => [simulation.eventCount - before, simulation.now, digest] as const;
  measured('fill', () => { for (let i = 0; i < pending; i++) hold.after(increment(increments, cursor++), i); }, () => [pending, 0, digest]);
  measured('settle', () => runTo(2 * MEAN), outcome);
  measured('main', () => runTo((2 + spans) * MEAN), outcome);
}

const [rounds = 1, pending = 100, spans = 1] = numbers();
for (let round = 0; round < rounds; round++) runRound(pending, spans);
