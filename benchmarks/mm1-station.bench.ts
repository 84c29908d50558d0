/**
 * The M/M/1 of mm1.bench.ts by the public parts: a station that keeps its books, exponentials drawn from named streams,
 * a histogram of the times in system. Arguments: rounds, customers.
 */
import { createStation, exponential, Histogram, Simulation, us, type Duration, type Instant } from '@brownout/core';
import { measured, numbers } from './measure.ts';

function runRound(customers: number, seed: number): void {
  const simulation = new Simulation({ seed });
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
      if (arrived < customers) arrival.after(Math.round(gap.sample(gaps)) as Duration);
    },
    'arrival',
  );
  arrival.after(us(0));
  measured('main', () => simulation.runUntil(Infinity as Instant), () => [2 * customers, simulation.now, station.books().served]);
}

const [rounds = 1, customers = 1_000] = numbers();
for (let round = 0; round < rounds; round++) runRound(customers, round + 1);
