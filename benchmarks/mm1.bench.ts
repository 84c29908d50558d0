/** M/M/1 at utilisation 0.9 by handlers, the bare engine. Arguments: rounds, simulated seconds a round. */
import { Simulation } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const [rounds = 1, seconds = 1] = numbers();
const gaps = exponentials(1, 1_000);
const services = exponentials(2, 900);
const simulation = new Simulation();
let gapCursor = 0;
let serviceCursor = 0;
let inside = 0;
let areaCheck = 0;
const arrival = simulation.event(
  'arrival',
  () => {
    if (inside++ === 0) departure.after(increment(services, serviceCursor++));
    arrival.after(increment(gaps, gapCursor++));
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

arrival.after(increment(gaps, gapCursor++));
measureRounds(
  simulation,
  rounds,
  seconds * 1_000_000,
  () => simulation.eventCount,
  () => areaCheck,
);
