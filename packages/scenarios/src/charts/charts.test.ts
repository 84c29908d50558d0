import { describe, expect, it } from 'vitest';
import type { TipResult } from '../experiment/tip.ts';
import type { RunResult } from '../scenario/result.ts';
import { besideChart } from './beside.ts';
import { causesChart } from './causes.ts';
import { curveChart, tipChart } from './curve.ts';
import { forestChart } from './forest.ts';
import { latenciesChart } from './latencies.ts';
import { heatMapChart, phaseChart } from './map.ts';
import { overTimeChart } from './over-time.ts';
import { overviewChart } from './overview.ts';
import { runChart, runChartNames } from './run-chart.ts';
import { seatsChart } from './seats.ts';
import { sharesChart } from './shares.ts';
import type { Json } from './spec.ts';
import { timelineChart } from './timeline.ts';
import { timeAxis } from './time-axis.ts';

type Charted = Pick<
  RunResult,
  'clock' | 'horizon' | 'series' | 'title' | 'timeline' | 'kpis' | 'causes' | 'firstFailures'
>;

const run: Charted = {
  title: 'A day',
  clock: { zero: '2024-12-11T14:51:00-08:00', zone: 'PST' },
  horizon: { startSeconds: -600, endSeconds: 7200 },
  series: {
    windowSeconds: 60,
    t: [-60, 0, 60],
    columns: { userErrorShare: [0, 0, 0.5], 'userErrorShare.shop': [0, 0, 0.5], 'apiServerCpu.west': [0.1, 0.2, 1] },
    units: {},
  },
  timeline: [
    { t: 0, clock: '14:51:00', kind: 'rollout', text: 'rolled out', cluster: 'west' },
    { t: 60, clock: '14:52:00', kind: 'published', text: 'alerts fire', published: true },
    { t: 90, clock: '14:52:30', kind: 'something new', text: 'later kinds have a lane' },
  ],
  kpis: { firstUserError: 60, outageSeconds: 120, lastClusterRecovered: null, byCluster: {}, byProduct: {} },
  firstFailures: [],
  causes: [
    { t: 60, clock: '14:52:00', kind: 'users', text: 'a request fails', because: 'it needs a name' },
    { t: 0, clock: '14:51:00', kind: 'rollout', text: 'rolled out' },
  ],
};

/** Every row of data inside a chart. */
function rowsIn(part: Json): Readonly<Record<string, Json>>[] {
  if (Array.isArray(part)) return (part as readonly Json[]).flatMap(rowsIn);
  if (typeof part !== 'object' || part === null) return [];
  const { data, ...rest } = part as Readonly<Record<string, Json>>;
  const own = ((data as { readonly values?: Json } | undefined)?.values ?? []) as Readonly<Record<string, Json>>[];
  return [...own, ...rowsIn(Object.values(rest))];
}

describe('charts over time', () => {
  it('draw one line for each product, and leave the total out', () => {
    expect(rowsIn(overTimeChart(run, 'user-errors'))).toEqual([
      { minutes: -1, line: 'shop', value: 0 },
      { minutes: 0, line: 'shop', value: 0 },
      { minutes: 1, line: 'shop', value: 0.5 },
    ]);
  });

  it('refuse a panel that is not known, and name those that are', () => {
    expect(() => overTimeChart(run, 'cpu')).toThrow(/expected one of user-errors, .*saturation.*, got "cpu"/);
  });

  it('put ticks at full half hours of the clock, wherever the trigger lies', () => {
    const axis = timeAxis(run)['axis'] as Readonly<Record<string, Json>>;
    // 15:00, 15:30, 16:00 and 16:30 are 9, 39, 69 and 99 minutes after 14:51.
    expect(axis['values']).toEqual([9, 39, 69, 99]);
    const long = timeAxis({ ...run, horizon: { startSeconds: -1800, endSeconds: 21_600 } })['axis'] as typeof axis;
    expect(long['values']).toEqual([9, 69, 129, 189, 249, 309]);
    const short = timeAxis({ ...run, horizon: { startSeconds: -60, endSeconds: 900 } })['axis'] as typeof axis;
    expect(short['values']).toEqual([-1, 4, 9, 14]);
  });
});

