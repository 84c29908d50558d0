/**
 * What nobody wrote into the model and what has to come out of it. Each expectation is argued from timers, costs and the
 * rules of etcd before the run.
 */
import { type Duration, ms, seconds, Simulation, type Stream, us } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { ControlPlane } from '../control-plane.ts';
import type { OperationName } from '../requests/operation.ts';
import { advance, Callers, controlPlaneOptions, createBench, type FlatCost, flatCosts } from '../testing/bench.ts';
import type { EtcdOptions } from './options.ts';

/** Three API servers with cores to spare, three members; `etcd` as given, every client pinned to the API server it names. */
function setUp(etcd: Partial<EtcdOptions>, costs: Partial<Record<OperationName, FlatCost>>, baseline = 0) {
  const simulation = new Simulation({ seed: 7 });
  const bench = createBench(simulation, {
    apiServers: 3,
    cores: 64,
    costs: flatCosts(costs, { etcd: baseline }),
    controlPlane: { etcd: { ...controlPlaneOptions().etcd, members: 3, coresPerMember: 4, raft: {}, ...etcd } },
  });
  const callers = [0, 1, 2].map((server) => {
    const caller = new Callers(simulation, bench.controlPlane, { name: `callers ${server}`, clients: 400 });
    caller.group.pinnedServer = server;
    return caller;
  });
  return { simulation, controlPlane: bench.controlPlane, events: bench.events, callers };
}

const elections = (controlPlane: ControlPlane): number => controlPlane.etcd.raft!.elections.won;
const errors = (callers: readonly Callers[]): number =>
  callers.reduce((sum, caller) => sum + caller.count('server-error'), 0);

/** Writes evenly through all API servers: one every 10 ms for so many seconds. */
function write(bench: ReturnType<typeof setUp>, duration: number): void {
  for (let i = 0; i < duration * 100; i++) {
    bench.callers[i % 3]!.send(i % 400, 'object-update');
    advance(bench.simulation, ms(10));
  }
}

describe('slow fsync', () => {
  const between = (low: number, high: number) => ({
    fsync: { sample: (stream: Stream): Duration => us(Math.round(1000 * (low + (high - low) * stream.uniform()))) },
  });

  it('of half a second makes every write wait about a second and changes no leader: no timer is shorter than 0.9 s', () => {
    const bench = setUp(between(450, 550), {});
    write(bench, 30);
    advance(bench.simulation, seconds(10));
    expect(elections(bench.controlPlane)).toBe(0);
    expect(errors(bench.callers)).toBe(0);
    expect(bench.controlPlane.etcd.raft!.elections.lateHeartbeats).toBe(0);
  });

  it('of 1 to 3 s on shared disks silences every leader, elections follow, and writes end in API errors', () => {
    const bench = setUp(between(1000, 3000), {});
    write(bench, 60);
    advance(bench.simulation, seconds(20));
    // A fsync of 2 s outlasts the shorter of two timers of 0.9 to 1.9 s nearly always; votes need the same disks.
    expect(elections(bench.controlPlane)).toBeGreaterThanOrEqual(3);
    // What a leader gathered and had not sent when it lost its place is never answered: 7 s, then an error.
    expect(errors(bench.callers)).toBeGreaterThan(100);
    bench.controlPlane.checkBooks();
  });

  it('on the disk of the leader alone moves the leader away, and that is all that happens', () => {
    const bench = setUp({}, {});
    bench.controlPlane.etcd.slowDisk(0, 4000);
    write(bench, 60);
    advance(bench.simulation, seconds(10));
    expect(elections(bench.controlPlane)).toBe(1);
    expect(bench.controlPlane.etcd.leader).not.toBe(0);
    // Only what was in the hands of the first leader is lost: a timer's length of writes, 100 a second.
    expect(errors(bench.callers)).toBeGreaterThan(0);
    expect(errors(bench.callers)).toBeLessThan(250);
    bench.controlPlane.checkBooks();
  });

  it('on the disk of a follower is seen by nobody', () => {
    const bench = setUp({}, {});
    bench.controlPlane.etcd.slowDisk(1, 4000);
    write(bench, 20);
    advance(bench.simulation, seconds(1));
    expect(elections(bench.controlPlane)).toBe(0);
    const replies = bench.callers.flatMap((caller) => caller.replies);
    expect(replies).toHaveLength(2000);
    expect(replies.every(({ status }) => status === 'ok')).toBe(true);
  });
});

