/**
 * The M/M/1 of mm1.bench.ts by handlers, the bare engine, with exponentials drawn from named streams instead of a table:
 * what a hand-written model without stations and statistics costs. Arguments: rounds, simulated seconds a round.
 */
import { exponential, Simulation, type Duration } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';

const [rounds = 1, seconds = 1] = numbers();
const simulation = new Simulation();
const gaps = simulation.streams.get('source/gaps');
const services = simulation.streams.get('station/services');
const gap = exponential(1_000);
const service = exponential(900);
let inside = 0;
const serve = (): void => {
  departure.after(Math.round(service.sample(services)) as Duration);
};
const arrival = simulation.event(
  'arrival',
  () => {
    if (inside++ === 0) serve();
    arrival.after(Math.round(gap.sample(gaps)) as Duration);
  },
  'arrival',
);
const departure = simulation.event(
  'departure',
  () => {
    if (--inside > 0) serve();
  },
  'release',
);

arrival.after(Math.round(gap.sample(gaps)) as Duration);
measureRounds(
  simulation,
  rounds,
  seconds * 1_000_000,
  () => simulation.eventCount,
  () => 0,
);