describe('the timeline', () => {
  it('keeps published facts in a lane of their own, and shows kinds it does not know', () => {
    const lanes = rowsIn(timelineChart(run)).flatMap(({ lane = [] }) => lane);
    expect(lanes).toEqual(['rollout', 'published', 'other']);
  });

  it('shades the outage to the end of the run when the last cluster never recovers', () => {
    expect(rowsIn(timelineChart(run))).toContainEqual({ minutes: 1, until: 120 });
  });

  it('has the phases above the lanes, with their names where they fit', () => {
    const phases = rowsIn(timelineChart({ ...run, kpis: { ...run.kpis, lastClusterRecovered: 120 } }))
      // Each is there twice: as a bar, and as the name on it.
      .filter(({ phase }) => phase !== undefined)
      .filter((_, index) => index % 2 === 0)
      .map(({ minutes, until, phase, label }) => [minutes, until, phase, label]);
    expect(phases).toEqual([
      [-10, 1, 'nothing to see yet', ''],
      [1, 2, 'users see errors', ''],
      [2, 120, 'well again', 'well again'],
    ]);
  });

  it('leaves out what was published of the time after the end of the run', () => {
    const short = { ...run, horizon: { startSeconds: -600, endSeconds: 59 } };
    expect(rowsIn(timelineChart(short)).flatMap(({ what = [] }) => what)).toEqual(['rolled out']);
  });

  it('shades nothing on a quiet day', () => {
    const quiet = { ...run, kpis: { ...run.kpis, firstUserError: null, outageSeconds: 0 }, timeline: [] };
    expect(rowsIn(timelineChart(quiet)).filter(({ phase }) => phase === undefined)).toEqual([]);
  });
});

describe('charts of one cluster', () => {
  const failed = { nodes: 1, resource: 'none', t: null } as const;
  const both: Charted = {
    ...run,
    series: {
      ...run.series,
      columns: {
        'apiLatencyP50.east': [0.002, 0.002, 0.003],
        'apiLatencyP50.west': [0.002, 0, 60],
        'apiLatencyP99.west': [0.02, 0, 60],
        'listLatencyP90.west': [0, 0, 0.5],
        'seatsInUse.east/system': [1, 1, 1],
        'seatsInUse.west/system': [1, 2, 3],
        'seatLimit.west/system': [30, 30, 30],
        'requestsWaiting.west/system': [0, 0, 9],
        'seatsInUse.west/catch-all': [0, 1, 0],
      },
    },
    firstFailures: [
      { cluster: 'east', ...failed },
      { cluster: 'west', ...failed },
    ],
    kpis: { ...run.kpis, byCluster: { east: {}, west: { controlPlaneUnavailableSeconds: 60 } } },
  };

  it('show the one whose control plane was away longest, or the one that is asked for', () => {
    const values = (chart: Json): Json[] => rowsIn(chart).map(({ value }) => value!);
    expect(values(latenciesChart(both))).toEqual([0.002, 60, 0.02, 60, 0.5]);
    expect(values(latenciesChart(both, { cluster: 'east' }))).toEqual([0.002, 0.002, 0.003]);
    expect(() => seatsChart(both, { cluster: 'north' })).toThrow('expected one of east, west, got "north"');
  });

  it('have a row for each priority level that was used: seats in use, their limit, and who waits', () => {
    const rows = seatsChart(both)['vconcat'] as readonly Readonly<Record<string, Json>>[];
    expect(rows.map(({ title }) => title)).toEqual([{ text: 'system' }, { text: 'catch-all' }]);
    expect(rowsIn(rows[0]!).map(({ line, value }) => `${String(line)} ${String(value)}`)).toEqual([
      ...['in use 1', 'in use 2', 'in use 3', 'limit 30', 'limit 30', 'limit 30'],
      ...['waiting (right) 0', 'waiting (right) 0', 'waiting (right) 9'],
    ]);
  });

  it('leave out what has no place on a logarithmic scale: windows in which nothing was timed', () => {
    const rows = rowsIn(overTimeChart(both, 'latency'));
    expect(rows).toEqual([
      { minutes: -1, line: 'west', value: 0.02 },
      { minutes: 1, line: 'west', value: 60 },
    ]);
  });

  it('are had by name, like all charts of a run', () => {
    const result = both as RunResult;
    for (const name of runChartNames) expect(runChart(result, name)['$schema']).toMatch(/vega-lite/);
    expect(runChart(result, 'seats', { cluster: 'east' })).toEqual(seatsChart(result, { cluster: 'east' }));
    expect(() => runChart(result, 'constructor')).toThrow(/expected one of overview, .*, seats, .* got "constructor"/);
  });
});

describe('other views of a run', () => {
  it('walk the causes from the first to the last', () => {
    expect(rowsIn(causesChart(run)).map(({ what }) => what)).toEqual(['1. rolled out', '2. a request fails']);
  });

  it('leave panels out of the overview that the run has nothing for', () => {
    expect((overviewChart(run)['vconcat'] as readonly Json[]).length).toBe(3);
  });
});

