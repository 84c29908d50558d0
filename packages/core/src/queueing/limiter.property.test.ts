import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { forever, us, type Duration, type Instant } from '../time.ts';
import { createLimiter } from './limiter.ts';

interface Command {
  readonly do: 'acquire' | 'release' | 'cancel' | 'limit' | 'clear';
  readonly at: number;
  readonly job: number;
  readonly seats: number;
}

interface Setup {
  readonly limit: number;
  readonly queueLimit: number;
  readonly queueWaitLimit: number;
}

const horizon = 120;

/** A limiter as naive as possible: two arrays, one microsecond at a time. */
class NaiveLimiter {
  readonly log: string[] = [];
  readonly setup: Setup;
  running: { job: number; seats: number }[] = [];
  line: { job: number; seats: number; since: number }[] = [];
  limit: number;
  now = 0;
  seatTime = 0;
  waitingTime = 0;

  constructor(setup: Setup) {
    this.setup = setup;
    this.limit = setup.limit;
  }

  seats(): number {
    return this.running.reduce((sum, one) => sum + one.seats, 0);
  }

  fill(): void {
    while (this.line.length > 0) {
      const head = this.line[0]!;
      if (this.seats() + head.seats > this.limit && !(this.running.length === 0 && this.limit > 0)) break;
      this.line.shift();
      this.running.push(head);
      this.log.push(`${this.now} admitted ${head.job}`);
    }
  }

  expire(): void {
    while (this.line.length > 0 && this.now - this.line[0]!.since >= this.setup.queueWaitLimit) {
      this.log.push(`${this.now} queue-wait ${this.line.shift()!.job}`);
    }
    this.fill();
  }

  run({ do: what, job, seats }: Command): void {
    const isHere = [...this.running, ...this.line].some((one) => one.job === job);
    if (what === 'acquire' && !isHere) {
      this.line.push({ job, seats, since: this.now });
      const before = this.log.length;
      this.fill();
      if (this.log.length === before && this.line.length > this.setup.queueLimit) {
        this.line.pop();
        this.log.push(`${this.now} queue-full ${job}`);
      }
    } else if (what === 'release' || what === 'cancel') {
      this.running = this.running.filter((one) => one.job !== job);
      if (what === 'cancel') this.line = this.line.filter((one) => one.job !== job);
    } else if (what === 'limit') {
      this.limit = seats - 1;
    } else if (what === 'clear') {
      this.running = [];
      this.line = [];
    }
    this.fill();
  }

  play(commands: readonly Command[]): void {
    for (this.now = 0; this.now <= horizon; this.now++) {
      this.expire();
      for (const command of commands) if (command.at === this.now) this.run(command);
      if (this.now === horizon) break;
      this.seatTime += this.seats();
      this.waitingTime += this.line.length;
    }
  }
}

const command: fc.Arbitrary<Command> = fc.record({
  do: fc.oneof(
    { weight: 10, arbitrary: fc.constant('acquire' as const) },
    { weight: 6, arbitrary: fc.constant('release' as const) },
    { weight: 2, arbitrary: fc.constant('cancel' as const) },
    { weight: 1, arbitrary: fc.constant('limit' as const) },
    { weight: 1, arbitrary: fc.constantFrom('acquire' as const, 'release' as const, 'clear' as const) },
  ),
  at: fc.nat(80),
  job: fc.oneof(fc.nat(12), fc.integer({ min: 60, max: 200 })),
  seats: fc.integer({ min: 1, max: 5 }),
});

const setup: fc.Arbitrary<Setup> = fc.record({
  limit: fc.integer({ min: 1, max: 4 }),
  queueLimit: fc.oneof(fc.constant(Infinity), fc.nat(4)),
  queueWaitLimit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 20 })),
});

