/**
 * The M/M/1 of mm1.bench.ts by the public parts: a station that keeps its books, exponentials drawn from named streams,
 * a histogram of the times in system. Arguments: rounds, simulated seconds a round.
 */
import { createStation, exponential, Histogram, noTime, Simulation, type Duration } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';

const [rounds = 1, seconds = 1] = numbers();
const simulation = new Simulation();
const gaps = simulation.streams.get('source/gaps');
const services = simulation.streams.get('station/services');
const gap = exponential(1_000);
const service = exponential(900);
const timesInSystem = new Histogram();
const station = createStation(simulation, { name: 'server', servers: 1, queueLimit: Infinity, timesInSystem });
let arrived = 0;
const arrival = simulation.event(
  'arrival',
  () => {
    station.arrive(arrived++ & 65_535, Math.round(service.sample(services)) as Duration);
    arrival.after(Math.round(gap.sample(gaps)) as Duration);
  },
  'arrival',
);

arrival.after(noTime);
measureRounds(
  simulation,
  rounds,
  seconds * 1_000_000,
  () => arrived + station.books().served,
  () => 0,
);
