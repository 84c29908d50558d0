/**
 * The published throughput of etcd 3.2 (three members of 8 vCPUs, 16 GB and an SSD, values of 256 bytes; etcd docs,
 * op-guide/performance) as a check of shape. Five parameters are read off the rows of one client and off the saturated
 * serialisable reads; the other rows follow from them or do not.
 */
import { type Duration, ms } from '@brownout/core';
import { expect, it } from 'vitest';
import type { OperationName } from '../requests/operation.ts';
import { createEtcdBench } from './testing/etcd-bench.ts';

/** 24 cores / 185,758 reads per second. */
const readCpuMs = 0.129;
/** 1 / 2,909 s less the CPU of the read. */
const clientRoundTrip = ms(0.215);
/** 1 / 1,353 s less 1 / 2,909 s: the linearisable read of one client at the leader. */
const peerRoundTrip = ms(0.395);
/** The apply thread, a fifth of it, is what limits 1,000 clients to 50,104 a second: the one number fitted there. */
const writeCpuMs = 0.1;
/** 1 / 583 s less everything else. */
const fsync = ms(1.005);

interface Row {
  readonly operation: OperationName;
  readonly clients: number;
  readonly isSerializable?: boolean;
  /** Only the leader is asked. */
  readonly leaderOnly?: boolean;
}

/** Closed-loop clients for a while; requests per second and mean latency in milliseconds as clients see it. */
function measure({ operation, clients, isSerializable = false, leaderOnly = false }: Row) {
  const owner = new Map<number, number>();
  const serverOf = (client: number): number => (leaderOnly ? 0 : client % 3);
  const ask = (client: number): void => {
    owner.set(bench.ask(operation, serverOf(client), isSerializable), client);
  };
  let sum = 0;
  const bench = createEtcdBench({
    cores: 8,
    fsync: () => fsync,
    costs: { get: { etcdMs: readCpuMs }, 'object-update': { etcdMs: writeCpuMs } },
    raft: { sameZoneRoundTrip: peerRoundTrip },
    onAnswer: ({ label, took }) => {
      const client = owner.get(label)!;
      owner.delete(label);
      sum += took + clientRoundTrip / 1000;
      bench.simulation.after(clientRoundTrip, () => ask(client));
    },
  });
  for (let client = 0; client < clients; client++) ask(client);
  const window = clients === 1 ? 1_000_000 : 300_000;
  bench.simulation.runUntil(window as Duration as never);
  return { perSecond: (bench.answers.length / window) * 1_000_000, latency: sum / bench.answers.length };
}

/** Within a share of the published value. */
function expectNear(value: number, published: number, share: number): void {
  expect(Math.abs(value / published - 1)).toBeLessThan(share);
}

it('one client: write at the leader, linearisable and serialisable read within 3 %', () => {
  const write = measure({ operation: 'object-update', clients: 1, leaderOnly: true });
  expectNear(write.perSecond, 583, 0.03);
  expectNear(write.latency, 1.7, 0.03);
  const linearisable = measure({ operation: 'get', clients: 1, leaderOnly: true });
  expectNear(linearisable.perSecond, 1353, 0.03);
  const serialisable = measure({ operation: 'get', clients: 1, isSerializable: true });
  expectNear(serialisable.perSecond, 2909, 0.03);
});

it('1,000 clients: writes within 15 %, because batches grow until CPU is the limit and not the disk', () => {
  const write = measure({ operation: 'object-update', clients: 1000 });
  expectNear(write.perSecond, 50_104, 0.15);
  expectNear(write.latency, 20, 0.15);
});

it('1,000 clients: serialisable reads within 10 %, linearisable ones within a third, too fast: rounds take no CPU here', () => {
  const serialisable = measure({ operation: 'get', clients: 1000, isSerializable: true });
  expectNear(serialisable.perSecond, 185_758, 0.1);
  const linearisable = measure({ operation: 'get', clients: 1000 });
  expectNear(linearisable.perSecond, 141_578, 0.35);
  expect(linearisable.perSecond).toBeLessThanOrEqual(serialisable.perSecond);
});