test('it does what a naive limiter does, event for event, and the books balance', () => {
  fc.assert(
    fc.property(setup, fc.array(command, { maxLength: 80 }), (chosen, unsorted) => {
      const commands = [...unsorted].sort((a, b) => a.at - b.at);
      const naive = new NaiveLimiter(chosen);
      naive.play(commands);

      const simulation = new Simulation();
      const log: string[] = [];
      const running = new Set<number>();
      const limiter = createLimiter(simulation, {
        name: 'tested',
        ...chosen,
        queueWaitLimit: chosen.queueWaitLimit === Infinity ? forever : (chosen.queueWaitLimit as Duration),
        onAdmitted: (job) => void (running.add(job), log.push(`${simulation.now} admitted ${job}`)),
        onRejected: (job, reason) => void log.push(`${simulation.now} ${reason} ${job}`),
      });
      const play = simulation.event(
        'command',
        (index) => {
          const { do: what, job, seats } = commands[index]!;
          if (what === 'acquire' && !limiter.has(job)) limiter.acquire(job, seats);
          else if (what === 'release' && running.delete(job)) limiter.release(job);
          else if (what === 'cancel') void (running.delete(job), limiter.cancel(job));
          else if (what === 'limit') limiter.setLimit(seats - 1);
          else if (what === 'clear') void (running.clear(), limiter.clear());
          const books = limiter.books();
          expect(books.arrived).toBe(
            books.admitted + books.rejected + books.timedOut + books.cancelled + books.dropped + books.waiting,
          );
          expect(books.running).toBe(running.size);
        },
        'arrival',
      );
      commands.forEach((one, index) => play.at(one.at as Instant, index));
      simulation.runUntil(horizon as Instant);

      checkBalance(limiter);
      expect(log).toEqual(naive.log);
      expect(limiter.books()).toMatchObject({ seatTime: naive.seatTime, waitingTime: naive.waitingTime });
      expect([limiter.seatsInUse, limiter.waiting]).toEqual([naive.seats(), naive.line.length]);
    }),
    { seed: 51, numRuns: 1000 },
  );
});

test('one pending event serves the whole line', () => {
  const simulation = new Simulation();
  const rejected: number[] = [];
  const limiter = createLimiter(simulation, {
    name: 'api',
    limit: 1,
    queueLimit: Infinity,
    queueWaitLimit: us(15),
    onAdmitted: () => {},
    onRejected: (job) => void rejected.push(job),
  });
  for (let job = 0; job < 1000; job++) limiter.acquire(job);
  expect(simulation.pendingCount).toBe(1);
  limiter.release(0);
  simulation.runUntil(100 as Instant);
  expect([limiter.running, rejected.length, simulation.pendingCount]).toEqual([1, 998, 0]);
});

test('a handler may give its seats back at once without deep recursion', () => {
  const simulation = new Simulation();
  let admitted = 0;
  const limiter = createLimiter(simulation, {
    name: 'api',
    limit: 1,
    queueLimit: Infinity,
    onRejected: () => {},
    onAdmitted: (job) => ++admitted > 1 && limiter.release(job),
  });
  for (let job = 0; job < 50_000; job++) limiter.acquire(job);
  limiter.release(0);
  expect([admitted, limiter.running, limiter.waiting]).toEqual([50_000, 0, 0]);
});

test('bad input is refused at the door in the name of the limiter', () => {
  const handlers = { onAdmitted: () => {}, onRejected: () => {} };
  const make = (options: object): unknown =>
    createLimiter(new Simulation(), { name: 'api', limit: 1, queueLimit: 1, ...handlers, ...options });
  expect(() => make({ limit: 0 })).toThrow('limiter "api": limit must be >= 1 and whole, or Infinity, got 0');
  expect(() => make({ queueLimit: 0.5 })).toThrow(
    'limiter "api": queueLimit must be >= 0 and whole, or Infinity, got 0.5',
  );
  expect(() => make({ queueWaitLimit: 0 })).toThrow('limiter "api": queueWaitLimit must be > 0, got 0');
  const limiter = createLimiter(new Simulation(), { name: 'api', limit: 1, queueLimit: 1, ...handlers });
  limiter.acquire(3);
  expect(() => limiter.acquire(3)).toThrow('limiter "api": job 3 is already here');
  expect(() => limiter.acquire(4, 0)).toThrow('limiter "api": seats must be >= 1 and whole, got 0 for job 4');
  expect(() => limiter.release(4)).toThrow('limiter "api": job 4 holds no seats');
  expect(() => limiter.acquire(-1)).toThrow('limiter "api": a job must be a whole number in 0..67108863, got -1');
});
