/** What is measured: the workloads, who runs them, with which arguments, and which ratios are asked for. */

/** One program that runs a workload. `arguments` follow the number of rounds. */
export interface Contestant {
  readonly name: string;
  readonly program: string;
  /** Words in front of the number of rounds. */
  readonly before?: readonly string[];
  readonly arguments: readonly number[];
  /** Arguments for a quick look. */
  readonly quick: readonly number[];
  /** Whether it must run through the same events as the first contestant, which the checksums tell. */
  readonly sameAs: 'events' | 'nothing';
}

/** How much faster `of` should be than `over`, by the median of the ratios of runs made side by side. */
export interface Ratio {
  readonly of: string;
  readonly over: string;
  readonly phase: string;
  /** Undefined: reported only. */
  readonly atLeast?: number;
}

/** A workload and all who run it; the first contestant is the C++ baseline. */
export interface Workload {
  readonly id: string;
  readonly title: string;
  /** What is counted: a million of them per second are reported. */
  readonly unit: string;
  readonly contestants: readonly Contestant[];
  readonly ratios: readonly Ratio[];
}

const CPP = 'C++ priority_queue';
const OURS = 'Brownout';
const SIMJS = 'simjs';

/** Compiled baselines have no extension, TypeScript programs do. */
function contestant(
  name: string,
  program: string,
  full: readonly number[],
  quick: readonly number[],
  sameAs: Contestant['sameAs'] = 'events',
): Contestant {
  return { name, program, arguments: full, quick, sameAs };
}

function simjs(workload: string, full: readonly number[], quick: readonly number[]): Contestant {
  return { ...contestant(SIMJS, 'peers/simjs.bench.ts', full, quick, 'nothing'), before: [workload] };
}

function over(phase: string, atLeast?: number): Ratio {
  return { of: OURS, over: CPP, phase, ...(atLeast === undefined ? {} : { atLeast }) };
}

/** A hold with its phases: filling, the first two mean times, and the rest. */
function hold(pending: number, full: number, quick: number, target: number, peer?: Contestant): Workload {
  return {
    id: `hold-1e${Math.round(Math.log10(pending))}`,
    title: `Hold, ${pending.toLocaleString('en')} pending`,
    unit: 'events',
    contestants: [
      contestant(CPP, 'hold', [pending, full], [pending, quick]),
      contestant(OURS, 'hold.bench.ts', [pending, full], [pending, quick]),
      ...(peer === undefined ? [] : [peer]),
    ],
    ratios: [over('main', target), ...(pending >= 1_000_000 ? [over('fill'), over('settle')] : [])],
  };
}

/** Everything `run.ts` runs, in order. */
export const workloads: readonly Workload[] = [
  hold(100, 100_000, 10_000, 1.2, simjs('hold', [100, 6_000], [100, 1_000])),
  hold(10_000, 1_000, 100, 1.8, simjs('hold', [10_000, 20], [10_000, 5])),
  hold(1_000_000, 3, 1, 1),
  {
    id: 'mm1',
    title: 'M/M/1, utilisation 0.9',
    unit: 'events',
    contestants: [
      contestant(CPP, 'mm1', [5_000], [500]),
      contestant(OURS, 'mm1.bench.ts', [5_000], [500]),
      contestant('Brownout, processes', 'mm1-processes.bench.ts', [3_000], [500], 'nothing'),
      contestant('Brownout, streams', 'mm1-streams.bench.ts', [3_000], [500], 'nothing'),
      contestant('Brownout, station + streams + histogram', 'mm1-station.bench.ts', [2_000], [500], 'nothing'),
      simjs('mm1', [300_000], [100_000]),
    ],
    ratios: [
      over('main', 0.5),
      { of: 'Brownout, processes', over: OURS, phase: 'main', atLeast: 0.5 },
      { of: 'Brownout, station + streams + histogram', over: 'Brownout, streams', phase: 'main', atLeast: 0.5 },
      { of: 'Brownout, station + streams + histogram', over: OURS, phase: 'main' },
    ],
  },
  {
    id: 'timeouts',
    title: 'Timeouts, 99 % cancelled, 10,000 clients',
    unit: 'requests',
    contestants: [
      contestant(CPP, 'timeouts', [10_000, 300], [10_000, 50]),
      contestant(OURS, 'timeouts.bench.ts', [10_000, 300, 1], [10_000, 50, 1]),
      contestant('Brownout, plain events', 'timeouts.bench.ts', [10_000, 300, 0], [10_000, 50, 0]),
      simjs('timeouts', [10_000, 20], [10_000, 10]),
    ],
    ratios: [over('main', 2.2), { of: 'Brownout, plain events', over: CPP, phase: 'main' }],
  },
  {
    id: 'finite-source',
    title: 'Finite source, 10,000 sources, 100 servers',
    unit: 'events',
    contestants: [
      contestant(CPP, 'finite-source', [10_000, 2_000], [10_000, 300]),
      contestant(OURS, 'finite-source.bench.ts', [10_000, 2_000], [10_000, 300]),
      simjs('finiteSource', [10_000, 100], [10_000, 50]),
    ],
    ratios: [over('main', 1.4)],
  },
  {
    id: 'leases',
    title: 'Leases, 10,000 nodes renewing every 10 s',
    unit: 'events',
    contestants: [
      contestant(CPP, 'leases', [10_000, 1_000], [10_000, 200]),
      contestant(OURS, 'leases.bench.ts', [10_000, 1_000, 1], [10_000, 200, 1]),
      contestant('Brownout, plain events', 'leases.bench.ts', [10_000, 1_000, 0], [10_000, 200, 0]),
    ],
    ratios: [over('main'), { of: 'Brownout, plain events', over: CPP, phase: 'main' }],
  },
  ...(['exponential', 'far', 'cancel'] as const).flatMap((shape) =>
    [100, 10_000, 1_000_000].map((pending): Workload => {
      const holds = pending === 1_000_000 ? [2_000_000, 500_000] : [4_000_000, 500_000];
      const list = (name: string, word: string): Contestant => ({
        ...contestant(name, 'calendars.bench.ts', [pending, holds[0]!], [pending, holds[1]!]),
        before: [word, shape],
      });
      return {
        id: `lists-${shape}-1e${Math.round(Math.log10(pending))}`,
        title: `Event lists alone, ${shape}, ${pending.toLocaleString('en')} pending`,
        unit: 'holds',
        contestants: [list('Indexed 4-ary heap', 'heap'), list('Lazy calendar', 'calendar')],
        ratios: [{ of: 'Lazy calendar', over: 'Indexed 4-ary heap', phase: 'main' }],
      };
    }),
  ),
];
