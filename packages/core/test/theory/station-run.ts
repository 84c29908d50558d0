/** One replication of an open queue at one station: a Poisson (or other) source, a warm-up, a window, the books. */
import { expect } from 'vitest';
import { JobPool } from '../../src/queueing/job-pool.ts';
import { createStation } from '../../src/queueing/station.ts';
import {
  meanInside,
  meanWaiting,
  utilisation,
  type StationBooks,
  type StationOptions,
} from '../../src/queueing/station-options.ts';
import { Simulation } from '../../src/simulation.ts';
import { forever } from '../../src/time.ts';
import type { Law } from './laws.ts';
import { Ledger } from './ledger.ts';
import { runWindow } from './run-window.ts';

/** One source of jobs. */
export interface Source {
  readonly gap: Law;
  readonly service: Law;
  readonly priority?: number;
  readonly patience?: Law;
}

export interface StationRun {
  readonly seed: string;
  readonly sources: readonly Source[];
  readonly station: Omit<
    StationOptions,
    'name' | 'onStarted' | 'onServed' | 'onRejected' | 'onAbandoned' | 'onPreempted'
  >;
  /** Length of the window in seconds; a tenth of it is discarded before as warm-up. */
  readonly length: number;
  /** Stays up to this many seconds are counted as short; default none. */
  readonly shortStay?: number;
}

/** What one replication saw; times in seconds. */
export interface StationSight {
  /** One ledger per source. */
  readonly ledgers: readonly Ledger[];
  readonly meanWaiting: number;
  readonly meanInside: number;
  readonly utilisation: number;
}

/** Runs the queue and checks the laws that hold on every path: conservation, Little's law and the utilisation law. */
export function runStation(run: StationRun, replication: number): StationSight {
  const simulation = new Simulation({ seed: run.seed, replication });
  const ledgers = run.sources.map(() => new Ledger(simulation, (run.shortStay ?? 0) * 1e6));
  const jobs = new JobPool('customers');
  const sourceOf = new Uint8Array(1 << 16);
  const ledgerOf = (job: number): Ledger => ledgers[sourceOf[job]!]!;
  const station = createStation(simulation, {
    name: 'queue',
    ...run.station,
    onStarted: (job) => ledgerOf(job).start(job),
    onPreempted: (job) => ledgerOf(job).interrupt(job),
    onServed: (job) => {
      ledgerOf(job).end(job);
      jobs.release(job);
    },
    onRejected: (job) => {
      ledgerOf(job).refuse(job);
      jobs.release(job);
    },
    onAbandoned: (job) => {
      ledgerOf(job).abandon(job);
      jobs.release(job);
    },
  });
  run.sources.forEach(({ gap, service, priority = 0, patience }, index) => {
    const gaps = simulation.streams.get(`source ${index}/gap`);
    const services = simulation.streams.get(`source ${index}/service`);
    const patiences = simulation.streams.get(`source ${index}/patience`);
    const ledger = ledgers[index]!;
    const arrival = simulation.event(
      `source ${index}`,
      () => {
        const job = jobs.take();
        sourceOf[job] = index;
        ledger.arrive(job);
        station.arrive(
          job,
          service.draw(services),
          priority,
          patience === undefined ? forever : patience.draw(patiences),
        );
        arrival.after(gap.draw(gaps), 0);
      },
      'arrival',
    );
    arrival.after(gap.draw(gaps), 0);
  });

  let from = station.books();
  runWindow(simulation, run.length, () => {
    for (const ledger of ledgers) ledger.begin();
    from = station.books();
  });
  const to = station.books();
  checkPath(from, to, ledgers);
  return {
    ledgers,
    meanWaiting: meanWaiting(from, to),
    meanInside: meanInside(from, to),
    utilisation: utilisation(from, to),
  };
}

function checkPath(from: StationBooks, to: StationBooks, ledgers: readonly Ledger[]): void {
  const sum = (value: (ledger: Ledger) => number): number =>
    ledgers.reduce((total, ledger) => total + value(ledger), 0);
  expect(to.arrived).toBe(to.served + to.rejected + to.balked + to.abandoned + to.cancelled + to.dropped + to.inside);
  expect(to.arrived - from.arrived, 'arrivals').toBe(sum((ledger) => ledger.arrivals));
  expect(to.busyTime - from.busyTime, 'utilisation law').toBe(sum((ledger) => ledger.serviceTime()));
  const insideTime = to.busyTime - from.busyTime + to.waitingTime - from.waitingTime;
  expect(insideTime, "Little's law").toBe(sum((ledger) => ledger.insideTime()));
}
