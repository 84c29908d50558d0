/** The M/M/1 of mm1.bench.ts told by two generator processes. Arguments: rounds, simulated seconds a round. */
import { delay, Simulation, spawn, suspended, type Process } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const [rounds = 1, seconds = 1] = numbers();
const gaps = exponentials(1, 1_000);
const services = exponentials(2, 900);
const simulation = new Simulation();
let arrived = 0;
let served = 0;

function* serve(): Process {
  for (;;) {
    if (arrived === served) yield suspended;
    yield delay(increment(services, served));
    served++;
  }
}

function* arrive(): Process {
  for (;;) {
    yield delay(increment(gaps, arrived));
    if (arrived++ === served) server.wake();
  }
}

const server = spawn(simulation, 'server', serve());
spawn(simulation, 'source', arrive());
measureRounds(
  simulation,
  rounds,
  seconds * 1_000_000,
  () => arrived + served,
  () => 0,
);
