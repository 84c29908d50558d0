import { minutes, ms, noTime, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { storedVersions } from './stored-versions.ts';
import { createEtcdBench, type EtcdBench } from './testing/etcd-bench.ts';

const costs = {
  'object-update': { etcdMs: 0 },
  'pod-create': { etcdMs: 0 },
  'pod-delete': { etcdMs: 0 },
  get: { etcdMs: 0 },
} as const;
const gibibyte = 1024 * 1024 * 1024;
/** Every object takes 1,000 bytes and 256 of overhead. */
const version = 1256;

function outcomeOf(bench: EtcdBench, operation: Parameters<EtcdBench['ask']>[0]): string {
  bench.ask(operation);
  bench.advance(seconds(1));
  return bench.answers.at(-1)!.outcome;
}

describe('the versions in the database', () => {
  /** Minutes after which what was the newest version at each of these minutes is first found to be gone. */
  function lifetimes(bench: EtcdBench, taken: readonly number[], until: number): (number | undefined)[] {
    const versions = storedVersions(bench.etcd)!;
    const at = new Map<number, number>();
    const gone = new Map<number, number>();
    for (let minute = 0; minute < until; minute++) {
      if (taken.includes(minute)) at.set(minute, versions.version());
      // Every minute is over a microsecond late, so what happens on the minute has happened.
      bench.advance(minutes(1) + (minute === 0 ? 1 : 0));
      for (const [start, version] of at) {
        if (!gone.has(start) && versions.isGone(version)) gone.set(start, minute + 1 - start);
      }
    }
    return taken.map((start) => gone.get(start));
  }

  it('live until the second turn of the compactor after them, 5 to 10 minutes, though nobody else writes', () => {
    // Its own put makes a version every five minutes. What is taken at 4, before a turn, is gone at 10; what is taken at 5, just
    // after it, at 15.
    const bench = createEtcdBench({ costs, storage: {} });
    expect(lifetimes(bench, [1, 4, 5, 9, 10], 30)).toEqual([9, 6, 10, 6, 10]);
  });

  it('are gone at once when somebody compacts by hand, all but the newest', () => {
    const bench = createEtcdBench({ costs, storage: {} });
    outcomeOf(bench, 'object-update');
    const versions = storedVersions(bench.etcd)!;
    const before = versions.version();
    outcomeOf(bench, 'object-update');
    expect(versions.isGone(before)).toBe(false);
    bench.etcd.storage!.compactAll(bench.etcd.revision);
    expect([versions.isGone(before), versions.isGone(versions.version())]).toEqual([true, false]);
    // The turns that follow remember older marks, and bring nothing back.
    bench.advance(minutes(6));
    expect(versions.isGone(before)).toBe(true);
  });

  it('live for ever while the compactor cannot write, or does not run, and without a database', () => {
    const full = createEtcdBench({ costs, storage: { liveBytes: gibibyte, historyBytes: gibibyte } });
    outcomeOf(full, 'object-update');
    expect(full.events).toEqual(['0 full']);
    const off = createEtcdBench({ costs, storage: { compactionInterval: noTime } });
    for (const bench of [full, off]) expect(lifetimes(bench, [0], 60)).toEqual([undefined]);
    expect(storedVersions(createEtcdBench({ costs }).etcd)).toBeUndefined();
  });
});

describe('the size of the database', () => {
  it('grows by one version a write, and compaction frees the superseded ones without making the file smaller', () => {
    const bench = createEtcdBench({ costs, storage: { liveBytes: 1e6 } });
    const storage = bench.etcd.storage!;
    for (let i = 0; i < 100; i++) bench.ask('object-update');
    bench.advance(seconds(1));
    expect(storage.usedBytes).toBe(1e6 + 100 * version);
    expect(storage.liveBytes).toBe(1e6);
    // The compactor's first turn only marks the revision; the second, five minutes later, takes what was old at the first.
    bench.advance(minutes(5));
    for (let i = 0; i < 50; i++) bench.ask('object-update');
    bench.advance(minutes(5));
    expect(storage.compactions).toBe(1);
    const put = 256;
    expect(storage.usedBytes).toBe(1e6 + 50 * version + put);
    expect(storage.fileBytes[0]).toBe(1e6 + 150 * version + 2 * put);
    // Free pages are used before the file grows.
    for (let i = 0; i < 50; i++) bench.ask('object-update');
    bench.advance(seconds(1));
    expect(storage.fileBytes[0]).toBe(1e6 + 150 * version + 2 * put);
  });

  it('holds live what was created and not what was deleted', () => {
    const bench = createEtcdBench({ costs, storage: { compactionInterval: noTime } });
    const storage = bench.etcd.storage!;
    for (let i = 0; i < 10; i++) bench.ask('pod-create');
    bench.advance(seconds(1));
    for (let i = 0; i < 4; i++) bench.ask('pod-delete');
    bench.advance(seconds(1));
    expect(storage.liveBytes).toBe(6 * version);
    // A graceful deletion puts the object once more before it goes, and leaves a tombstone.
    expect(storage.usedBytes).toBe(10 * version + 4 * (version + 64));
  });

  it('follows the reference: 5,000 nodes of 20 kB that report each minute write 100 MB a minute', () => {
    const bench = createEtcdBench({ costs, storedBytes: 20_000, storage: { overheadBytes: 0, liveBytes: 1e8 } });
    for (let i = 0; i < 5000; i++) {
      bench.ask('object-update');
      bench.advance(ms(12));
    }
    expect(bench.etcd.storage!.usedBytes - 1e8).toBe(100e6);
  });

  it('defragmentation makes one file smaller and blocks its member meanwhile, and only its member', () => {
    const bench = createEtcdBench({
      costs,
      storage: { liveBytes: 1e8, historyBytes: 1e9, defragBytesPerSecond: 1e8 },
    });
    const storage = bench.etcd.storage!;
    storage.compactAll(bench.etcd.revision);
    expect(storage.fileBytes[1]).toBe(1.1e9);
    bench.etcd.defragment(1);
    expect(storage.fileBytes[1]).toBe(1e8);
    expect(storage.fileBytes[0]).toBe(1.1e9);
    const labels = [0, 1].flatMap((server) => [bench.ask('object-update', server), bench.ask('get', server)]);
    bench.advance(seconds(2));
    const tookOf = (label: number): number => bench.answers.find((answer) => answer.label === label)!.took;
    expect(tookOf(labels[0]!)).toBeLessThan(10);
    expect(tookOf(labels[1]!)).toBeLessThan(10);
    expect(tookOf(labels[2]!)).toBe(1000);
    expect(tookOf(labels[3]!)).toBe(1000);
  });
});

describe('the quota', () => {
  const nearlyFull = { liveBytes: gibibyte, historyBytes: gibibyte - 5 * version } as const;

  it('is 2 GiB by default, and a put whose 256 + 1,000 bytes would reach it is refused before it is proposed', () => {
    const bench = createEtcdBench({ costs, storage: nearlyFull });
    const outcomes = Array.from({ length: 6 }, () => outcomeOf(bench, 'object-update'));
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'noSpace', 'noSpace']);
    expect(bench.events).toEqual(['0 full']);
    expect(bench.etcd.storage!.fileBytes[0]! + version).toBe(2 * gibibyte);
  });

  it('is off below zero', () => {
    const bench = createEtcdBench({ costs, storage: { ...nearlyFull, quotaBytes: -1 } });
    expect(Array.from({ length: 6 }, () => outcomeOf(bench, 'object-update'))).not.toContain('noSpace');
  });

  it('refuses creates, updates and graceful deletions, and lets reads and plain deletes pass', () => {
    const bench = createEtcdBench({ costs, storage: { liveBytes: 2 * gibibyte } });
    for (const operation of ['object-update', 'pod-create', 'pod-delete'] as const) {
      expect(outcomeOf(bench, operation)).toBe('noSpace');
    }
    expect(outcomeOf(bench, 'get')).toBe('ok');
    expect(bench.etcd.revision).toBe(1);
    expect(outcomeOf(bench, 'plain-delete')).toBe('ok');
    expect(bench.etcd.revision).toBe(2);
    // Which frees nothing: the file keeps the old version until somebody compacts and defragments it.
    expect(outcomeOf(bench, 'object-update')).toBe('noSpace');
  });

  it('after the alarm refuses puts at the time they are applied, wherever they come in, until it is disarmed', () => {
    const bench = createEtcdBench({ costs, storage: { liveBytes: gibibyte, historyBytes: gibibyte } });
    expect(outcomeOf(bench, 'object-update')).toBe('noSpace');
    bench.etcd.storage!.compactAll(bench.etcd.revision);
    for (const member of [0, 1, 2]) bench.etcd.defragment(member);
    bench.advance(seconds(30));
    // There is room again, so the member proposes; the alarm is still on, so nobody applies.
    expect(outcomeOf(bench, 'object-update')).toBe('noSpace');
    expect(bench.answers.at(-1)!.took).toBe(3);
    bench.etcd.disarm();
    expect(outcomeOf(bench, 'object-update')).toBe('ok');
  });

  it('disarmed without defragmentation is reached again by the next put: compaction leaves the file as it is', () => {
    const bench = createEtcdBench({ costs, storage: { liveBytes: gibibyte, historyBytes: gibibyte } });
    outcomeOf(bench, 'object-update');
    bench.etcd.storage!.compactAll(bench.etcd.revision);
    bench.etcd.disarm();
    expect(outcomeOf(bench, 'object-update')).toBe('noSpace');
    expect(bench.events).toEqual(['0 full', '0 full']);
  });

  it('does not heal by itself: the API servers cannot compact, because they begin with a put', () => {
    const bench = createEtcdBench({ costs, storage: { liveBytes: gibibyte, historyBytes: gibibyte } });
    outcomeOf(bench, 'object-update');
    bench.advance(minutes(60));
    const { compactions, failedCompactions, usedBytes } = bench.etcd.storage!;
    expect([compactions, failedCompactions]).toEqual([0, 12]);
    expect(usedBytes).toBe(2 * gibibyte);
    expect(outcomeOf(bench, 'object-update')).toBe('noSpace');
  });
});
