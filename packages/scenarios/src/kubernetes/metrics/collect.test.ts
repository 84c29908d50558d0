import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { FlowSchema } from '../flow-control/flow-schema.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import type { LimitedPriorityLevel } from '../flow-control/priority-level.ts';
import { profileNamed } from '../profiles/release.ts';
import { kubernetesSettings } from '../profiles/settings-from-flags.ts';
import {
  advance,
  type BenchOptions,
  Callers,
  controlPlaneOptions,
  createBench,
  createClusterBench,
  flatCosts,
} from '../testing/bench.ts';
import { metricCatalogue } from './catalogue.ts';
import { attachMeters, collectCluster, collectControlPlane, collectOptionsOf, type CollectOptions } from './collect.ts';
import type { Labels, MetricFamily, Scrape } from './metric.ts';

const agent = serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' });
const listPods = () => ({ ...agent, verb: 'list', resource: 'pods' });

/** A level with one seat and one waiting place for everybody. */
const narrow: LimitedPriorityLevel = {
  name: 'narrow',
  type: 'Limited',
  nominalConcurrencyShares: 100,
  lendablePercent: 0,
  borrowingLimitPercent: 0,
  limitResponse: { type: 'Queue', queuing: { queues: 1, handSize: 1, queueLengthLimit: 1 } },
};
const everybody: FlowSchema = {
  name: 'everybody',
  matchingPrecedence: 50,
  priorityLevel: 'narrow',
  rules: [
    {
      subjects: [{ kind: 'Group', name: '*' }],
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
    },
  ],
};
const oneSeat = {
  maxRequestsInflight: 1,
  maxMutatingRequestsInflight: 0,
  priorityLevels: [narrow],
  flowSchemas: [everybody],
};
const slowLists = flatCosts({ 'list-pods-cache-json': { cpuMs: 1000, answerBytes: 5_000_000 } });

function metered(options: BenchOptions) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, options);
  const callers = new Callers(simulation, controlPlane, { clients: 5, describe: listPods });
  const meters = attachMeters(simulation, controlPlane, '1.31');
  const read = (more: Partial<CollectOptions> = {}): readonly Scrape[] =>
    collectControlPlane('bench', controlPlane, { release: '1.31', meters, ...more });
  return { simulation, controlPlane, callers, read };
}

function family(scrapes: readonly Scrape[], name: string, job = 'kube-apiserver'): MetricFamily | undefined {
  return scrapes.find((scrape) => scrape.job === job)?.families.find((one) => one.definition.name === name);
}

function value(scrapes: readonly Scrape[], name: string, labels: Labels = {}, job?: string): number | undefined {
  const matches = (found: Labels): boolean => Object.entries(labels).every(([label, text]) => found[label] === text);
  return family(scrapes, name, job)?.samples?.find((sample) => matches(sample.labels))?.value;
}

/** Observations at most as large as `edge`, all of them, and their sum. */
function histogram(scrapes: readonly Scrape[], name: string, edge: number, labels: Labels = {}) {
  const found = family(scrapes, name);
  const index = found?.definition.buckets?.indexOf(edge) ?? -1;
  const one = found?.histograms?.find((sample) =>
    Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
  );
  return one && { below: one.cumulative[index], all: one.cumulative.at(-1), sum: Number(one.sum.toFixed(6)) };
}

