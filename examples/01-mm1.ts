/**
 * The smallest queue, and how to trust a number from it: customers come at random to one server and wait in line.
 * Theory knows the answer, so we can see the simulation find it - and see how sure it is.
 *
 *      source --gap--> arrive --> [ line ] --> ( server ) --> served
 *                         ^          first come, first served
 *                         +-- one job number per customer, given back when it leaves
 */
import {
  createStation,
  durations,
  exponential,
  Histogram,
  JobPool,
  meanInside,
  plus,
  replicate,
  seconds,
  Simulation,
  timeZero,
  utilisation,
} from '@brownout/core';

const arrivalsPerSecond = 0.9;
const servicesPerSecond = 1;
const warmUp = seconds(2_000);
const length = seconds(50_000);
const replications = 20;

interface Measures {
  readonly wait: number;
  readonly inside: number;
  readonly busy: number;
  readonly p99: number;
}

function run(replication: number): Record<keyof Measures, number> {
  const simulation = new Simulation({ seed: 'example 01', replication });
  const customers = new JobPool('customers');
  const waits = new Histogram();
  const queue = createStation(simulation, {
    name: 'queue',
    servers: 1,
    queueLimit: Infinity,
    onServed: (customer) => customers.release(customer),
    waitingTimes: waits,
  });

  const gap = durations(exponential(1 / arrivalsPerSecond), 'seconds');
  const service = durations(exponential(1 / servicesPerSecond), 'seconds');
  const gaps = simulation.streams.get('source/gap');
  const services = simulation.streams.get('queue/service');
  const arrival = simulation.event(
    'arrival',
    () => {
      queue.arrive(customers.take(), service.sample(services));
      arrival.after(gap.sample(gaps));
    },
    'arrival',
  );
  arrival.after(gap.sample(gaps));

  simulation.runUntil(plus(timeZero, warmUp));
  waits.reset();
  const before = queue.books();
  simulation.runUntil(plus(plus(timeZero, warmUp), length));
  const after = queue.books();

  return {
    wait: waits.mean / 1e6,
    inside: meanInside(before, after),
    busy: utilisation(before, after),
    p99: waits.quantile(0.99) / 1e6,
  };
}

const rho = arrivalsPerSecond / servicesPerSecond;
const slack = servicesPerSecond - arrivalsPerSecond;
const theory: Measures = {
  wait: rho / slack,
  inside: rho / (1 - rho),
  busy: rho,
  p99: Math.log(100 * rho) / slack,
};
const units: Record<keyof Measures, string> = { wait: 's', inside: 'jobs', busy: '', p99: 's' };

const measured = replicate({ replications }, run);
console.log(`M/M/1 at ${100 * rho} % load, ${replications} replications of ${length / 1e6} s`);
console.log('');
console.log('                theory   simulated (99 % interval)');
for (const name of ['wait', 'inside', 'busy', 'p99'] as const) {
  const { mean, halfWidth } = measured[name].interval;
  const row = `${name.padEnd(12)} ${theory[name].toFixed(3).padStart(9)} ${mean.toFixed(3).padStart(11)} +- ${halfWidth.toFixed(3)}`;
  console.log(`${row} ${units[name]}`.trimEnd());
}
console.log('');
console.log('One replication alone would have said (mean wait, s):');
console.log(
  `  ${measured.wait.values
    .slice(0, 8)
    .map((wait) => wait.toFixed(2))
    .join('  ')} ...`,
);
