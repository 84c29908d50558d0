/** Theory cases with one station, one class and an open source. */
import { adaptiveLifo, lifo, shortestFirst } from '../../src/queueing/discipline.ts';
import { Simulation } from '../../src/simulation.ts';
import { seconds } from '../../src/time.ts';
import { expectation } from '../../src/analytic/birth-death.ts';
import { erlangB, erlangC } from '../../src/analytic/erlang.ts';
import {
  erlangAStates,
  lifoWaitSecondMoment,
  mg1WaitSecondMoment,
  mm1StayQuantile,
  mm1Wait,
  mmckStates,
  mmcWait,
  pollaczekKhinchine,
  shortestFirstWait,
} from './formulas.ts';
import { deterministicLaw, exponentialLaw, hyperexponentialLaw, uniformLaw, type Law } from './laws.ts';
import { runStation, type StationRun, type StationSight } from './station-run.ts';
import type { Quantity, TheoryCase } from './theory-case.ts';

const inSeconds = 1e-6;
const meanWait = ({ ledgers }: StationSight): number => (ledgers[0]!.waits / ledgers[0]!.starts) * inSeconds;
const meanStay = ({ ledgers }: StationSight): number => (ledgers[0]!.stays / ledgers[0]!.ends) * inSeconds;
const shareRefused = ({ ledgers }: StationSight): number => ledgers[0]!.refusals / ledgers[0]!.arrivals;
const secondMomentOfWait = ({ ledgers }: StationSight): number =>
  (ledgers[0]!.waitsSquared / ledgers[0]!.starts) * inSeconds ** 2;

interface Measured extends Quantity {
  readonly see: (sight: StationSight) => number;
}

function openCase(
  texts: { readonly model: string; readonly parameters: string; readonly source: string },
  run: Omit<StationRun, 'seed'>,
  measured: readonly Measured[],
): TheoryCase {
  const simulate = (replication: number): number[] => {
    const sight = runStation({ ...run, seed: texts.model }, replication);
    return measured.map(({ see }) => see(sight));
  };
  return { ...texts, quantities: measured, simulate };
}

function mm1(): TheoryCase {
  const [lambda, mu] = [0.6, 1];
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: exponentialLaw(1 / mu) }],
    station: { servers: 1, queueLimit: Infinity },
    length: 110_000,
    shortStay: mm1StayQuantile(lambda, mu, 0.5),
  };
  return openCase({ model: 'M/M/1', parameters: 'lambda 0.6/s, mu 1/s', source: 'Kleinrock I, 3.2 and 5.6' }, run, [
    { name: 'mean wait (s)', expected: mm1Wait(lambda, mu), see: meanWait },
    { name: 'mean number inside', expected: lambda / (mu - lambda), see: (sight) => sight.meanInside },
    { name: 'utilisation', expected: lambda / mu, see: (sight) => sight.utilisation },
    {
      name: 'share of stays up to the median',
      expected: 0.5,
      see: ({ ledgers }) => ledgers[0]!.shortStays / ledgers[0]!.ends,
    },
  ]);
}

function mmc(): TheoryCase {
  const [c, lambda, mu] = [3, 2, 1];
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: exponentialLaw(1 / mu) }],
    station: { servers: c, queueLimit: Infinity },
    length: 60_000,
  };
  return openCase(
    { model: 'M/M/c', parameters: 'c 3, lambda 2/s, mu 1/s', source: 'Erlang C; Gross & Harris 2.3' },
    run,
    [
      {
        name: 'probability of waiting',
        expected: erlangC(c, lambda / mu),
        see: ({ ledgers }) => ledgers[0]!.delayed / ledgers[0]!.starts,
      },
      { name: 'mean wait (s)', expected: mmcWait(c, lambda, mu), see: meanWait },
      { name: 'mean number waiting', expected: lambda * mmcWait(c, lambda, mu), see: (sight) => sight.meanWaiting },
      { name: 'utilisation', expected: lambda / mu / c, see: (sight) => sight.utilisation },
    ],
  );
}