describe('three LISTs of a second each on one core', () => {
  const { simulation, callers, read } = metered({ costs: slowLists });
  for (const client of [0, 1, 2]) callers.send(client, 'list-pods-cache-json');
  advance(simulation, seconds(1));
  const during = read();
  advance(simulation, seconds(10));
  const after = read();

  it('are seen inside while they run', () => {
    expect(value(during, 'apiserver_current_inflight_requests', { request_kind: 'readOnly' })).toBe(3);
    expect(value(during, 'apiserver_current_inflight_requests', { request_kind: 'mutating' })).toBe(0);
    const flow = { priority_level: 'workload-low', flow_schema: 'service-accounts' };
    expect(value(during, 'apiserver_flowcontrol_current_executing_seats', flow)).toBe(3);
    expect(value(during, 'apiserver_request_total')).toBeUndefined();
  });

  it('share the core, so each takes three seconds', () => {
    const labels = { verb: 'LIST', resource: 'pods', scope: 'cluster', version: 'v1', component: 'apiserver' };
    expect(value(after, 'apiserver_request_total', { ...labels, code: '200' })).toBe(3);
    expect(histogram(after, 'apiserver_request_duration_seconds', 2, labels)).toEqual({ below: 0, all: 3, sum: 9 });
    expect(histogram(after, 'apiserver_request_duration_seconds', 3, labels)?.below).toBe(3);
    expect(histogram(after, 'apiserver_response_sizes', 1e6)).toEqual({ below: 0, all: 3, sum: 15_000_000 });
    expect(value(after, 'process_cpu_seconds_total')).toBeCloseTo(3, 6);
  });

  it('are counted at their client as well', () => {
    expect(value(after, 'rest_client_requests_total', { code: '200', method: 'GET' }, 'callers')).toBe(3);
  });
});

describe('three LISTs of a second each where one has a seat and one may wait', () => {
  const { simulation, callers, read } = metered({ costs: slowLists, flowControl: oneSeat });
  for (const client of [0, 1, 2]) callers.send(client, 'list-pods-cache-json');
  advance(simulation, ms(500));
  const during = read();
  advance(simulation, seconds(10));
  const after = read();
  const flow = { priority_level: 'narrow', flow_schema: 'everybody' };

  it('one waits and one is turned away at once', () => {
    expect(value(during, 'apiserver_flowcontrol_current_inqueue_requests', flow)).toBe(1);
    expect(value(during, 'apiserver_current_inqueue_requests', { request_kind: 'readOnly' })).toBe(1);
    expect(value(during, 'apiserver_flowcontrol_rejected_requests_total', { ...flow, reason: 'queue-full' })).toBe(1);
    expect(value(after, 'apiserver_request_total', { code: '429' })).toBe(1);
    expect(value(after, 'apiserver_flowcontrol_dispatched_requests_total', flow)).toBe(2);
  });

  it('waiting time is in the duration and not in the service level indicator', () => {
    const wait = { ...flow, execute: 'true' };
    expect(histogram(after, 'apiserver_flowcontrol_request_wait_duration_seconds', 0, wait)).toEqual({
      below: 1,
      all: 2,
      sum: 1,
    });
    expect(histogram(after, 'apiserver_flowcontrol_request_execution_seconds', 1, flow)).toEqual({
      below: 2,
      all: 2,
      sum: 2,
    });
    // 1 s and 2 s: what was turned away is counted, and not timed.
    expect(histogram(after, 'apiserver_request_duration_seconds', 1)).toEqual({ below: 1, all: 2, sum: 3 });
    expect(histogram(after, 'apiserver_request_sli_duration_seconds', 1)).toEqual({ below: 2, all: 2, sum: 2 });
    expect(value(after, 'apiserver_request_terminations_total', { code: '429', resource: 'pods' })).toBe(1);
  });

  it('limits of the levels are those of the configuration', () => {
    expect(value(after, 'apiserver_flowcontrol_nominal_limit_seats', { priority_level: 'narrow' })).toBe(1);
    expect(value(after, 'apiserver_flowcontrol_upper_limit_seats', { priority_level: 'narrow' })).toBe(1);
    expect(value(after, 'apiserver_flowcontrol_current_limit_seats', { priority_level: 'narrow' })).toBe(1);
  });
});

