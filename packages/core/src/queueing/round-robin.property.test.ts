import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Simulation } from '../simulation.ts';
import { us, type Instant } from '../time.ts';
import { createRoundRobin } from './round-robin.ts';

/** Round robin on one core, tick by tick: one microsecond of work per tick. */
class TickByTick {
  readonly done: Map<number, number> = new Map();
  readonly #line: { readonly job: number; left: number }[] = [];
  readonly #quantum: number;
  #turnLeft = 0;

  constructor(quantum: number) {
    this.#quantum = quantum;
  }

  /** The first of the line is the one that runs. */
  arrive(job: number, left: number): void {
    if (this.#line.push({ job, left }) === 1) this.#turnLeft = this.#quantum;
  }

  tick(now: number): void {
    const running = this.#line[0];
    if (running === undefined) return;
    running.left--;
    this.#turnLeft--;
    if (running.left > 0 && this.#turnLeft > 0) return;
    this.#line.shift();
    if (running.left > 0) this.#line.push(running);
    else this.done.set(running.job, now);
    this.#turnLeft = this.#quantum;
  }
}

const arrivals = fc.array(fc.record({ after: fc.nat(9), work: fc.integer({ min: 1, max: 40 }) }), { maxLength: 30 });

test('completions on one core agree with a simulation tick by tick', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), arrivals, (quantum, jobs) => {
      const simulation = new Simulation();
      const done = new Map<number, number>();
      const cpu = createRoundRobin(simulation, {
        name: 'tested',
        cores: 1,
        quantum: us(quantum),
        onServed: (job) => void done.set(job, simulation.now),
      });
      const plain = new TickByTick(quantum);
      let now = 0;
      jobs.forEach(({ after, work }, job) => {
        for (let step = 0; step < after; step++) plain.tick(++now);
        simulation.runUntil(now as Instant);
        cpu.arrive(job, us(work));
        plain.arrive(job, work);
      });
      for (let step = 0; step < 2000; step++) plain.tick(++now);
      simulation.runUntil(now as Instant);
      expect([...done].sort()).toEqual([...plain.done].sort());
    }),
    { seed: 17, numRuns: 400 },
  );
});

test('on any number of cores nobody works while a core idles, and all work is done once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }), arrivals, (halves, quantum, jobs) => {
      const simulation = new Simulation();
      let served = 0;
      const cpu = createRoundRobin(simulation, {
        name: 'tested',
        cores: halves / 2,
        quantum: us(quantum),
        onServed: () => void served++,
      });
      let [now, total] = [0, 0];
      jobs.forEach(({ after, work }, job) => {
        now += after;
        total += work;
        simulation.runUntil(now as Instant);
        cpu.arrive(job, us(work));
        const count = Math.ceil(halves / 2);
        expect(cpu.busyCores).toBeCloseTo((Math.min(count, cpu.inside) * (halves / 2)) / count, 9);
      });
      simulation.runUntil((now + 10_000) as Instant);
      expect(served).toBe(jobs.length);
      expect(cpu.books().busyTime).toBeCloseTo(total, 6);
      expect([cpu.inside, simulation.pendingCount]).toEqual([0, 0]);
    }),
    { seed: 18, numRuns: 300 },
  );
});
