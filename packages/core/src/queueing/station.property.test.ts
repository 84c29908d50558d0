import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBalance } from '../metrics/ledger.ts';
import { Simulation } from '../simulation.ts';
import { forever, us, type Duration, type Instant } from '../time.ts';
import {
  adaptiveLifo,
  fifo,
  lifo,
  nonPreemptivePriority,
  preemptivePriority,
  repeatingPriority,
  shortestFirst,
  type Discipline,
} from './discipline.ts';
import { createStation } from './station.ts';

/**
 * A station written as naively as possible: objects in arrays, linear searches, one microsecond at a time. It knows the
 * disciplines by name and shares no code with the station under test.
 */
interface NaiveJob {
  readonly job: number;
  readonly order: number;
  readonly level: number;
  readonly service: number;
  readonly gone: number;
  owed: number;
  state: 'waiting' | 'serving' | 'interrupted';
  startedAt: number;
  startOrder: number;
}

interface Command {
  readonly do: 'arrive' | 'cancel' | 'servers' | 'clear';
  readonly at: number;
  readonly job: number;
  readonly service: number;
  readonly level: number;
  readonly patience: number;
}

interface Setup {
  readonly discipline: Discipline;
  readonly servers: number;
  readonly queueLimit: number;
  readonly balksAt: number;
}

const horizon = 400;
const threshold = 2;
const crowdedFor = 3;

class NaiveStation {
  readonly log: string[] = [];
  readonly setup: Setup;
  jobs: NaiveJob[] = [];
  servers: number;
  crowdedSince = 0;
  orders = 0;
  starts = 0;
  busyTime = 0;
  waitingTime = 0;
  now = 0;

  constructor(setup: Setup) {
    this.setup = setup;
    this.servers = setup.servers;
  }

  waiting(): NaiveJob[] {
    return this.jobs.filter((job) => job.state !== 'serving');
  }

  serving(): NaiveJob[] {
    return this.jobs.filter((job) => job.state === 'serving');
  }

  say(what: string, job: number): void {
    this.log.push(`${this.now} ${what} ${job}`);
  }

  /** Called after every change of the line, to know how long it has been crowded. */
  watchLine(lengthBefore: number): void {
    if (lengthBefore < threshold && this.waiting().length >= threshold) this.crowdedSince = this.now;
  }

  next(): NaiveJob {
    const line = this.waiting().sort((a, b) => a.order - b.order);
    const name = this.setup.discipline.name;
    const isCrowded = line.length >= threshold && this.now - this.crowdedSince >= crowdedFor;
    if (name === 'lifo' || (name === 'adaptive lifo' && isCrowded)) return line.at(-1)!;
    if (name === 'shortest first') line.sort((a, b) => a.service - b.service || a.order - b.order);
    else if (name.includes('priority')) line.sort((a, b) => a.level - b.level || a.order - b.order);
    return line[0]!;
  }

  start(job: NaiveJob): void {
    job.state = 'serving';
    job.startedAt = this.now;
    job.startOrder = this.starts++;
    this.say('started', job.job);
  }

  fill(): void {
    while (this.serving().length < this.servers && this.waiting().length > 0) this.start(this.next());
  }

  remove(job: NaiveJob): void {
    this.jobs = this.jobs.filter((other) => other !== job);
  }

  settleInstant(): void {
    for (;;) {
      const due = this.serving()
        .filter((job) => job.startedAt + job.owed === this.now)
        .sort((a, b) => a.startOrder - b.startOrder)[0];
      if (due === undefined) break;
      this.remove(due);
      this.fill();
      this.say('served', due.job);
    }
    for (const job of this.jobs
      .filter((one) => one.state === 'waiting' && one.gone === this.now)
      .sort((a, b) => a.order - b.order)) {
      this.remove(job);
      this.say('abandoned', job.job);
    }
  }

  arrive(command: Command): void {
    if (this.jobs.some((job) => job.job === command.job)) return;
    const { service, level, patience } = command;
    const line = this.waiting().length;
    const job: NaiveJob = {
      job: command.job,
      order: this.orders++,
      level,
      service,
      gone: this.now + patience,
      owed: service,
      state: 'waiting',
      startedAt: 0,
      startOrder: 0,
    };
    if (this.serving().length < this.servers) {
      this.jobs.push(job);
      return this.start(job);
    }
    if (line >= this.setup.queueLimit) return this.say('queue-full', job.job);
    const interrupts = this.setup.discipline.kind === 'ranked' && this.setup.discipline.preemption !== 'none';
    const worst = this.serving().sort((a, b) => b.level - a.level || b.order - a.order)[0];
    if (interrupts && worst !== undefined && worst.level > level) {
      if (this.setup.discipline.name === 'preemptive priority') worst.owed -= this.now - worst.startedAt;
      worst.state = 'interrupted';
      this.jobs.push(job);
      this.say('preempted', worst.job);
      return this.start(job);
    }
    if (line >= this.setup.balksAt) return this.say('balked', job.job);
    this.jobs.push(job);
    this.watchLine(line);
  }