it('a client that leaves the queue counts as one that timed out there', () => {
  const simulation = new Simulation({ seed: 1 });
  // The connections take 500 of the clients' 600 ms; in the queue a request may wait for 150 ms.
  const options = { costs: slowLists, flowControl: oneSeat, cores: 2, connectionCpu: ms(500) };
  const { controlPlane } = createBench(simulation, options);
  const callers = new Callers(simulation, controlPlane, { clients: 2, describe: listPods, timeout: ms(600) });
  const meters = attachMeters(simulation, controlPlane, '1.31');
  for (const client of [0, 1]) callers.send(client, 'list-pods-cache-json');
  advance(simulation, seconds(5));
  const scrapes = collectControlPlane('bench', controlPlane, { release: '1.31', meters });
  expect(value(scrapes, 'apiserver_flowcontrol_rejected_requests_total', { reason: 'time-out' })).toBe(1);
  // The one that had its seat was computed to its end for nobody, and answered.
  expect(value(scrapes, 'apiserver_request_total', { code: '200' })).toBe(1);
  expect(value(scrapes, 'apiserver_request_total', { code: '429' })).toBeUndefined();
  expect(value(scrapes, 'rest_client_requests_total', { code: '<error>' }, 'callers')).toBe(2);
});

it('a dead server does not answer, and the next process counts from nothing', () => {
  const { simulation, controlPlane, callers, read } = metered({});
  callers.send(0, 'get');
  advance(simulation, seconds(1));
  expect(value(read(), 'apiserver_request_total', { code: '200' })).toBe(1);
  controlPlane.servers[0]!.kill('liveness');
  expect(read().some((scrape) => scrape.job === 'kube-apiserver')).toBe(false);
  advance(simulation, seconds(120));
  callers.send(1, 'get');
  advance(simulation, seconds(1));
  expect(value(read(), 'apiserver_request_total', { code: '200' })).toBe(1);
});

it('without priority and fairness there are two counters, and nothing of levels', () => {
  const flowControl = { enablePriorityAndFairness: false, maxRequestsInflight: 1, maxMutatingRequestsInflight: 1 };
  const { simulation, callers, read } = metered({ costs: slowLists, flowControl });
  for (const client of [0, 1]) callers.send(client, 'list-pods-cache-json');
  advance(simulation, seconds(5));
  const scrapes = read();
  expect(value(scrapes, 'apiserver_request_total', { code: '200' })).toBe(1);
  expect(value(scrapes, 'apiserver_request_total', { code: '429' })).toBe(1);
  const names = scrapes.flatMap((scrape) => scrape.families.map((one) => one.definition.name));
  expect(names.filter((name) => name.includes('flowcontrol'))).toEqual([]);
});

it('who is not let in by authentication is not counted, as upstream', () => {
  const { simulation, callers, read } = metered({});
  callers.send(0, 'get', true);
  advance(simulation, seconds(1));
  expect(value(read(), 'apiserver_request_total')).toBeUndefined();
  expect(value(read(), 'rest_client_requests_total', { code: '401' }, 'callers')).toBe(1);
});

it('a managed control plane does not show its etcd', () => {
  const { read } = metered({});
  const jobs = (name: 'current' | 'managed'): readonly string[] =>
    read(collectOptionsOf(kubernetesSettings(profileNamed(name)))).map((scrape) => scrape.job);
  expect(jobs('current')).toContain('etcd');
  expect(jobs('managed')).not.toContain('etcd');
});

