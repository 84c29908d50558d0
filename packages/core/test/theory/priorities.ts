/** Theory cases with two classes at one station. */
import { nonPreemptivePriority, preemptivePriority, type Discipline } from '../../src/queueing/discipline.ts';
import { cobhamWaits, preemptiveStays, type PriorityClass } from './formulas.ts';
import { exponentialLaw, uniformLaw, type Law } from './laws.ts';
import { runStation, type Source, type StationSight } from './station-run.ts';
import type { Quantity, TheoryCase } from './theory-case.ts';

interface ClassOfJobs {
  readonly lambda: number;
  readonly service: Law;
}

/** The urgent class is short and steady, the other long and variable: what priorities are made for. */
const classes: readonly ClassOfJobs[] = [
  { lambda: 0.5, service: uniformLaw(0.5) },
  { lambda: 0.25, service: exponentialLaw(1.2) },
];

const forTheory: readonly PriorityClass[] = classes.map(({ lambda, service }) => ({
  lambda,
  mean: service.mean,
  secondMoment: service.secondMoment,
}));
const sources: readonly Source[] = classes.map(({ lambda, service }, priority) => ({
  gap: exponentialLaw(1 / lambda),
  service,
  priority,
}));
const parameters = 'urgent 0.5/s x uniform 0.5 s; other 0.25/s x exponential 1.2 s';
const utilisation: Quantity = { name: 'utilisation', expected: 0.55 };

function run(seed: string, discipline: Discipline, replication: number): StationSight {
  return runStation(
    { seed, sources, station: { servers: 1, queueLimit: Infinity, discipline }, length: 110_000 },
    replication,
  );
}

function nonPreemptive(): TheoryCase {
  const [urgent, other] = cobhamWaits(forTheory);
  const model = 'M/G/1 priorities';
  return {
    model,
    parameters,
    source: 'Cobham 1954',
    quantities: [
      { name: 'mean wait, urgent (s)', expected: urgent! },
      { name: 'mean wait, other (s)', expected: other! },
      utilisation,
    ],
    simulate: (replication) => {
      const sight = run(model, nonPreemptivePriority, replication);
      return [...sight.ledgers.map((ledger) => ledger.waits / ledger.starts / 1e6), sight.utilisation];
    },
  };
}

function preemptive(): TheoryCase {
  const [urgent, other] = preemptiveStays(forTheory);
  const model = 'M/G/1 preemptive resume';
  return {
    model,
    parameters,
    source: 'Kleinrock II, 3.4',
    quantities: [
      { name: 'mean time in system, urgent (s)', expected: urgent! },
      { name: 'mean time in system, other (s)', expected: other! },
      utilisation,
    ],
    simulate: (replication) => {
      const sight = run(model, preemptivePriority, replication);
      return [...sight.ledgers.map((ledger) => ledger.stays / ledger.ends / 1e6), sight.utilisation];
    },
  };
}

export const priorities: readonly TheoryCase[] = [nonPreemptive(), preemptive()];
