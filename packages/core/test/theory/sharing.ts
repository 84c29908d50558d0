/** Theory cases of processor sharing, plain and weighted. */
import { expect } from 'vitest';
import { JobPool } from '../../src/queueing/job-pool.ts';
import type { ProcessorBooks } from '../../src/queueing/processor-accounts.ts';
import { createProcessor } from '../../src/queueing/processor-sharing.ts';
import { createWeightedProcessor } from '../../src/queueing/weighted-sharing.ts';
import { Simulation } from '../../src/simulation.ts';
import type { Duration } from '../../src/time.ts';
import { discriminatoryStays, mmcWait, sharingStay } from './formulas.ts';
import { deterministicLaw, exponentialLaw, hyperexponentialLaw, type Law } from './laws.ts';
import { Ledger } from './ledger.ts';
import { runWindow } from './run-window.ts';
import type { TheoryCase } from './theory-case.ts';

/** What plain and weighted processors have in common. */
interface AnyProcessor {
  readonly arrive: (job: number, work: Duration, weight: number) => void;
  readonly books: () => ProcessorBooks;
}

interface SharingSource {
  readonly lambda: number;
  readonly work: Law;
  readonly weight: number;
}

interface SharingRun {
  readonly seed: string;
  readonly cores: number;
  readonly sources: readonly SharingSource[];
  readonly length: number;
  readonly create: (simulation: Simulation, cores: number, onServed: (job: number) => void) => AnyProcessor;
}

interface SharingSight {
  readonly ledgers: readonly Ledger[];
  readonly meanInside: number;
  readonly utilisation: number;
  /** Mean of time in system over work, of all jobs that arrived in the window. */
  readonly slowdown: number;
}

function plain(simulation: Simulation, cores: number, onServed: (job: number) => void): AnyProcessor {
  return createProcessor(simulation, { name: 'cpu', cores, onServed });
}

/** Every job may use all cores, so only the weights decide. */
function weighted(simulation: Simulation, cores: number, onServed: (job: number) => void): AnyProcessor {
  const processor = createWeightedProcessor(simulation, { name: 'cpu', cores, onServed });
  return { arrive: (job, work, weight) => processor.arrive(job, work, weight, cores), books: () => processor.books() };
}

function runSharing(run: SharingRun, replication: number): SharingSight {
  const simulation = new Simulation({ seed: run.seed, replication });
  const ledgers = run.sources.map(() => new Ledger(simulation));
  const jobs = new JobPool('jobs');
  const sourceOf = new Uint8Array(1 << 16);
  const workOf = new Float64Array(1 << 16);
  const slowdown = new Float64Array(2);
  const processor = run.create(simulation, run.cores, (job) => {
    slowdown[0] = slowdown[0]! + ledgers[sourceOf[job]!]!.end(job) / workOf[job]!;
    slowdown[1] = slowdown[1]! + 1;
    jobs.release(job);
  });
  run.sources.forEach(({ lambda, work, weight }, index) => {
    const gap = exponentialLaw(1 / lambda);
    const gaps = simulation.streams.get(`source ${index}/gap`);
    const works = simulation.streams.get(`source ${index}/work`);
    const arrival = simulation.event(
      `source ${index}`,
      () => {
        const job = jobs.take();
        sourceOf[job] = index;
        workOf[job] = work.draw(works) + 1;
        ledgers[index]!.arrive(job);
        processor.arrive(job, workOf[job] as Duration, weight);
        arrival.after(gap.draw(gaps), 0);
      },
      'arrival',
    );
    arrival.after(gap.draw(gaps), 0);
  });
  let from = processor.books();
  runWindow(simulation, run.length, () => {
    for (const ledger of ledgers) ledger.begin();
    slowdown.fill(0);
    from = processor.books();
  });
  const to = processor.books();
  checkPath(from, to, ledgers);
  const span = to.at - from.at;
  return {
    ledgers,
    meanInside: (to.jobTime - from.jobTime) / span,
    utilisation: (to.busyTime - from.busyTime) / (to.coreTime - from.coreTime),
    slowdown: slowdown[0]! / slowdown[1]!,
  };
}

