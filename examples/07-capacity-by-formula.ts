/**
 * How many servers? First by formula, which answers at once and says how far to trust it; then by simulation, which needs
 * seconds and may ask what no formula knows: here, that a few requests take far longer than the others.
 *
 *      source --gap--> arrive --> [ line ] --> ( c servers ) --> served
 *                                 target: 95 % wait no longer than 100 ms
 */
import {
  createStation,
  durations,
  exponential,
  hyperexponential,
  JobPool,
  plus,
  replicate,
  seconds,
  Simulation,
  timeZero,
  type Distribution,
  type Interval,
} from '@brownout/core';
import { mmc, staffing } from '@brownout/core/analytic';

const arrivalsPerSecond = 90;
const meanService = 0.2;
const target = { seconds: 0.1, share: 0.95 };
const warmUp = seconds(100);
const length = seconds(500);
const replications = 20;

const even = exponential(meanService);
/** The same mean, but one request in twenty takes ten times as long as the others. */
const uneven = hyperexponential({
  branches: [
    { weight: 0.95, mean: meanService / 1.45 },
    { weight: 0.05, mean: (10 * meanService) / 1.45 },
  ],
});

/** Share of requests that waited longer than the target, in one run. */
function shareLate(servers: number, law: Distribution, replication: number): number {
  const simulation = new Simulation({ seed: 'example 07', replication });
  const requests = new JobPool('requests');
  const arrivedAt: number[] = [];
  let started = 0;
  let late = 0;
  const station = createStation(simulation, {
    name: 'servers',
    servers,
    queueLimit: Infinity,
    onStarted: (request) => {
      started++;
      if (simulation.now - arrivedAt[request]! > seconds(target.seconds)) late++;
    },
    onServed: (request) => requests.release(request),
  });
  const gap = durations(exponential(1 / arrivalsPerSecond), 'seconds');
  const service = durations(law, 'seconds');
  const gaps = simulation.streams.get('source/gap');
  const services = simulation.streams.get('servers/service');
  const arrival = simulation.event(
    'arrival',
    () => {
      const request = requests.take();
      arrivedAt[request] = simulation.now;
      station.arrive(request, service.sample(services));
      arrival.after(gap.sample(gaps));
    },
    'arrival',
  );
  arrival.after(gap.sample(gaps));
  simulation.runUntil(plus(timeZero, warmUp));
  started = 0;
  late = 0;
  simulation.runUntil(plus(plus(timeZero, warmUp), length));
  return late / started;
}

function simulated(servers: number, law: Distribution): Interval {
  return replicate({ replications, level: 0.95 }, (replication) => shareLate(servers, law, replication)).interval;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const rates = { arrivalRate: arrivalsPerSecond, serviceRate: 1 / meanService };
const answer = staffing({ ...rates, target: { waitWithin: target } });
console.log(
  `${arrivalsPerSecond} requests a second of ${1000 * meanService} ms; at most 5 % may wait longer than 100 ms`,
);
console.log('');
console.log(`By formula: ${answer.servers} servers, busy ${percent(answer.utilisation)} of the time,`);
console.log(`            ${answer.beta.toFixed(2)} square roots of the load above the load`);
console.log('');
console.log('servers   late by formula   simulated (95 % interval)   with uneven requests');
for (const servers of [answer.servers - 1, answer.servers, answer.servers + 1]) {
  const formula = mmc({ ...rates, servers }).waitBeyond(target.seconds);
  const cells = [even, uneven].map((law) => {
    const { mean, halfWidth } = simulated(servers, law);
    return `${percent(mean)} +- ${percent(halfWidth)}`;
  });
  console.log(
    `${String(servers).padStart(7)}   ${percent(formula).padStart(15)}   ${cells[0]!.padStart(25)}   ${cells[1]!.padStart(20)}`,
  );
}
