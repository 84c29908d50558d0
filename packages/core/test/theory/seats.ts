/** Theory cases of the concurrency limiter. */
import { expect } from 'vitest';
import { JobPool } from '../../src/queueing/job-pool.ts';
import { createLimiter } from '../../src/queueing/limiter.ts';
import { Simulation } from '../../src/simulation.ts';
import { kaufmanRoberts } from './formulas.ts';
import { deterministicLaw, exponentialLaw, hyperexponentialLaw, type Law } from './laws.ts';
import { runWindow } from './run-window.ts';
import type { TheoryCase } from './theory-case.ts';

/** A limiter without a line and two classes that take 1 and 3 of its 10 seats: the multi-rate loss system. */
function seatLoss(): TheoryCase {
  const [limit, length, model] = [10, 36_000, 'multi-rate loss'];
  const classes = [
    { seats: 1, load: 3, hold: exponentialLaw(1) },
    { seats: 3, load: 1, hold: hyperexponentialLaw(1) },
  ] as const;
  const blocking = kaufmanRoberts(limit, classes);
  const simulate = (replication: number): number[] => {
    const simulation = new Simulation({ seed: model, replication });
    const jobs = new JobPool('requests');
    const classOf = new Uint8Array(1 << 12);
    const refused = [0, 0];
    const arrived = [0, 0];
    const limiter = createLimiter(simulation, {
      name: 'seats',
      limit,
      queueLimit: 0,
      onAdmitted: (job) => void done.after(classes[classOf[job]!]!.hold.draw(holds[classOf[job]!]!), job),
      onRejected: (job) => {
        refused[classOf[job]!]!++;
        jobs.release(job);
      },
    });
    const done = simulation.event(
      'done',
      (job) => {
        limiter.release(job);
        jobs.release(job);
      },
      'release',
    );
    const holds = classes.map((_, index) => simulation.streams.get(`class ${index}/hold`));
    classes.forEach(({ seats, load }, index) => {
      const gap: Law = exponentialLaw(1 / load);
      const gaps = simulation.streams.get(`class ${index}/gap`);
      const arrival = simulation.event(
        'arrival',
        () => {
          const job = jobs.take();
          classOf[job] = index;
          arrived[index]!++;
          limiter.acquire(job, seats);
          arrival.after(gap.draw(gaps), 0);
        },
        'arrival',
      );
      arrival.after(gap.draw(gaps), 0);
    });
    let from = limiter.books();
    runWindow(simulation, length, () => {
      refused.fill(0);
      arrived.fill(0);
      from = limiter.books();
    });
    const to = limiter.books();
    expect(to.arrived).toBe(to.admitted + to.rejected + to.timedOut + to.cancelled + to.dropped + to.waiting);
    return [refused[0]! / arrived[0]!, refused[1]! / arrived[1]!, (to.seatTime - from.seatTime) / (to.at - from.at)];
  };
  return {
    model,
    parameters: '10 seats; offered 3 x 1 seat exponential and 1 x 3 seats hyperexponential',
    source: 'Kaufman 1981, Roberts 1981 (insensitive)',
    quantities: [
      { name: 'share refused, 1 seat', expected: blocking[0]! },
      { name: 'share refused, 3 seats', expected: blocking[1]! },
      { name: 'mean seats in use', expected: 3 * (1 - blocking[0]!) + 3 * (1 - blocking[1]!) },
    ],
    simulate,
  };
}

/** One seat held for a fixed time, and a line before it: a limiter makes an M/D/1 queue. */
function limiterLine(): TheoryCase {
  const [lambda, length, model] = [0.6, 55_000, 'M/D/1 by a limiter'];
  const hold = deterministicLaw(1);
  const simulate = (replication: number): number[] => {
    const simulation = new Simulation({ seed: model, replication });
    const jobs = new JobPool('requests');
    const holds = simulation.streams.get('seat/hold');
    const limiter = createLimiter(simulation, {
      name: 'seat',
      limit: 1,
      queueLimit: Infinity,
      onAdmitted: (job) => void done.after(hold.draw(holds), job),
      onRejected: (job) => jobs.release(job),
    });
    const done = simulation.event(
      'done',
      (job) => {
        limiter.release(job);
        jobs.release(job);
      },
      'release',
    );
    const gap = exponentialLaw(1 / lambda);
    const gaps = simulation.streams.get('source/gap');
    const arrival = simulation.event(
      'arrival',
      () => {
        limiter.acquire(jobs.take());
        arrival.after(gap.draw(gaps), 0);
      },
      'arrival',
    );
    arrival.after(gap.draw(gaps), 0);
    let from = limiter.books();
    runWindow(simulation, length, () => void (from = limiter.books()));
    const to = limiter.books();
    return [(to.waitingTime - from.waitingTime) / (to.at - from.at)];
  };
  return {
    model,
    parameters: 'lambda 0.6/s, one seat held for 1 s',
    source: 'Pollaczek-Khinchine; Kleinrock I, 5.6',
    quantities: [{ name: 'mean number waiting', expected: (lambda * lambda) / (2 * (1 - lambda)) }],
    simulate,
  };
}

export const seats: readonly TheoryCase[] = [seatLoss(), limiterLine()];