describe('large ranges that take all cores of the leader', () => {
  const costs = { 'list-pods-etcd-json': { cpuMs: 0.01, etcdMs: 2000 } } as const;
  const list = (bench: ReturnType<typeof setUp>, count: number): void => {
    for (let i = 0; i < count; i++) bench.callers[0]!.send(i, 'list-pods-etcd-json');
  };

  it('make the leader step down when a turn of all threads takes longer than two election timeouts', () => {
    const bench = setUp({ coresPerMember: 1 }, costs);
    // 120 threads on one core: 120 x 20 ms = 2.4 s before the answers of followers are read, so one of the looks that the
    // leader takes at its majority, one a second, finds nothing: 1 to 2 s. Timers of 0.9 to 1.9 s follow.
    list(bench, 120);
    advance(bench.simulation, seconds(4.1));
    expect(elections(bench.controlPlane)).toBe(1);
    expect(bench.controlPlane.etcd.leader).not.toBe(0);
    // The successor has idle cores: writes through its API server go on as if nothing were.
    bench.callers[1]!.send(1, 'object-update');
    bench.callers[2]!.send(2, 'object-update');
    advance(bench.simulation, seconds(1));
    expect(bench.callers[1]!.ok + bench.callers[2]!.ok).toBe(2);
  });

  it('cost no election when they are fewer: 40 threads delay what the leader reads by 0.8 s, a proposal and its acknowledgement', () => {
    const bench = setUp({ coresPerMember: 1 }, costs);
    list(bench, 40);
    advance(bench.simulation, seconds(1));
    const sentAt = bench.simulation.now;
    bench.callers[1]!.send(1, 'object-update');
    advance(bench.simulation, seconds(30));
    expect(elections(bench.controlPlane)).toBe(0);
    const took = (bench.callers[1]!.replies[0]!.at - sentAt) / 1000;
    expect(took).toBeGreaterThan(1600);
    expect(took).toBeLessThan(1700);
  });

  it('cost none on a follower: only its own clients wait', () => {
    const bench = setUp({ coresPerMember: 1 }, costs);
    for (let i = 0; i < 120; i++) bench.callers[1]!.send(i, 'list-pods-etcd-json');
    write(bench, 5);
    expect(elections(bench.controlPlane)).toBe(0);
    const fast = [bench.callers[0]!, bench.callers[2]!];
    expect(fast.every((caller) => caller.replies.every(({ status }) => status === 'ok'))).toBe(true);
  });
});

describe('large ranges that take all memory', () => {
  // Public report: three members of 16 GB, 200 ConfigMaps of 1 MB, 100 concurrent LISTs. A member holds the values it has
  // read and the encoded answer (2 x 200 MB), and a heap may double before it is collected: 800 MB a LIST.
  const gigabyte = 1e9;
  const costs = { 'list-pods-etcd-json': { cpuMs: 10, etcdMs: 400, etcdBytes: 0.8 * gigabyte } } as const;
  const list = (bench: ReturnType<typeof setUp>, count: number): void => {
    for (let i = 0; i < count; i++) bench.callers[i % 3]!.send(i, 'list-pods-etcd-json');
  };

  it('kill the members one after the other: 33 of 100 LISTs are 27 GB on each, and the next is handed what the last died of', () => {
    const bench = setUp({ memoryLimitBytes: 16 * gigabyte }, costs, gigabyte);
    list(bench, 100);
    advance(bench.simulation, seconds(5));
    expect(bench.controlPlane.etcd.memoryKills).toBeGreaterThanOrEqual(2);
    expect(bench.controlPlane.etcd.hasQuorum).toBe(false);
    bench.callers[0]!.send(399, 'object-update');
    advance(bench.simulation, seconds(8));
    expect(errors(bench.callers)).toBeGreaterThanOrEqual(1);
    bench.controlPlane.checkBooks();
  });

  it('kill nobody at half the number: 17 LISTs and the baseline are 14.6 GB', () => {
    const bench = setUp({ memoryLimitBytes: 16 * gigabyte }, costs, gigabyte);
    list(bench, 50);
    advance(bench.simulation, seconds(30));
    expect(bench.controlPlane.etcd.memoryKills).toBe(0);
    expect(bench.callers.reduce((sum, caller) => sum + caller.count('ok'), 0)).toBe(50);
    expect(bench.controlPlane.etcd.peakMemoryBytes(0)).toBeCloseTo(gigabyte * (1 + 17 * 0.8), 0);
  });
});

describe('the quota reached', () => {
  it('refuses heartbeats and the deletions that would help, and stays so', () => {
    const full = 2 * 1024 * 1024 * 1024;
    const bench = setUp({ storage: { liveBytes: full } }, {});
    const [caller] = bench.callers as [Callers];
    const statusOf = (operation: OperationName): string => {
      caller.send(0, operation);
      advance(bench.simulation, seconds(1));
      return caller.replies.at(-1)!.status;
    };
    expect(statusOf('lease-update')).toBe('server-error');
    expect(statusOf('object-update')).toBe('server-error');
    expect(statusOf('pod-delete')).toBe('server-error');
    expect(statusOf('get')).toBe('ok');
    advance(bench.simulation, seconds(3600));
    expect(bench.controlPlane.etcd.storage!.compactions).toBe(0);
    expect(statusOf('lease-update')).toBe('server-error');
    // Somebody with a shell on the members compacts, defragments and disarms.
    bench.controlPlane.etcd.storage!.compactAll(bench.controlPlane.etcd.revision);
    expect(bench.controlPlane.etcd.storage!.usedBytes).toBe(full);
    expect(statusOf('lease-update')).toBe('server-error');
  });

  it('by history alone is healed by hand: compact, defragment every member, disarm - in that order, and with all three', () => {
    const gibibyte = 1024 * 1024 * 1024;
    const bench = setUp({ storage: { liveBytes: gibibyte, historyBytes: gibibyte } }, {});
    const { etcd } = bench.controlPlane;
    const [caller] = bench.callers as [Callers];
    const renew = (): string => {
      caller.send(0, 'lease-update');
      advance(bench.simulation, seconds(20));
      return caller.replies.at(-1)!.status;
    };
    expect(renew()).toBe('server-error');
    etcd.storage!.compactAll(etcd.revision);
    expect(renew()).toBe('server-error');
    for (const member of [0, 1, 2]) etcd.defragment(member);
    expect(renew()).toBe('server-error');
    etcd.disarm();
    expect(renew()).toBe('ok');
  });
});
