/**
 * Batched renewals beside individual ones, over replications: the same seeds, so that everything else draws the same
 * numbers. Every difference must lie within its 99 % interval of zero, with a bound on how wide that interval is.
 */
import { type Duration, type Interval, ms, pairedInterval, seconds, Simulation, type Stream } from '@brownout/core';
import { expect, it } from 'vitest';
import { Cluster } from '../cluster.ts';
import { Status } from '../requests/api-request.ts';
import { advance, clusterOptions, flatCosts } from '../testing/bench.ts';
import { type LeaseAggregateOptions, usualLeaseAggregate } from './lease-aggregate-options.ts';

const NODES = 1_000;
const LENGTH = 120;
const REPLICATIONS = 12;
/** Windows that nothing satisfies: the lease loop runs through the same timer and never batches. */
const never: LeaseAggregateOptions = { ...usualLeaseAggregate, calmLatency: 1 as Duration };

interface LeaseKpis {
  /** Milliseconds from the first request of a renewal to its answer, mean and 99th percentile. */
  readonly latency: number;
  readonly latencyP99: number;
  /** Attempts that failed. */
  readonly failures: number;
  readonly renewals: number;
  /** Cores, API servers and etcd. */
  readonly serverCpu: number;
  readonly etcdCpu: number;
  /** Seconds: mean and highest of what a look each second sees. */
  readonly oldestLease: number;
  readonly oldestLeasePeak: number;
  readonly notReady: number;
  readonly events: number;
}

/** Two minutes of a cluster; in an episode its API servers have agents at their doors for half a minute. */
function run(replication: number, aggregate: LeaseAggregateOptions | undefined, hasEpisode: boolean): LeaseKpis {
  const simulation = new Simulation({ seed: 29, replication });
  const latencies: number[] = [];
  const cluster = createCluster(simulation, aggregate, (latency) => latencies.push(latency));
  const { kubelets, daemon, controlPlane } = cluster;
  const oldest: number[] = [];
  let notReady = 0;
  for (let second = 1; second <= LENGTH; second++) {
    if (hasEpisode && second === 40) for (let node = 0; node < NODES; node++) daemon.start(node);
    if (hasEpisode && second === 70) for (let node = 0; node < NODES; node++) daemon.stop(node);
    advance(simulation, seconds(1));
    notReady += kubelets.countNotReady();
    if (second > 12) oldest.push((simulation.now - Math.min(...kubelets.renewedAt)) / seconds(1));
  }
  controlPlane.checkBooks();
  const { ended } = controlPlane.groups.find(({ name }) => name === 'kubelet-lease')!;
  const { servers, etcd } = controlPlane;
  latencies.sort((a, b) => a - b);
  return {
    latency: mean(latencies) / ms(1),
    latencyP99: (latencies[Math.floor(latencies.length * 0.99)] ?? 0) / ms(1),
    failures: ended.reduce((sum, count, status) => sum + (status === Status.ok ? 0 : count), 0),
    renewals: ended[Status.ok]!,
    serverCpu: servers.reduce((sum, { busyTime }) => sum + busyTime, 0) / seconds(LENGTH),
    etcdCpu: etcd.members.reduce((sum, _, member) => sum + etcd.writeCpu(member), 0) / seconds(LENGTH),
    oldestLease: mean(oldest),
    oldestLeasePeak: Math.max(...oldest),
    notReady,
    events: simulation.eventCount,
  };
}