/** Conservation and Little's law; reports come up to a microsecond after the work is done, once per job. */
function checkPath(from: ProcessorBooks, to: ProcessorBooks, ledgers: readonly Ledger[]): void {
  expect(to.arrived).toBe(to.served + to.withdrawn + to.dropped + to.inside);
  const insideTime = ledgers.reduce((sum, ledger) => sum + ledger.insideTime(), 0);
  const lateness = insideTime - (to.jobTime - from.jobTime);
  expect(lateness, "Little's law").toBeGreaterThan(-1);
  expect(lateness, "Little's law").toBeLessThan(to.served - from.served + 1);
}

/** M/G/1-PS: mean stay, and the slowdown of every job is the same 1 / (1 - rho) on average, whatever its size. */
function insensitive(work: Law): TheoryCase {
  const lambda = 0.6;
  const model = `M/${work.name}/1-PS`;
  const run = { seed: model, cores: 1, sources: [{ lambda, work, weight: 1 }], length: 65_000, create: plain };
  return {
    model,
    parameters: `lambda 0.6/s, ${work.name} work of 1 s`,
    source: 'insensitivity; Kleinrock II, 4.4',
    quantities: [
      { name: 'mean time in system (s)', expected: sharingStay(lambda, 1) },
      { name: 'mean slowdown', expected: 1 / (1 - lambda) },
      { name: 'utilisation', expected: lambda },
    ],
    simulate: (replication) => {
      const { ledgers, slowdown, utilisation } = runSharing(run, replication);
      return [ledgers[0]!.stays / ledgers[0]!.ends / 1e6, slowdown, utilisation];
    },
  };
}

/** A job that never uses more than one of c cores: departures happen at the rate of M/M/c, and any work law will do. */
function capped(work: Law): TheoryCase {
  const [c, lambda] = [3, 2.1];
  const model = `M/${work.name}/c-PS`;
  const run = { seed: model, cores: c, sources: [{ lambda, work, weight: 1 }], length: 24_000, create: plain };
  const stay = mmcWait(c, lambda, 1) + 1;
  return {
    model,
    parameters: `${c} cores, one a job; lambda 2.1/s, ${work.name} work of 1 s`,
    source: 'as M/M/c (Erlang C), insensitive; Kelly, Reversibility and Stochastic Networks (1979), 3.3',
    quantities: [
      { name: 'mean time in system (s)', expected: stay },
      { name: 'mean number inside', expected: lambda * stay },
      { name: 'utilisation', expected: lambda / c },
    ],
    simulate: (replication) => {
      const { ledgers, meanInside, utilisation } = runSharing(run, replication);
      return [ledgers[0]!.stays / ledgers[0]!.ends / 1e6, meanInside, utilisation];
    },
  };
}

function discriminatory(): TheoryCase {
  const model = 'M/M/1-DPS';
  const [heavy, light] = discriminatoryStays([0.3, 0.6], [1, 2], [1, 4]);
  const run = {
    seed: model,
    cores: 1,
    sources: [
      { lambda: 0.3, work: exponentialLaw(1), weight: 1 },
      { lambda: 0.6, work: exponentialLaw(0.5), weight: 4 },
    ],
    length: 45_000,
    create: weighted,
  };
  return {
    model,
    parameters: 'weights 1 and 4; 0.3/s x 1 s and 0.6/s x 0.5 s',
    source: 'Fayolle, Mitrani, Iasnogorodski 1980',
    quantities: [
      { name: 'mean time in system, weight 1 (s)', expected: heavy },
      { name: 'mean time in system, weight 4 (s)', expected: light },
    ],
    simulate: (replication) => runSharing(run, replication).ledgers.map((ledger) => ledger.stays / ledger.ends / 1e6),
  };
}

export const sharing: readonly TheoryCase[] = [
  insensitive(deterministicLaw(1)),
  insensitive(exponentialLaw(1)),
  insensitive(hyperexponentialLaw(1)),
  capped(exponentialLaw(1)),
  capped(hyperexponentialLaw(1)),
  discriminatory(),
];
