import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { us, type Instant } from '../time.ts';
import type { CoDelOptions } from './codel.ts';
import { createStation } from './station.ts';

/**
 * CoDel as RFC 8289, section 5, tells it: one call takes a whole packet out of the queue, throwing out others on the
 * way. Written apart from the code under test, which is asked job by job, and with a single server around it.
 */
class Reference {
  readonly target: number;
  readonly interval: number;
  readonly spared: number;
  readonly queue: { readonly job: number; readonly since: number }[] = [];
  readonly thrownOut: number[] = [];
  aboveSince: number | undefined;
  nextDrop = 0;
  count = 0;
  lastCount = 0;
  dropping = false;

  constructor(options: Required<CoDelOptions>) {
    this.target = options.target;
    this.interval = options.interval;
    this.spared = options.spared;
  }

  /** The head of the queue, and whether the queue has been standing for an interval. */
  pull(now: number): { job: number | undefined; standing: boolean } {
    const head = this.queue.shift();
    if (head === undefined || now - head.since < this.target || this.queue.length <= this.spared) {
      this.aboveSince = undefined;
      return { job: head?.job, standing: false };
    }
    this.aboveSince ??= now;
    return { job: head.job, standing: this.aboveSince < now && now - this.aboveSince >= this.interval };
  }

  gap(): number {
    return Math.floor(this.interval / Math.sqrt(this.count));
  }

  dequeue(now: number): number | undefined {
    let head = this.pull(now);
    if (this.dropping) {
      this.dropping = head.standing;
      while (this.dropping && now >= this.nextDrop) {
        this.thrownOut.push(head.job!);
        this.count++;
        head = this.pull(now);
        if (head.standing) this.nextDrop += this.gap();
        else this.dropping = false;
      }
    } else if (head.standing) {
      this.thrownOut.push(head.job!);
      head = this.pull(now);
      this.dropping = true;
      const grown = this.count - this.lastCount;
      this.count = grown > 1 && now - this.nextDrop < 16 * this.interval ? grown : 1;
      this.nextDrop = now + this.gap();
      this.lastCount = this.count;
    }
    return head.job;
  }
}

interface Arrival {
  readonly gap: number;
  readonly service: number;
}

/** Starts and refusals by instant, from the reference behind one server. */
function playReference(arrivals: readonly Arrival[], options: Required<CoDelOptions>): string[] {
  const reference = new Reference(options);
  const log: string[] = [];
  let freeAt: number | undefined;
  const serveUntil = (limit: number): void => {
    while (freeAt !== undefined && freeAt <= limit) {
      const now: number = freeAt;
      const job = reference.dequeue(now);
      log.push(...reference.thrownOut.splice(0).map((one) => `${now} out ${one}`));
      freeAt = job === undefined ? undefined : now + arrivals[job]!.service;
      if (job !== undefined) log.push(`${now} start ${job}`);
    }
  };
  let now = 0;
  arrivals.forEach(({ gap, service }, job) => {
    now += gap;
    serveUntil(now);
    if (freeAt === undefined) {
      log.push(`${now} start ${job}`);
      freeAt = now + service;
    } else reference.queue.push({ job, since: now });
  });
  serveUntil(Infinity);
  return log;
}

const phase = fc.record({
  length: fc.integer({ min: 1, max: 120 }),
  gap: fc.integer({ min: 1, max: 8 }),
  service: fc.integer({ min: 1, max: 8 }),
});
const setup = fc.record({
  target: fc.integer({ min: 1, max: 10 }).map((target) => us(target)),
  interval: fc.integer({ min: 10, max: 60 }).map((interval) => us(interval)),
  spared: fc.nat(2),
});

test('a station with codel serves and throws out whom the pseudo-code of the RFC would, and its books balance', () => {
  let thrownOut = 0;
  let longSpells = 0;
  fc.assert(
    fc.property(fc.array(phase, { minLength: 1, maxLength: 8 }), setup, (phases, options) => {
      const arrivals = phases.flatMap(({ length, gap, service }) => Array.from({ length }, () => ({ gap, service })));
      const simulation = new Simulation();
      const log: string[] = [];
      const station = createStation(simulation, {
        name: 'tested',
        servers: 1,
        queueLimit: Infinity,
        codel: options,
        onStarted: (job) => log.push(`${simulation.now} start ${job}`),
        onRejected: (job) => log.push(`${simulation.now} out ${job}`),
      });
      const arrival = simulation.event('arrival', (job) => station.arrive(job, us(arrivals[job]!.service)), 'arrival');
      let at = 0;
      arrivals.forEach(({ gap }, job) => {
        at += gap;
        arrival.at(at as Instant, job);
      });
      simulation.runUntil(1e6 as Instant);

      const expected = playReference(arrivals, options);
      expect(log).toEqual(expected);
      const outs = expected.filter((line) => line.includes('out')).length;
      thrownOut += outs;
      if (outs > 20) longSpells++;
      expect(station.books()).toMatchObject({ waitedTooLong: outs, served: arrivals.length - outs, inside: 0 });
      checkBalance(station);
    }),
    { seed: 8289, numRuns: 600 },
  );
  // The property would say nothing about phases too calm for CoDel to act.
  expect(thrownOut).toBeGreaterThan(1_000);
  expect(longSpells).toBeGreaterThan(20);
});