function mmck(model: string, c: number, capacity: number, lambda: number, length: number): TheoryCase {
  const states = mmckStates(c, capacity, lambda, 1);
  const loss = states[capacity]!;
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: exponentialLaw(1) }],
    station: { servers: c, queueLimit: capacity - c },
    length,
  };
  const inside = expectation(states, (n) => n);
  return openCase(
    { model, parameters: `c ${c}, K ${capacity}, lambda ${lambda}/s, mu 1/s`, source: 'Gross & Harris 2.4' },
    run,
    [
      { name: 'share refused', expected: loss, see: shareRefused },
      { name: 'mean number inside', expected: inside, see: (sight) => sight.meanInside },
      { name: 'mean time in system (s)', expected: inside / (lambda * (1 - loss)), see: meanStay },
    ],
  );
}

function mg1(model: string, law: Law, lambda: number, length: number): TheoryCase {
  const wait = pollaczekKhinchine(lambda, law.mean, law.secondMoment);
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: law }],
    station: { servers: 1, queueLimit: Infinity },
    length,
  };
  return openCase(
    {
      model,
      parameters: `lambda ${lambda}/s, ${law.name} service of 1 s`,
      source: 'Pollaczek-Khinchine; Kleinrock I, 5.6',
    },
    run,
    [
      { name: 'mean wait (s)', expected: wait, see: meanWait },
      { name: 'mean number inside', expected: lambda * (wait + law.mean), see: (sight) => sight.meanInside },
      { name: 'utilisation', expected: lambda * law.mean, see: (sight) => sight.utilisation },
    ],
  );
}

/**
 * Disciplines that do not look at service times change the spread of waits, never their mean. The mean square hangs on
 * rare long busy periods: a half-width of 2 % would take ten million customers, so 4 % has to do there.
 */
function otherOrders(): TheoryCase[] {
  const [lambda, service] = [0.5, exponentialLaw(1)];
  const { mean, secondMoment, thirdMoment } = service;
  const sources = [{ gap: exponentialLaw(1 / lambda), service }];
  const texts = (model: string, source: string): { model: string; parameters: string; source: string } => ({
    model,
    source,
    parameters: 'lambda 0.5/s, mu 1/s',
  });
  const sameMean = { name: 'mean wait (s)', expected: mm1Wait(lambda, 1), see: meanWait };
  return [
    openCase(
      texts('M/M/1 FIFO, spread', 'Takacs; Kleinrock I, 5.7'),
      { sources, length: 120_000, station: { servers: 1, queueLimit: Infinity } },
      [
        sameMean,
        {
          name: 'mean squared wait (s2)',
          expected: mg1WaitSecondMoment(lambda, mean, secondMoment, thirdMoment),
          see: secondMomentOfWait,
          precision: 0.04,
        },
      ],
    ),
    openCase(
      texts('M/M/1 LIFO', 'Kleinrock II, 3.4'),
      { sources, length: 120_000, station: { servers: 1, queueLimit: Infinity, discipline: lifo } },
      [
        sameMean,
        {
          name: 'mean squared wait (s2)',
          expected: lifoWaitSecondMoment(lambda, mean, secondMoment, thirdMoment),
          see: secondMomentOfWait,
          precision: 0.04,
        },
      ],
    ),
    openCase(
      texts('M/M/1 adaptive LIFO', 'as FIFO: the order does not look at service times'),
      {
        sources,
        length: 120_000,
        station: { servers: 1, queueLimit: Infinity, discipline: adaptiveLifo({ threshold: 3, after: seconds(1) }) },
      },
      [sameMean],
    ),
    openCase(
      texts('M/M/1 shortest first', 'Phipps 1956'),
      { sources, length: 60_000, station: { servers: 1, queueLimit: Infinity, discipline: shortestFirst } },
      [{ name: 'mean wait (s)', expected: shortestFirstWait(lambda, 1), see: meanWait }],
    ),
  ];
}

