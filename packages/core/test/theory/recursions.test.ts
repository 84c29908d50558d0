/** Waits of G/G/1 and G/G/c, customer by customer, against recursions that know nothing of events. */
import { expect, test } from 'vitest';
import { createStation } from '../../src/queueing/station.ts';
import { Simulation } from '../../src/simulation.ts';
import { plus, seconds, timeZero } from '../../src/time.ts';
import { exponentialLaw, hyperexponentialLaw, uniformLaw } from './laws.ts';

const customers = 50_000;

interface Sample {
  readonly gaps: number[];
  readonly services: number[];
  readonly waits: number[];
}

/** Uniform gaps of 1 s on average, hyperexponential services that keep `servers` 90 % busy; times in microseconds. */
function run(servers: number): Sample {
  const simulation = new Simulation({ seed: `G/G/${servers}` });
  const [gap, service] = [uniformLaw(1), hyperexponentialLaw(0.9 * servers)];
  const [gaps, services] = [simulation.streams.get('gap'), simulation.streams.get('service')];
  const sample: Sample = { gaps: [], services: [], waits: [] };
  const arrivedAt: number[] = [];
  const station = createStation(simulation, {
    name: 'queue',
    servers,
    queueLimit: Infinity,
    onStarted: (job) => void (sample.waits[job] = simulation.now - arrivedAt[job]!),
  });
  const arrival = simulation.event(
    'arrival',
    (job) => {
      arrivedAt.push(simulation.now);
      const time = service.draw(services);
      sample.services.push(time);
      station.arrive(job, time);
      if (job + 1 === customers) return;
      const next = gap.draw(gaps);
      sample.gaps.push(next);
      arrival.after(next, job + 1);
    },
    'arrival',
  );
  arrival.after(gap.draw(gaps), 0);
  simulation.runUntil(plus(timeZero, seconds(2 * customers)));
  expect(station.books()).toMatchObject({ served: customers, inside: 0 });
  return sample;
}

test('G/G/1: every wait is that of the recursion of Lindley (1952)', () => {
  const { gaps, services, waits } = run(1);
  const expected = [0];
  for (let n = 0; n < gaps.length; n++) expected.push(Math.max(0, expected[n]! + services[n]! - gaps[n]!));
  expect(expected).toEqual(waits);
});

test('G/G/c: every wait is that of the recursion of Kiefer and Wolfowitz (1955)', () => {
  const { gaps, services, waits } = run(3);
  let workloads = [0, 0, 0];
  const expected: number[] = [];
  services.forEach((service, n) => {
    expected.push(workloads[0]!);
    workloads = [workloads[0]! + service, workloads[1]!, workloads[2]!].map((work) =>
      Math.max(0, work - (gaps[n] ?? 0)),
    );
    workloads.sort((a, b) => a - b);
  });
  expect(expected).toEqual(waits);
});

test('G/M/1: the share that waits is the root of its equation', () => {
  const simulation = new Simulation({ seed: 'G/M/1' });
  const [gap, service] = [uniformLaw(1), exponentialLaw(0.7)];
  const [gaps, services] = [simulation.streams.get('gap'), simulation.streams.get('service')];
  let delayed = 0;
  const station = createStation(simulation, { name: 'queue', servers: 1, queueLimit: Infinity });
  const arrival = simulation.event(
    'arrival',
    (job) => {
      if (station.inside > 0) delayed++;
      station.arrive(job % 4096, service.draw(services));
      if (job < 400_000) arrival.after(gap.draw(gaps), job + 1);
    },
    'arrival',
  );
  arrival.after(gap.draw(gaps), 0);
  simulation.runUntil(plus(timeZero, seconds(1_000_000)));
  expect(delayed / 400_000).toBeCloseTo(rootOfUniformGaps(1 / 0.7), 2);
});

/** sigma = A*(mu - mu sigma) for gaps uniform on 0..2 s (Kleinrock I, 6.4), by iteration. */
function rootOfUniformGaps(mu: number): number {
  let sigma = 0.5;
  for (let step = 0; step < 500; step++) {
    const s = mu * (1 - sigma);
    sigma = (1 - Math.exp(-2 * s)) / (2 * s);
  }
  return sigma;
}
