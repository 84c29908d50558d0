/** M/M/1 at utilisation 0.9 by handlers, the bare engine. Arguments: rounds, customers. */
import { Simulation, type Instant } from '@brownout/core';
import { measured, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const gaps = exponentials(1, 1_000);
const services = exponentials(2, 900);

function runRound(customers: number): void {
  const simulation = new Simulation();
  let gapCursor = 0;
  let serviceCursor = 0;
  let arrived = 0;
  let inside = 0;
  let areaCheck = 0;
  const arrival = simulation.event(
    'arrival',
    () => {
      if (inside++ === 0) departure.after(increment(services, serviceCursor++));
      if (++arrived < customers) arrival.after(increment(gaps, gapCursor++));
    },
    'arrival',
  );
  const departure = simulation.event(
    'departure',
    () => {
      areaCheck = (areaCheck + inside) | 0;
      if (--inside > 0) departure.after(increment(services, serviceCursor++));
    },
    'release',
  );
  measured(
    'main',
    () => {
      arrival.after(increment(gaps, gapCursor++));
      simulation.runUntil(Infinity as Instant);
    },
    () => [simulation.eventCount, simulation.now, areaCheck],
  );
}

const [rounds = 1, customers = 1_000] = numbers();
for (let round = 0; round < rounds; round++) runRound(customers);
