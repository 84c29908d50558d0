/** What frames show is what the run's own books say. */
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { OTHERS } from './cluster-layout.ts';
import { FrameRecorder } from './frame-recorder.ts';
import { type Frame, NodeBits, NodeLease, NodeNames, ServerState } from './frame.ts';
import { LiveRun } from './live-run.ts';

const document = smallScenario({ end: '40 min' });
const live = new LiveRun(document, { crew: 'none', frames: {} });
live.advanceTo(Infinity);
const { frames } = live;
const result = live.result();
const all: readonly Frame[] = frames.between(-Infinity, Infinity);

/** Frames at the ends of the windows of the series, with the number of the window. */
const atWindowEnds = result.series.t.map((start, window) => [frames.frameAt(start + 60)!, window] as const);

function column(name: string, window: number): number {
  return result.series.columns[name]![window]!;
}

describe('frames', () => {
  it('come every ten seconds from the beginning to the end', () => {
    expect(frames.times[0]).toBe(-120);
    expect(frames.times.at(-1)).toBe(2400);
    expect(frames.count).toBe(2520 / 10 + 1);
    expect(new Set(all.slice(1).map(({ span }) => span))).toEqual(new Set([10]));
  });

  it('agree with the series of the result where both are taken', () => {
    for (const [frame, window] of atWindowEnds) {
      frame.clusters.forEach((cluster, index) => {
        const { id } = frames.layout.clusters[index]!;
        expect(cluster.nodesNotReady, `${id} ${window}`).toBe(column(`nodesNotReady.${id}`, window));
        expect(cluster.agentsRunning).toBe(column(`agentsRunning.${id}`, window));
        const ready = cluster.servers.state.filter((state) => state === ServerState.up).length;
        expect(ready).toBe(column(`apiServersReady.${id}`, window));
        const { records, fresh, stale, failing } = cluster.dns;
        expect(fresh + stale + failing).toBe(records);
        expect(failing / records).toBeCloseTo(column(`dnsFailureShare.${id}`, window), 5);
      });
    }
  });

  it('add up to the series: users, rejections and kills of each minute', () => {
    for (const [, window] of atWindowEnds) {
      const start = result.series.t[window]!;
      const minute = frames.between(start, start + 60);
      expect(minute).toHaveLength(6);
      frames.layout.clusters.forEach(({ id }, index) => {
        const sum = (valuesOf: (frame: Frame) => Float32Array): number =>
          minute.reduce((total, frame) => total + valuesOf(frame).reduce((one, other) => one + other, 0), 0);
        expect(sum(({ clusters }) => clusters[index]!.servers.rejected)).toBe(column(`apiRejections.${id}`, window));
        expect(sum(({ clusters }) => clusters[index]!.servers.kills)).toBe(column(`apiMemoryKills.${id}`, window));
        const asked = sum(({ clusters }) => clusters[index]!.requests);
        const failed = minute.reduce((total, { clusters }) => {
          const { requests, failureShare } = clusters[index]!;
          return total + requests.reduce((one, count, product) => one + count * failureShare[product]!, 0);
        }, 0);
        expect(failed / asked).toBeCloseTo(column(`clusterUserErrorShare.${id}`, window), 4);
      });
    }
  });

  it('account for every attempt of every client', () => {
    frames.layout.clusters.forEach((cluster, index) => {
      cluster.groups.forEach((name, place) => {
        if (name === OTHERS) return;
        const rows = result.conservation.filter(({ book }) => book === `${cluster.id}/${name}`);
        const sum = (key: 'attempts' | 'ok' | 'rejected' | 'timedOut' | 'failed'): number =>
          all.reduce((total, frame) => total + frame.clusters[index]!.clients[key][place]!, 0);
        const of = (key: 'arrived' | 'served' | 'rejected' | 'timedOut' | 'lost' | 'inside'): number =>
          rows.reduce((total, row) => total + row[key], 0);
        expect(sum('attempts'), name).toBe(of('arrived'));
        expect(sum('ok'), name).toBe(of('served'));
        expect([sum('rejected'), sum('timedOut'), sum('failed')]).toEqual([of('rejected'), of('timedOut'), of('lost')]);
        expect(all.at(-1)!.clusters[index]!.clients.inside[place]).toBe(of('inside'));
      });
    });
  });

  it('show each node: its lease, its agent, the names it can resolve', () => {
    const [small, large] = frames.frameAt(2000)!.clusters;
    const leases = (nodes: Uint8Array): number[] => [...nodes].map((byte) => byte & NodeBits.lease);
    expect(leases(small!.nodes).every((lease) => lease === NodeLease.fresh)).toBe(true);
    expect(leases(large!.nodes).filter((lease) => lease === NodeLease.expired)).toHaveLength(large!.nodesNotReady);
    const agents = [...large!.nodes].filter((byte) => (byte & NodeBits.agent) !== 0);
    expect(agents).toHaveLength(large!.agentsRunning);
    const names = [...large!.nodes].map((byte) => (byte & NodeBits.names) >> NodeBits.namesShift);
    expect(names.some((state) => state >= NodeNames.failing)).toBe(large!.dns.failing > 0);
    expect([...small!.nodes].every((byte) => (byte & NodeBits.names) === 0)).toBe(true);
  });

  it('take as many bytes as they say, or fewer where nodes did not change', () => {
    const { layout, bytes, count } = frames;
    expect(layout.bytesPerFrame).toBe(4 * layout.numbers + 325);
    expect(bytes).toBeLessThanOrEqual(count * (layout.bytesPerFrame + 8));
    expect(bytes).toBeGreaterThan(count * 4 * layout.numbers);
  });

  it('are found by time, the last before it', () => {
    expect(frames.frameAt(-1000)!.t).toBe(-120);
    expect(frames.frameAt(9.99)!.t).toBe(0);
    expect(frames.frameAt(10)!.t).toBe(10);
    expect(frames.frameAt(1e9)!.t).toBe(2400);
    expect(() => frames.at(-1)).toThrow('frames: expected a number below 253, got -1');
  });
});

describe('the interval of frames', () => {
  it('is a multiple of what the run reads for itself, and longer where there would be too many', () => {
    expect(() => new FrameRecorder(100, { everySeconds: 7 })).toThrow(
      'frames: everySeconds must be a multiple of 5, got 7',
    );
    expect(new FrameRecorder(3600).everySeconds).toBe(10);
    expect(new FrameRecorder(72 * 3600).everySeconds).toBe(65);
    expect(new FrameRecorder(3600, { most: 100 }).everySeconds).toBe(40);
  });
});