describe('charts of experiments', () => {
  it('tell what differs from what is not shown to, and keep endless ends on the page', () => {
    const rows = rowsIn(
      forestChart(
        [
          { label: 'a', estimate: -2, low: -3, high: -1 },
          { label: 'b', estimate: 1, low: -1, high: Infinity },
        ],
        { title: 'Outage', axis: 'minutes' },
      ),
    );
    expect(rows.slice(0, 2).map(({ verdict, high }) => [verdict, high])).toEqual([
      ['differs', -1],
      ['not shown to differ', 1],
    ]);
  });

  it('write a map upwards, and say where a measure did not happen', () => {
    const map = heatMapChart(
      [
        { x: 2, y: 10, value: null },
        { x: 10, y: 9, value: 1 },
      ],
      { title: 't', x: 'servers', y: 'nodes' },
    );
    const encoding = map['encoding'] as Readonly<Record<string, Readonly<Record<string, Json>>>>;
    expect([encoding['x']!['sort'], encoding['y']!['sort']]).toEqual([
      [2, 10],
      [10, 9],
    ]);
    expect(rowsIn(map)[0]).toEqual({ x: 2, y: 10, value: null });
  });

  it('give every phase a letter, so that colour is never needed', () => {
    const cells = (['stable', 'vulnerable', 'metastable'] as const).map((phase, x) => ({ x, y: 0, phase }));
    const letters = rowsIn(phaseChart(cells, { title: 't', x: 'load', y: 'trigger' })).map(({ letter }) => letter);
    expect(letters).toEqual(['S', 'V', 'M']);
  });
});

describe('two runs beside each other', () => {
  const better = { ...run, series: { ...run.series, columns: { 'userErrorShare.shop': [0, 0, 0.25] } } };
  const runs = [
    { name: 'as it was', run },
    { name: 'mitigated', run: better },
  ];

  it('have a line each in one panel', () => {
    const rows = rowsIn(besideChart(runs, 'user-errors'));
    expect(rows.map(({ run: name, value }) => [name, value])).toEqual([
      ['as it was', 0],
      ['as it was', 0],
      ['as it was', 0.5],
      ['mitigated', 0],
      ['mitigated', 0],
      ['mitigated', 0.25],
    ]);
  });

  it('share the panels in which something happened to one of them', () => {
    const { vconcat } = besideChart(runs) as unknown as { vconcat: { title: { text: string } }[] };
    expect(vconcat.map(({ title }) => title.text)).toEqual(['User requests that fail', 'API server CPU']);
  });

  it('of a quiet day show the users', () => {
    const quiet = { ...run, series: { ...run.series, columns: { 'userErrorShare.shop': [0, 0, 0] } } };
    expect(rowsIn(besideChart([{ name: 'quiet', run: quiet }]))).toHaveLength(3);
  });

  it('refuse no run and no such panel', () => {
    expect(() => besideChart([])).toThrow('besideChart: expected at least one run, got none');
    expect(() => besideChart(runs, 'cpu')).toThrow(/besideChart: expected one of overview, user-errors, .*got "cpu"/);
  });
});

it('a curve joins what is known, and leaves out points at which the measure did not happen', () => {
  const points = [
    { x: 1, value: 2, low: 1, high: 3 },
    { x: 2, value: null, low: null, high: null },
  ];
  expect(rowsIn(curveChart(points, { title: 'a', x: 'nodes', y: 'minutes' }))).toEqual([points[0]]);
});

it('a tipping point shades its interval, and marks runs that only have a yes or a no', () => {
  const runs = [
    { value: 10, written: '10', seed: '1', isYes: false, measure: 0.5 },
    { value: 20, written: '20', seed: '2', isYes: true, measure: null },
  ];
  const tip = { value: 15, low: 12, high: 18 };
  const result = { title: 'a', path: 'nodes', when: 'peak > 1 %', measure: 'peak', tip, runs } as unknown as TipResult;
  expect(rowsIn(tipChart(result))).toEqual([
    { x: 12, until: 18 },
    { x: 10, measure: 0.5, answer: 'no' },
    { x: 20, measure: 1, answer: 'yes' },
  ]);
});

it('shares count parts of a bar, in the order in which they come', () => {
  const rows = [
    { label: 'scenario', part: 'measured' },
    { label: 'load', part: 'assumed' },
    { label: 'load', part: 'assumed' },
  ];
  const counted = rowsIn(sharesChart(rows, { title: 'a', axis: 'numbers' }));
  expect(counted.map(({ label, part, count }) => [label, part, count])).toEqual([
    ['scenario', 'measured', 1],
    ['scenario', 'assumed', 0],
    ['load', 'measured', 0],
    ['load', 'assumed', 2],
  ]);
});

it('a forest plot of plain values says nothing about differences', () => {
  const rows = [{ label: 'LIST pods', estimate: 2, low: 1, high: 3 }];
  const plain = JSON.stringify(forestChart(rows, { title: 'costs', axis: 'ms', isDifference: false })['layer']);
  expect(plain).not.toContain('"nominal","title":null,"scale"');
});