function createCluster(
  simulation: Simulation,
  aggregate: LeaseAggregateOptions | undefined,
  onRenewed?: (latency: number) => void,
): Cluster {
  const options = clusterOptions('test', {
    nodes: NODES,
    apiServers: 2,
    cores: 4,
    costs: flatCosts({
      'lease-update': { cpuMs: 1.72, etcdMs: 0.52 },
      'list-pods-etcd-json': { cpuMs: 400, etcdMs: 30 },
    }),
    agent: { period: seconds(20), startDelay: { sample: () => ms(500) } },
  });
  const nothing = (): void => {};
  const listener = onRenewed === undefined ? {} : { onRenewed };
  const batches = aggregate === undefined ? {} : { aggregateLeases: { ...aggregate, ...listener } };
  return new Cluster(
    simulation,
    { ...options, kubelet: { ...options.kubelet, ...batches } },
    {
      apiServerDied: nothing,
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
      nameFailed: nothing,
    },
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

const replications = Array.from({ length: REPLICATIONS }, (_, replication) => replication);

/** Differences, batched less individual, that are zero as far as 99 % intervals can tell. */
function compare(hasEpisode: boolean): {
  readonly of: (kpi: keyof LeaseKpis) => Interval;
  readonly single: LeaseKpis[];
} {
  const single = replications.map((replication) => run(replication, never, hasEpisode));
  const batched = replications.map((replication) => run(replication, usualLeaseAggregate, hasEpisode));
  const of = (kpi: keyof LeaseKpis): Interval =>
    pairedInterval(
      single.map((each) => each[kpi]),
      batched.map((each) => each[kpi]),
    );
  return { of, single };
}

function expectNoDifference({ low, high, halfWidth }: Interval, atMost: number, what: string): void {
  expect(low, what).toBeLessThanOrEqual(0);
  expect(high, what).toBeGreaterThanOrEqual(0);
  expect(halfWidth, `half width of ${what}`).toBeLessThanOrEqual(atMost);
}

it('without batches the timer changes nothing at all', () => {
  const { latency: _, latencyP99: __, events: ___, ...plain } = run(0, undefined, true);
  expect(run(0, never, true)).toMatchObject(plain);
});

it('light load: latency, oldest lease and CPU agree within intervals of a few per cent', () => {
  const { of, single } = compare(false);
  const usual = (kpi: keyof LeaseKpis): number => mean(single.map((each) => each[kpi]));
  for (const kpi of ['failures', 'notReady'] as const) expect(of(kpi).mean, kpi).toBe(0);
  expectNoDifference(of('latency'), 0.02 * usual('latency'), 'latency');
  expectNoDifference(of('latencyP99'), 0.05 * usual('latencyP99'), 'latencyP99');
  expectNoDifference(of('renewals'), 0.001 * usual('renewals'), 'renewals');
  expectNoDifference(of('serverCpu'), 0.001 * usual('serverCpu'), 'serverCpu');
  expectNoDifference(of('etcdCpu'), 0.001 * usual('etcdCpu'), 'etcdCpu');
  expectNoDifference(of('oldestLease'), 0.001 * usual('oldestLease'), 'oldestLease');
  expectNoDifference(of('oldestLeasePeak'), 0.001 * usual('oldestLeasePeak'), 'oldestLeasePeak');
  // Four fifths of all events were heartbeats.
  expect(of('events').mean).toBeLessThan(-0.75 * usual('events'));
});

it('an episode of overload: the same, with the wider intervals that overload has', () => {
  const { of, single } = compare(true);
  const usual = (kpi: keyof LeaseKpis): number => mean(single.map((each) => each[kpi]));
  // It is one: renewals took thirty times as long on average, and cores were busy.
  expect(usual('latency')).toBeGreaterThan(50);
  expect(usual('serverCpu')).toBeGreaterThan(2);
  expectNoDifference(of('latency'), 0.4 * usual('latency'), 'latency');
  expectNoDifference(of('latencyP99'), usual('latencyP99'), 'latencyP99');
  expectNoDifference(of('failures'), 20, 'failures');
  expectNoDifference(of('renewals'), 0.001 * usual('renewals'), 'renewals');
  expectNoDifference(of('serverCpu'), 0.02 * usual('serverCpu'), 'serverCpu');
  expectNoDifference(of('etcdCpu'), 0.001 * usual('etcdCpu'), 'etcdCpu');
  expectNoDifference(of('oldestLease'), 0.01 * usual('oldestLease'), 'oldestLease');
  expectNoDifference(of('oldestLeasePeak'), 0.1 * usual('oldestLeasePeak'), 'oldestLeasePeak');
});

it('whether anybody asks for latencies changes nothing', () => {
  const runs = [undefined, () => {}].map((listener) => {
    const simulation = new Simulation({ seed: 1 });
    const { kubelets } = createCluster(simulation, usualLeaseAggregate, listener);
    advance(simulation, seconds(60));
    kubelets.countNotReady();
    return { events: simulation.eventCount, renewedAt: [...kubelets.renewedAt] };
  });
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]!.events).toBeLessThan(10_000);
});

it('nodes whose first renewal is far away are batched from their second one on', () => {
  const simulation = new Simulation({ seed: 1 });
  const options = clusterOptions('test', { nodes: 100 });
  const late = { sample: (stream: Stream): Duration => seconds(60 + Math.floor(30 * stream.uniform())) };
  const kubelet = { ...options.kubelet, firstRenewal: late, aggregateLeases: usualLeaseAggregate };
  const nothing = (): void => {};
  const { kubelets } = new Cluster(
    simulation,
    { ...options, kubelet },
    {
      apiServerDied: nothing,
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
      nameFailed: nothing,
    },
  );
  advance(simulation, seconds(200));
  kubelets.countNotReady();
  expect(Math.min(...kubelets.renewedAt)).toBeGreaterThan(seconds(189));
});

it('a dead API server: nobody is renewed by a batch that could not have been', () => {
  const simulation = new Simulation({ seed: 1 });
  const { kubelets, controlPlane } = createCluster(simulation, usualLeaseAggregate);
  advance(simulation, seconds(20));
  for (const server of controlPlane.servers) server.kill('liveness');
  const diedAt = simulation.now;
  advance(simulation, seconds(15));
  kubelets.countNotReady();
  expect(Math.max(...kubelets.renewedAt)).toBeLessThanOrEqual(diedAt);
  controlPlane.checkBooks();
});