describe('a whole cluster', () => {
  const run = (isMetered: boolean) => {
    const simulation = new Simulation({ seed: 3 });
    const etcd = { ...controlPlaneOptions({ etcdMembers: 3, etcdCores: 4 }).etcd, raft: {}, storage: {} };
    const { cluster } = createClusterBench(simulation, { nodes: 20, controlPlane: { etcd } });
    const meters = isMetered ? attachMeters(simulation, cluster.controlPlane, '1.31') : undefined;
    cluster.daemonSet.select(0.5);
    advance(simulation, seconds(300));
    cluster.controlPlane.checkBooks();
    return { simulation, cluster, meters };
  };
  const { simulation, cluster, meters } = run(true);
  const scrapes = collectCluster(
    simulation,
    cluster,
    collectOptionsOf(kubernetesSettings(profileNamed('1.31')), meters),
  );

  it('does the same whether or not somebody counts', () => {
    const plain = run(false);
    expect(plain.simulation.eventCount).toBe(simulation.eventCount);
    const books = (of: typeof plain) => of.cluster.controlPlane.groups.map((group) => [group.sent, ...group.ended]);
    expect(books(plain)).toEqual(books({ simulation, cluster, meters }));
  });

  it('servers and clients agree on what was answered', () => {
    const total = (job: (scrape: Scrape) => boolean, name: string): number =>
      scrapes
        .filter(job)
        .flatMap((scrape) => scrape.families.find((one) => one.definition.name === name)?.samples ?? [])
        .reduce((sum, sample) => sum + sample.value, 0);
    const answered = cluster.controlPlane.groups.reduce((sum, group) => sum + group.sent - group.inside, 0);
    expect(answered).toBeGreaterThan(500);
    expect(total((scrape) => scrape.job === 'kube-apiserver', 'apiserver_request_total')).toBe(answered);
    expect(total((scrape) => !scrape.job.startsWith('kube-'), 'rest_client_requests_total')).toBe(answered);
  });

  it('shows its nodes and its DaemonSet', () => {
    const of = (name: string, labels: Labels): number | undefined => value(scrapes, name, labels, 'kube-state-metrics');
    expect(of('kube_node_status_condition', { node: 'node-7', condition: 'Ready', status: 'true' })).toBe(1);
    expect(of('kube_daemonset_status_desired_number_scheduled', { daemonset: 'agent' })).toBe(10);
    expect(of('kube_daemonset_status_current_number_scheduled', { namespace: 'telemetry' })).toBe(10);
  });

  it('etcd shows one leader and its fsyncs', () => {
    const etcd = scrapes.filter((scrape) => scrape.job === 'etcd');
    const read = (name: string): readonly (number | undefined)[] =>
      etcd.map((scrape) => scrape.families.find((one) => one.definition.name === name)?.samples?.[0]?.value);
    expect(read('etcd_server_is_leader').reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(1);
    expect(read('etcd_server_has_leader')).toEqual([1, 1, 1]);
    expect(
      family(scrapes, 'etcd_disk_wal_fsync_duration_seconds', 'etcd')?.histograms?.[0]?.cumulative.at(-1),
    ).toBeGreaterThan(100);
  });

  it('etcd commits its database file at most ten times a second, and only when something was written', () => {
    const commits = family(scrapes, 'etcd_disk_backend_commit_duration_seconds', 'etcd')?.histograms?.[0];
    const written = value(scrapes, 'etcd_server_proposals_committed_total', {}, 'etcd')!;
    const count = commits!.cumulative.at(-1)!;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(Math.min(written, simulation.now / 100_000));
    // Each takes one fsync, of about a millisecond on this disk.
    expect(commits!.sum / count).toBeGreaterThan(0.0001);
    expect(commits!.sum / count).toBeLessThan(0.1);
  });

  it('what the catalogue calls filled is filled, and nothing else', () => {
    const found = new Set(scrapes.flatMap((scrape) => scrape.families.map((one) => one.definition.name)));
    const filled = metricCatalogue.filter((metric) => metric.isFilled);
    const late = [
      'apiserver_resource_objects',
      'apiserver_flowcontrol_rejected_requests_total',
      'apiserver_request_terminations_total',
    ];
    const needs = (what: string) => filled.filter((metric) => metric.simplification?.includes(what) === true);
    const ofWatchCache = needs('watch cache is modelled');
    const ofProcesses = [...needs('modelled as processes'), ...needs('modelled with its informers')];
    const others = [...ofWatchCache, ...ofProcesses];
    const expected = filled.filter((metric) => !late.includes(metric.name) && !others.includes(metric));
    expect([...found].sort()).toEqual(expected.map((metric) => metric.name).sort());
    expect([ofWatchCache.length, ofProcesses.length]).toEqual([8, 18]);
  });
});
