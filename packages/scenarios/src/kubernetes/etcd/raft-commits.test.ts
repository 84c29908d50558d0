import { type Duration, ms, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { answerOf, createEtcdBench } from './testing/etcd-bench.ts';

/** CPU of a write that no test wants to see. */
const free = { 'object-update': { etcdMs: 0 } } as const;

describe('latency of one commit, by hand', () => {
  it('of a single member is CPU and fsync', () => {
    const bench = createEtcdBench({ members: 1, costs: { 'object-update': { etcdMs: 1 } } });
    bench.ask('object-update');
    bench.advance(seconds(1));
    expect(bench.answers).toMatchObject([{ outcome: 'ok', took: 3 }]);
  });

  it('of three members in one zone is a round trip and the fsync of one follower: entries go out before the own fsync', () => {
    const bench = createEtcdBench({ costs: free });
    bench.ask('object-update', 0);
    bench.advance(seconds(1));
    // Leader: 2 ms. Follower: 0.5 + 2 + 0.5 = 3 ms, in parallel.
    expect(bench.answers).toMatchObject([{ outcome: 'ok', took: 3 }]);
  });

  it('over three zones takes the nearer follower; an API server beside a follower pays its way there and back', () => {
    const bench = createEtcdBench({ costs: free, raft: { zones: [0, 1, 2] } });
    bench.ask('object-update', 0);
    bench.advance(seconds(1));
    bench.ask('object-update', 1);
    bench.advance(seconds(1));
    // 2 + 2 + 2 = 6 ms; from member 1: 2 ms to the leader, 6 ms commit, 2 ms back.
    expect(bench.answers.map(({ took }) => took)).toEqual([6, 10]);
  });

  it('of five members needs the second follower: one in the zone is not enough', () => {
    const bench = createEtcdBench({ members: 5, costs: free, raft: { zones: [0, 0, 1, 1, 2] } });
    bench.ask('object-update', 0);
    bench.advance(seconds(1));
    expect(bench.answers).toMatchObject([{ took: 6 }]);
    const close = createEtcdBench({ members: 5, costs: free, raft: { zones: [0, 0, 0, 1, 2] } });
    close.ask('object-update', 0);
    close.advance(seconds(1));
    expect(close.answers).toMatchObject([{ took: 3 }]);
  });

  it('does not see one slow follower, and sees a slow leader whole', () => {
    const slowFollower = createEtcdBench({ costs: free });
    slowFollower.etcd.slowDisk(2, 50);
    slowFollower.ask('object-update', 0);
    slowFollower.advance(seconds(1));
    expect(slowFollower.answers).toMatchObject([{ took: 3 }]);
    const slowLeader = createEtcdBench({ costs: free });
    slowLeader.etcd.slowDisk(0, 50);
    slowLeader.ask('object-update', 0);
    slowLeader.advance(seconds(1));
    expect(slowLeader.answers).toMatchObject([{ took: 100 }]);
  });

  it('waits for a stalled disk when its majority needs that one', () => {
    const bench = createEtcdBench({ costs: free });
    bench.etcd.crash(2);
    bench.ask('object-update', 0);
    bench.advance(ms(1));
    bench.etcd.stallDisk(1, ms(500));
    bench.advance(seconds(1));
    expect(bench.answers).toMatchObject([{ outcome: 'ok', took: 1 + 500 + 0.5 }]);
  });

  it('divides the CPU of a write into handlers, loop and apply; followers apply as well', () => {
    const bench = createEtcdBench({ members: 3, cores: 4, costs: { 'object-update': { etcdMs: 10 } } });
    for (let i = 0; i < 4; i++) bench.ask('object-update', 0);
    bench.advance(seconds(1));
    // Four handlers on four cores: 7 ms. The loop takes the four together, 4 ms; a majority has them 3 ms later, and the
    // apply thread takes 8 ms.
    expect(bench.answers.map(({ at }) => at)).toEqual([22, 22, 22, 22]);
    expect(bench.etcd.writeCpu(0)).toBe(ms(40));
    expect(bench.etcd.writeCpu(1)).toBe(ms(8));
  });
});

describe('group commit', () => {
  it('one batch gathers while the fsync of another runs, and a slow follower writes several of them at once', () => {
    const bench = createEtcdBench({ costs: free });
    bench.ask('object-update', 0);
    for (let i = 0; i < 100; i++) {
      bench.advance(ms(0.1));
      bench.ask('object-update', 0);
    }
    bench.advance(seconds(1));
    expect(bench.answers.every(({ outcome }) => outcome === 'ok')).toBe(true);
    // Never more than: wait for the running fsync (2 ms), the own turn, and the follower's fsync behind one before it.
    expect(Math.max(...bench.answers.map(({ took }) => took))).toBeLessThanOrEqual(2 + 2 + 2 + 2 + 1);
    expect(bench.etcd.revision).toBe(102);
  });

  it('the next batch goes out when the own fsync ends, not when the one before is acknowledged', () => {
    const bench = createEtcdBench({ costs: free, raft: { zones: [0, 0, 1] } });
    bench.ask('object-update', 1);
    bench.ask('object-update', 2);
    bench.advance(seconds(1));
    // The first is at the leader at 0.5 and committed at 3.5. The second is there at 2, goes out at 2.5, and is down on
    // member 1 at 3 + 2, which only then hears of the first commit; back to the leader, and then to its own member.
    expect(bench.answers.map(({ took }) => took)).toEqual([5, 5 + 0.5 + 2]);
  });

  it('answers in the order of revisions', () => {
    const bench = createEtcdBench({ costs: free });
    const committed: [number, number][] = [];
    bench.etcd.onCommitted((request, revision) => committed.push([request, revision]));
    for (let i = 0; i < 20; i++) {
      bench.ask('object-update', i % 3);
      bench.advance(ms(0.7));
    }
    bench.advance(seconds(1));
    expect(committed.map(([, revision]) => revision)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    expect(committed.every(([request]) => request >= 0)).toBe(true);
  });
});

describe('a follower that comes back', () => {
  /** Member 2 misses so many writes, and is then the only one left to make a majority with the leader. */
  function timeToCommit(missed: number): number {
    const bench = createEtcdBench({ costs: free, storage: { liveBytes: 1e8, overheadBytes: 0 }, storedBytes: 0 });
    bench.etcd.isolate([2], { reachClients: true });
    for (let i = 0; i < missed; i++) {
      bench.ask('object-update', 0);
      bench.advance(ms(1));
    }
    bench.advance(seconds(1));
    bench.etcd.crash(1);
    bench.etcd.heal();
    const label = bench.ask('object-update', 0);
    bench.advance(seconds(6));
    return answerOf(bench, label)!.took;
  }

  it('gets the entries it missed, and before them the database when the leader does not keep as many', () => {
    // A heartbeat until it is noticed, 10,000 entries a second, fsync and the way back.
    expect(timeToCommit(1000)).toBeCloseTo(100 + 100 + 2 + 0.5, 0);
    expect(timeToCommit(5000)).toBeCloseTo(100 + 500 + 2 + 0.5, 0);
    // 100 MB at 100 MB/s, and the 5,000 entries after it.
    expect(timeToCommit(6000)).toBeCloseTo(100 + 1000 + 500 + 2 + 0.5, 0);
  });
});

describe('refusals and time limits', () => {
  it('a write without a majority is given up after 7 s', () => {
    const bench = createEtcdBench({ costs: free });
    bench.etcd.crash(1);
    bench.etcd.crash(2);
    expect(bench.etcd.hasQuorum).toBe(false);
    bench.ask('object-update');
    bench.advance(seconds(8));
    expect(bench.answers).toMatchObject([{ outcome: 'unavailable', took: 7000 }]);
    expect(bench.etcd.raft!.commits.failed).toBe(1);
    expect(bench.etcd.raft!.commits.pending.count).toBe(0);
  });

  it('every write has its own 7 s, whatever came before it and is done or not', () => {
    const bench = createEtcdBench({ costs: free });
    bench.ask('object-update');
    bench.advance(seconds(2));
    bench.etcd.crash(1);
    bench.etcd.crash(2);
    for (let i = 0; i < 3; i++) {
      bench.ask('object-update');
      bench.advance(seconds(1.5));
    }
    bench.advance(seconds(8));
    expect(bench.answers.map(({ took }) => took)).toEqual([3, 7000, 7000, 7000]);
    expect(bench.answers.map(({ at }) => at)).toEqual([3, 9000, 10_500, 12_000]);
    bench.advance(seconds(60));
    bench.etcd.isolate([0, 1, 2], { reachClients: true });
    bench.etcd.crash(1);
    bench.etcd.crash(2);
    bench.ask('object-update');
    bench.advance(seconds(8));
    expect(bench.answers.at(-1)).toMatchObject({ outcome: 'unavailable', took: 7000 });
  });

  it('a member whose apply thread is more than 5,000 writes behind refuses proposals', () => {
    const bench = createEtcdBench({ costs: free, storage: { liveBytes: 1e9, defragBytesPerSecond: 1e8 } });
    bench.etcd.defragment(0);
    let at = 0;
    for (; at < 7000; at++) {
      bench.ask('object-update', 0);
      bench.advance(ms(1));
    }
    const refused = bench.answers.filter(({ outcome }) => outcome === 'tooManyRequests');
    expect(refused.length).toBeGreaterThan(1900);
    expect(refused.length).toBeLessThan(2000);
    // The file is 1 GB and copied at 100 MB/s; a write that came in the first 3 s gave up before the end, after 7 s.
    bench.advance(seconds(10));
    expect(bench.answers).toHaveLength(7000);
    expect(answerOf(bench, 10)).toMatchObject({ outcome: 'unavailable', took: 7000 });
    expect(answerOf(bench, 4000)).toMatchObject({ outcome: 'ok' });
    expect(bench.etcd.raft!.commits.appliers.unapplied(0)).toBe(0);
  });

  it('what gave up may have been written all the same, and listeners hear of it without a request', () => {
    const bench = createEtcdBench({ costs: free });
    const committed: number[] = [];
    bench.etcd.onCommitted((request) => committed.push(request));
    bench.etcd.crash(1);
    bench.advance(seconds(10));
    bench.etcd.crash(2);
    bench.ask('object-update');
    bench.advance(seconds(19.9));
    expect(bench.answers).toMatchObject([{ outcome: 'unavailable' }]);
    expect(committed).toEqual([]);
    // Member 1 comes back. The leader has stepped down meanwhile, but only its log has the entry, so only it can win.
    bench.advance(seconds(5));
    expect(bench.events.at(-1)).toBe('0 leads term 2');
    expect(committed).toEqual([-1]);
  });
});

it('says which options are missing', () => {
  expect(() => createEtcdBench({ members: 3, raft: { zones: [0] } })).toThrow(
    'etcd: zones must name one zone per member (3), got 1',
  );
  expect(() => createEtcdBench({ raft: { loopShare: 0.7, applyShare: 0.7 } })).toThrow(
    'etcd "etcd": loopShare and applyShare must be >= 0 and at most 1 together, got 1.4',
  );
  expect(() => createEtcdBench({ members: 16 })).toThrow('etcd "etcd": members must be in 1..15, got 16');
  const bench = createEtcdBench();
  expect(() => bench.etcd.defragment(0)).toThrow('etcd "etcd": a database needs the option storage');
  expect(() => bench.etcd.slowDisk(0, 0)).toThrow('etcd disk 0: factor must be finite and > 0, got 0');
  expect(() => createEtcdBench({ raft: { heartbeat: 0 as Duration } })).toThrow(
    'etcd "etcd": expected an election timeout of 2 heartbeats to 1 minute, got 10 x 0 us',
  );
});
