import { expect, it } from 'vitest';
import { smallRun } from '../../test/small-run.ts';
import { reportView } from './report-view.ts';

const view = reportView(smallRun);

it('a chart for each measure that moves, with a line for each cluster or product', () => {
  expect(view.charts.map(({ id, lines }) => [id, lines.map(({ name }) => name)])).toEqual([
    ['user-errors', ['shop']],
    ['dns', ['west']],
    ['saturation', ['east', 'west']],
    ['memory', ['east', 'west']],
  ]);
});

it('every line has a value for each window, and says where its highest one is', () => {
  const west = view.charts.find(({ id }) => id === 'saturation')?.lines[1];
  expect(west).toMatchObject({ lowest: 0.2, highest: 1, highestAt: '15:11' });
  for (const { lines } of view.charts) {
    for (const { values } of lines) expect(values).toHaveLength(view.t.length);
  }
});

it('values keep four digits, so that a page stays small', () => {
  expect(view.charts.find(({ id }) => id === 'memory')?.lines[0]?.values[0]).toBe(0.1235);
});

it('the strip has lanes for what happened, and leaves out what was published of the time after the run', () => {
  expect(view.strip.lanes).toEqual([
    'published',
    'rollout',
    'control plane',
    'alerts',
    'people',
    'locked out',
    'recovery',
  ]);
  expect(view.strip.marks.map(({ text }) => text)).not.toContain('all clusters recovered');
});

it('the phases cover the run without gaps', () => {
  expect(view.phases.map(({ id, start, end }) => [id, start, end])).toEqual([
    ['before', -600, 1200],
    ['hidden', 1200, 1500],
    ['outage', 1500, 3600],
    ['after', 3600, 7200],
  ]);
});

it('tiles tell the outcome, a moment with the time since the trigger in small print', () => {
  expect(view.tiles.find(({ title }) => title === 'last cluster recovered')).toEqual({
    title: 'last cluster recovered',
    value: '15:51',
    detail: '+1 h',
  });
});

it('a baseline stands beside tiles, numbers and lines, by window, and is missing where it has none', () => {
  const columns = Object.fromEntries(
    Object.entries(smallRun.series.columns).map(([name, values]) => [name, values.slice(0, 20)]),
  );
  const baseline = {
    ...smallRun,
    mitigations: [],
    kpis: { ...smallRun.kpis, clustersLost: 2 },
    series: { ...smallRun.series, t: smallRun.series.t.slice(0, 20), columns },
  };
  const compared = reportView(smallRun, baseline);
  expect(compared.baseline).toBe('without mitigations, seed 7, digest fedcba9876543210');
  expect(compared.tiles.find(({ title }) => title === 'clusters lost')).toMatchObject({ value: '1', baseline: '2' });
  const [line] = compared.charts[0]?.lines ?? [];
  expect(line?.baseline?.slice(18, 22)).toEqual([0, 0, null, null]);
});

it('a run without series, causes or users makes a view as well', () => {
  const empty = {
    ...smallRun,
    series: { windowSeconds: 60, t: [], columns: {}, units: {} },
    timeline: [],
    causes: [],
    kpis: { byCluster: {}, byProduct: {} },
    firstFailures: [],
  };
  expect(reportView(empty)).toMatchObject({ charts: [], tiles: [], strip: { lanes: [], marks: [] } });
});

it('latencies have a logarithmic scale, and seats a chart for each cluster in which requests wait, beside their limits', () => {
  const flat = (value: number): number[] => view.t.map(() => value);
  const columns = {
    'apiLatencyP99.west': view.t.map((_, index) => (index === 0 ? 0 : 0.25)),
    'seatsInUse.east/system': flat(1),
    'seatLimit.east/system': flat(30),
    'seatsInUse.west/exempt': flat(1),
    'seatsInUse.west/system': flat(30),
    'seatLimit.west/system': flat(30),
    'requestsWaiting.west/system': flat(12),
  };
  const { charts } = reportView({ ...smallRun, series: { ...smallRun.series, columns } });
  expect(charts.map(({ id, unit, of }) => [id, unit, of])).toEqual([
    ['latency', 'seconds', 'cluster'],
    ['seats-west', 'count', 'priority level'],
    ['waiting-west', 'count', 'priority level'],
  ]);
  const [, seats, waiting] = charts;
  expect(seats!.lines.map(({ name, limit }) => [name, limit?.[0]])).toEqual([
    ['exempt', undefined],
    ['system', 30],
  ]);
  expect(waiting!.lines.map(({ name, highest }) => [name, highest])).toEqual([
    ['exempt', 0],
    ['system', 12],
  ]);
});