  run(command: Command): void {
    if (command.do === 'arrive') this.arrive(command);
    else if (command.do === 'servers') {
      this.servers = command.level;
      this.fill();
    } else if (command.do === 'clear') {
      this.jobs = [];
    } else {
      const job = this.jobs.find((one) => one.job === command.job);
      if (job === undefined) return;
      this.remove(job);
      if (job.state === 'serving') this.fill();
    }
  }

  play(commands: readonly Command[]): void {
    for (this.now = 0; this.now <= horizon; this.now++) {
      this.settleInstant();
      for (const command of commands) {
        if (command.at !== this.now) continue;
        this.run(command);
        this.settleInstant();
      }
      if (this.now === horizon) break;
      this.busyTime += this.serving().length;
      this.waitingTime += this.waiting().length;
    }
  }
}

const command: fc.Arbitrary<Command> = fc.record({
  do: fc.oneof(
    { weight: 12, arbitrary: fc.constant('arrive' as const) },
    { weight: 2, arbitrary: fc.constant('cancel' as const) },
    { weight: 1, arbitrary: fc.constant('servers' as const) },
    { weight: 1, arbitrary: fc.constantFrom('arrive' as const, 'arrive' as const, 'clear' as const) },
  ),
  at: fc.nat(60),
  job: fc.oneof(fc.nat(30), fc.integer({ min: 31, max: 300 })),
  service: fc.nat(12),
  level: fc.nat(3),
  patience: fc.oneof(fc.constant(Infinity), fc.nat(15)),
});

const setup: fc.Arbitrary<Setup> = fc.record({
  discipline: fc.constantFrom(
    fifo,
    lifo,
    adaptiveLifo({ threshold, after: us(crowdedFor) }),
    nonPreemptivePriority,
    preemptivePriority,
    repeatingPriority,
    shortestFirst,
  ),
  servers: fc.integer({ min: 1, max: 3 }),
  queueLimit: fc.oneof(fc.constant(Infinity), fc.nat(5)),
  balksAt: fc.oneof(fc.constant(Infinity), fc.nat(5)),
});

test('every discipline does what a naive station does, event for event, and the books balance', () => {
  fc.assert(
    fc.property(setup, fc.array(command, { maxLength: 80 }), (chosen, unsorted) => {
      const commands = [...unsorted].sort((a, b) => a.at - b.at);
      const naive = new NaiveStation(chosen);
      naive.play(commands);

      const simulation = new Simulation();
      const log: string[] = [];
      const say = (what: string) => (job: number) => void log.push(`${simulation.now} ${what} ${job}`);
      const station = createStation(simulation, {
        name: 'tested',
        ...chosen,
        balking: (waiting) => waiting >= chosen.balksAt,
        onStarted: say('started'),
        onServed: say('served'),
        onAbandoned: say('abandoned'),
        onPreempted: say('preempted'),
        onRejected: (job, reason) => say(reason)(job),
      });
      const play = simulation.event(
        'command',
        (index) => {
          const { do: what, job, service, level, patience } = commands[index]!;
          if (what === 'arrive' && !station.has(job))
            station.arrive(job, us(service), level, patience === Infinity ? forever : (patience as Duration));
          else if (what === 'cancel') station.cancel(job);
          else if (what === 'servers') station.setServers(level);
          else if (what === 'clear') station.clear();
          const books = station.books();
          const left = books.served + books.rejected + books.balked + books.abandoned + books.cancelled + books.dropped;
          expect(books.arrived).toBe(left + books.inside);
        },
        'arrival',
      );
      commands.forEach((one, index) => play.at(one.at as Instant, index));
      simulation.runUntil(horizon as Instant);

      checkBalance(station);
      expect(log).toEqual(naive.log);
      const books = station.books();
      expect([books.busyTime, books.waitingTime, station.busy, station.waiting]).toEqual([
        naive.busyTime,
        naive.waitingTime,
        naive.serving().length,
        naive.waiting().length,
      ]);
    }),
    { seed: 21, numRuns: 1500 },
  );
});