function infinite(law: Law): TheoryCase {
  const lambda = 8;
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: law }],
    station: { servers: Infinity, queueLimit: 0 },
    length: 3_000,
  };
  return openCase(
    { model: `M/${law.name}/infinity`, parameters: 'lambda 8/s, service of 1 s', source: 'Poisson; Kleinrock I, 3.4' },
    run,
    [{ name: 'mean number inside', expected: lambda, see: (sight) => sight.meanInside }],
  );
}

function loss(law: Law): TheoryCase {
  const [c, lambda] = [5, 4];
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: law }],
    station: { servers: c, queueLimit: 0 },
    length: 8_000,
  };
  return openCase(
    {
      model: `M/${law.name}/c/c`,
      parameters: 'c 5, offered load 4',
      source: 'Erlang B (insensitive); Gross & Harris 2.5',
    },
    run,
    [
      { name: 'share refused', expected: erlangB(c, lambda), see: shareRefused },
      { name: 'mean number inside', expected: lambda * (1 - erlangB(c, lambda)), see: (sight) => sight.meanInside },
    ],
  );
}

/** An arrival that finds n inside joins with probability 1 / (n + 1): then the number inside is Poisson. */
function discouraged(): TheoryCase {
  const lambda = 2;
  const joining = new Simulation({ seed: 'discouraged' }).streams.get('queue/joining');
  const run = {
    sources: [{ gap: exponentialLaw(1 / lambda), service: exponentialLaw(1) }],
    station: { servers: 1, queueLimit: Infinity, balking: (waiting: number) => joining.uniform() >= 1 / (waiting + 2) },
    length: 8_000,
  };
  const busy = 1 - Math.exp(-lambda);
  return openCase(
    {
      model: 'M/M/1 discouraged',
      parameters: 'lambda 2/s, joins with 1/(n+1), mu 1/s',
      source: 'Poisson; Kleinrock I, 3.3',
    },
    run,
    [
      { name: 'mean number inside', expected: lambda, see: (sight) => sight.meanInside },
      { name: 'utilisation', expected: busy, see: (sight) => sight.utilisation },
      { name: 'share that did not join', expected: 1 - busy / lambda, see: shareRefused },
    ],
  );
}

function reneging(): TheoryCase {
  const [c, lambda, mu, theta] = [3, 3.6, 1, 0.5];
  const states = erlangAStates(c, lambda, mu, theta);
  const waiting = expectation(states, (n) => Math.max(0, n - c));
  const run = {
    sources: [
      { gap: exponentialLaw(1 / lambda), service: exponentialLaw(1 / mu), patience: exponentialLaw(1 / theta) },
    ],
    station: { servers: c, queueLimit: Infinity },
    length: 7_000,
  };
  return openCase(
    { model: 'M/M/c+M', parameters: 'c 3, lambda 3.6/s, mu 1/s, patience 2 s', source: 'Erlang A; Palm 1957' },
    run,
    [
      {
        name: 'share abandoned',
        expected: (theta * waiting) / lambda,
        see: ({ ledgers }) => ledgers[0]!.abandonments / ledgers[0]!.arrivals,
      },
      { name: 'mean number waiting', expected: waiting, see: (sight) => sight.meanWaiting },
      {
        name: 'utilisation',
        expected: expectation(states, (n) => Math.min(n, c)) / c,
        see: (sight) => sight.utilisation,
      },
    ],
  );
}

export const singleStation: readonly TheoryCase[] = [
  mm1(),
  mmc(),
  mmck('M/M/1/K', 1, 5, 0.9, 50_000),
  mmck('M/M/c/K', 3, 6, 2.7, 14_000),
  mg1('M/D/1', deterministicLaw(1), 0.6, 40_000),
  mg1('M/U/1', uniformLaw(1), 0.6, 60_000),
  mg1('M/H2/1', hyperexponentialLaw(1), 0.5, 160_000),
  ...otherOrders(),
  infinite(exponentialLaw(1)),
  infinite(deterministicLaw(1)),
  loss(deterministicLaw(1)),
  loss(hyperexponentialLaw(1)),
  reneging(),
  discouraged(),
];
