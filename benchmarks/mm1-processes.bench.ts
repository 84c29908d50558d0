/** The M/M/1 of mm1.bench.ts told by two generator processes. Arguments: rounds, customers. */
import { delay, Simulation, spawn, suspended, type Instant, type Process } from '@brownout/core';
import { measured, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const gaps = exponentials(1, 1_000);
const services = exponentials(2, 900);

function runRound(customers: number): void {
  const simulation = new Simulation();
  let inside = 0;
  let areaCheck = 0;
  function* serve(): Process {
    for (let cursor = 0; ; cursor++) {
      if (inside === 0) yield suspended;
      yield delay(increment(services, cursor));
      areaCheck = (areaCheck + inside) | 0;
      inside--;
    }
  }
  function* arrive(): Process {
    for (let cursor = 0; cursor < customers; cursor++) {
      yield delay(increment(gaps, cursor));
      if (inside++ === 0) server.wake();
    }
  }
  const server = spawn(simulation, 'server', serve());
  spawn(simulation, 'source', arrive());
  measured('main', () => simulation.runUntil(Infinity as Instant), () => [2 * customers, simulation.now, areaCheck]);
}

const [rounds = 1, customers = 1_000] = numbers();
for (let round = 0; round < rounds; round++) runRound(customers);
