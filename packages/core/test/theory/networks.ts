/** Theory cases with several stations, a closed population, or a state the model has to follow itself. */
import { expect } from 'vitest';
import { closedNetwork } from '../../src/analytic/closed-network.ts';
import { openNetwork, type OpenNetwork } from '../../src/analytic/open-network.ts';
import { JobPool } from '../../src/queueing/job-pool.ts';
import { createStation, type Station } from '../../src/queueing/station.ts';
import { meanInside, utilisation } from '../../src/queueing/station-options.ts';
import { Simulation } from '../../src/simulation.ts';
import { exponentialLaw } from './laws.ts';
import { Ledger } from './ledger.ts';
import { runWindow } from './run-window.ts';
import type { TheoryCase } from './theory-case.ts';

/** The time-weighted mean of a value that the model says has changed. */
class TimeMean {
  readonly #simulation: Simulation;
  #value = 0;
  #since = 0;
  #from = 0;
  #area = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  set(value: number): void {
    this.#area += this.#value * (this.#simulation.now - this.#since);
    this.#since = this.#simulation.now;
    this.#value = value;
  }

  begin(): void {
    this.set(this.#value);
    this.#area = 0;
    this.#from = this.#simulation.now;
  }

  mean(): number {
    this.set(this.#value);
    return this.#area / (this.#simulation.now - this.#from);
  }
}

interface NetworkRun {
  readonly seed: string;
  readonly lambda: number;
  /** Mean service time of each station in seconds. */
  readonly services: readonly number[];
  /** Where a job goes after a station, given a uniform number; -1 = out. */
  readonly next: (station: number, u: number) => number;
  readonly length: number;
}

interface NetworkSight {
  readonly inside: readonly number[];
  readonly stay: number;
  /** Share of time nobody is anywhere. */
  readonly empty: number;
}

/** An open Jackson network; Little's law is checked at every station. */
function runNetwork(run: NetworkRun, replication: number): NetworkSight {
  const simulation = new Simulation({ seed: run.seed, replication });
  const jobs = new JobPool('jobs');
  const whole = new Ledger(simulation);
  const visits = run.services.map(() => new Ledger(simulation));
  const empty = new TimeMean(simulation);
  const routing = simulation.streams.get('network/routing');
  const laws = run.services.map((mean) => exponentialLaw(mean));
  const streams = laws.map((_, index) => simulation.streams.get(`station ${index}/service`));
  const enter = (job: number, index: number): void => {
    visits[index]!.arrive(job);
    stations[index]!.arrive(job, laws[index]!.draw(streams[index]!));
  };
  const leave = (job: number, index: number): void => {
    visits[index]!.end(job);
    const next = run.next(index, routing.uniform());
    if (next >= 0) return enter(job, next);
    whole.end(job);
    jobs.release(job);
    empty.set(jobs.inUse === 0 ? 1 : 0);
  };
  const stations: readonly Station[] = laws.map((_, index) =>
    createStation(simulation, {
      name: `station ${index}`,
      servers: 1,
      queueLimit: Infinity,
      onServed: (job) => leave(job, index),
    }),
  );
  const gap = exponentialLaw(1 / run.lambda);
  const gaps = simulation.streams.get('source/gap');
  const arrival = simulation.event(
    'arrival',
    () => {
      const job = jobs.take();
      empty.set(0);
      whole.arrive(job);
      enter(job, 0);
      arrival.after(gap.draw(gaps), 0);
    },
    'arrival',
  );
  arrival.after(gap.draw(gaps), 0);

  let from = stations.map((station) => station.books());
  runWindow(simulation, run.length, () => {
    for (const ledger of [whole, ...visits]) ledger.begin();
    empty.begin();
    from = stations.map((station) => station.books());
  });
  const to = stations.map((station) => station.books());
  to.forEach((books, index) => {
    const insideTime = books.busyTime - from[index]!.busyTime + books.waitingTime - from[index]!.waitingTime;
    expect(insideTime, "Little's law").toBe(visits[index]!.insideTime());
  });
  return {
    inside: to.map((books, index) => meanInside(from[index]!, books)),
    stay: whole.stays / whole.ends / 1e6,
    empty: empty.mean(),
  };
}

/** What theory says of two stations in a row, after which a share goes round again. */
function twoStations(lambda: number, services: readonly number[], again = 0): OpenNetwork {
  return openNetwork([
    { name: 'first', serviceRate: 1 / services[0]!, arrivalRate: lambda, next: { second: 1 } },
    { name: 'second', serviceRate: 1 / services[1]!, next: { first: again } },
  ]);
}

function numbersInside({ stations }: OpenNetwork): number[] {
  return Object.values(stations).map(({ queue }) => queue!.meanInside);
}

function tandem(): TheoryCase {
  const [lambda, model] = [0.5, 'M/M/1 in tandem'];
  const run = {
    seed: model,
    lambda,
    services: [1, 1.2],
    next: (station: number) => (station === 0 ? 1 : -1),
    length: 60_000,
  };
  const inside = numbersInside(twoStations(lambda, run.services));
  return {
    model,
    parameters: 'lambda 0.5/s, services of 1 s and 1.2 s',
    source: 'Jackson 1957; product form',
    quantities: [
      { name: 'mean number, first', expected: inside[0]! },
      { name: 'mean number, second', expected: inside[1]! },
      { name: 'mean time in network (s)', expected: (inside[0]! + inside[1]!) / lambda },
      { name: 'share of time both are empty', expected: (1 - lambda) * (1 - 1.2 * lambda) },
    ],
    simulate: (replication) => {
      const sight = runNetwork(run, replication);
      return [...sight.inside, sight.stay, sight.empty];
    },
  };
}

/** Two stations; after the second, 40 % go back to the first. */
function feedback(): TheoryCase {
  const [lambda, again, model] = [0.27, 0.4, 'Jackson with feedback'];
  const next = (station: number, u: number): number => (station === 0 ? 1 : u < again ? 0 : -1);
  const run = { seed: model, lambda, services: [1, 1.2], next, length: 90_000 };
  const inside = numbersInside(twoStations(lambda, run.services, again));
  return {
    model,
    parameters: 'lambda 0.27/s, services of 1 s and 1.2 s, 40 % go round again',
    source: 'Jackson 1957; traffic equations',
    quantities: [
      { name: 'mean number, first', expected: inside[0]! },
      { name: 'mean number, second', expected: inside[1]! },
      { name: 'mean time in network (s)', expected: (inside[0]! + inside[1]!) / lambda },
    ],
    simulate: (replication) => {
      const sight = runNetwork(run, replication);
      return [...sight.inside, sight.stay];
    },
  };
}

/** Machines fail, wait for one of c repairers, and work again: M/M/c//N. */
function machineRepair(): TheoryCase {
  const [c, machines, think, repair, length, model] = [2, 10, 8, 1.5, 12_000, 'M/M/c//N'];
  const theory = closedNetwork({
    customers: machines,
    thinkSeconds: think,
    stations: [{ name: 'shop', demand: repair, servers: c }],
  });
  const { meanInside: broken, utilisation: busy } = theory.stations['shop']!;
  const simulate = (replication: number): number[] => {
    const simulation = new Simulation({ seed: model, replication });
    const ledger = new Ledger(simulation);
    const working = exponentialLaw(think);
    const repairing = exponentialLaw(repair);
    const [lives, repairs] = [simulation.streams.get('machine/life'), simulation.streams.get('machine/repair')];
    const failure = simulation.event(
      'failure',
      (machine) => {
        ledger.arrive(machine);
        shop.arrive(machine, repairing.draw(repairs));
      },
      'arrival',
    );
    const shop = createStation(simulation, {
      name: 'shop',
      servers: c,
      queueLimit: machines,
      onServed: (machine) => {
        ledger.end(machine);
        failure.after(working.draw(lives), machine);
      },
    });
    for (let machine = 0; machine < machines; machine++) failure.after(working.draw(lives), machine);
    let from = shop.books();
    runWindow(simulation, length, () => {
      ledger.begin();
      from = shop.books();
    });
    const to = shop.books();
    expect(to.busyTime - from.busyTime + to.waitingTime - from.waitingTime, "Little's law").toBe(ledger.insideTime());
    return [meanInside(from, to), (to.served - from.served) / length, utilisation(from, to)];
  };
  return {
    model,
    parameters: '10 machines of 8 s, 2 repairers of 1.5 s',
    source: 'finite source; Gross & Harris 2.7',
    quantities: [
      { name: 'mean number broken', expected: broken },
      { name: 'repairs per second', expected: theory.throughput },
      { name: 'utilisation', expected: busy },
    ],
    simulate,
  };
}

/** The number at infinitely many servers is Poisson: its variance equals its mean. */
function spreadOfInfinite(): TheoryCase {
  const [lambda, length, model] = [5, 8_000, 'M/M/infinity, spread'];
  const simulate = (replication: number): number[] => {
    const simulation = new Simulation({ seed: model, replication });
    const jobs = new JobPool('jobs');
    const squares = new TimeMean(simulation);
    const follow = (): void => squares.set((station.inside - lambda) ** 2);
    const station = createStation(simulation, {
      name: 'room',
      servers: Infinity,
      queueLimit: 0,
      onServed: (job) => {
        jobs.release(job);
        follow();
      },
    });
    const [gap, stay] = [exponentialLaw(1 / lambda), exponentialLaw(1)];
    const [gaps, stays] = [simulation.streams.get('source/gap'), simulation.streams.get('room/stay')];
    const arrival = simulation.event(
      'arrival',
      () => {
        station.arrive(jobs.take(), stay.draw(stays));
        follow();
        arrival.after(gap.draw(gaps), 0);
      },
      'arrival',
    );
    arrival.after(gap.draw(gaps), 0);
    runWindow(simulation, length, () => squares.begin());
    return [squares.mean()];
  };
  return {
    model,
    parameters: 'lambda 5/s, stays of 1 s',
    source: 'Poisson; Kleinrock I, 3.4',
    quantities: [{ name: 'variance of the number inside', expected: lambda }],
    simulate,
  };
}

export const networks: readonly TheoryCase[] = [tandem(), feedback(), machineRepair(), spreadOfInfinite()];
