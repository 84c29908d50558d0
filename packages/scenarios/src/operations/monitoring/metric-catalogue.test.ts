import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { metricCatalogue as upstream } from '../../kubernetes/metrics/catalogue.ts';
import { advance, flatCosts } from '../../kubernetes/testing/bench.ts';
import { createChronicle, createMonitoring, createSite } from '../testing/bench.ts';
import { metricCatalogue, metricNames } from './metric-catalogue.ts';
import { alertMetricsPage } from './testing/alert-metrics-page.ts';

/** Series of parts that are not among the metrics that a control plane exports here. */
const elsewhere = new Set([
  'up',
  'kube_pod_container_status_restarts_total',
  'kube_lease_renew_time',
  'kube_daemonset_status_number_ready',
  'container_cpu_usage_seconds_total',
  'requests and failures that the edge counts',
]);
/** They need raft, or a quota of the database. */
const ofCompleteEtcd = [
  'etcd_server_proposals_pending',
  'etcd_wal_fsync_p99_seconds',
  'etcd_mvcc_db_total_size_in_bytes',
  'etcd_db_quota_share',
];

describe('the catalogue', () => {
  it('is made from series that upstream exports under these names', () => {
    const known = new Set(upstream.map(({ name }) => name));
    const bases = metricNames.flatMap((name) => metricCatalogue[name].from.map((series) => series.split('{')[0]!));
    expect(bases.filter((base) => !known.has(base) && !elsewhere.has(base))).toEqual([]);
  });

  it('is printed on a page of the reference, which is up to date', async () => {
    await expect(alertMetricsPage()).toMatchFileSnapshot('../../../../../docs/reference/alert-metrics.md');
  });
});

describe('in a cluster', () => {
  function setUp() {
    const simulation = new Simulation({ seed: 1 });
    const costs = flatCosts({
      'list-pods-etcd-json': { cpuMs: 500, bytes: 1e6, answerBytes: 2e6 },
      get: { etcdMs: 1 },
    });
    const site = createSite(simulation, createChronicle(simulation), 'c0', { nodes: 12, costs, cores: 1, memory: 4e9 });
    const users = {
      products: [{ id: 'chat' }, { id: 'api' }],
      requests: new Float64Array([0, 0]),
      failures: new Float64Array([0, 0]),
    };
    const monitoring = createMonitoring(simulation, { scrapeInterval: minutes(1) }, [site], users);
    const watched = new Map(metricNames.map((metric) => [metric, monitoring.watch({ metric })]));
    const chat = monitoring.watch({ metric: 'user_error_share', product: 'chat' });
    const value = (metric: (typeof metricNames)[number]): number => monitoring.value(watched.get(metric)!, 0);
    return { simulation, site, users, monitoring, chat, value };
  }

  it('every metric has a value, but for what its etcd does not model', () => {
    const { simulation, site, users, value } = setUp();
    site.cluster.daemonSet.select(1);
    users.requests.set([90, 10]);
    users.failures.set([9, 10]);
    advance(simulation, minutes(1));
    expect(metricNames.filter((name) => Number.isNaN(value(name)))).toEqual(ofCompleteEtcd);
  });

  it('the values are those of the parts', () => {
    const { simulation, site, users, monitoring, chat, value } = setUp();
    site.cluster.daemonSet.select(1);
    advance(simulation, minutes(2));
    users.requests.set([90, 10]);
    users.failures.set([9, 10]);
    advance(simulation, minutes(3));
    users.requests.set([180, 20]);
    users.failures.set([18, 20]);
    advance(simulation, minutes(1));
    expect(value('user_error_share')).toBeCloseTo(0.19, 12);
    expect(monitoring.value(chat, 0)).toBeCloseTo(0.1, 12);
    expect(value('daemonset_ready_share')).toBe(1);
    expect(value('apiserver_up_share')).toBe(1);
    expect(value('nodes_not_ready')).toBe(0);
    expect(value('node_lease_age_seconds')).toBeLessThan(11);
    // Twelve agents, each a LIST of half a second and 2 MB once a minute: 6 s of three cores, 20 ms of each agent.
    expect(value('apiserver_cpu_share')).toBeGreaterThan(0.02);
    expect(value('apiserver_cpu_share')).toBeLessThan(0.12);
    expect(value('agent_cpu_cores')).toBeCloseTo(0.02 / 60, 4);
    expect(value('agent_request_error_ratio')).toBe(0);
    expect(value('apiserver_list_latency_p99_seconds')).toBeGreaterThan(0.4);
    expect(value('apiserver_list_latency_p99_seconds')).toBeLessThan(2);
  });

  it('of a server that is gone there is no memory, and what its clients see is failure', () => {
    const { simulation, site, value } = setUp();
    advance(simulation, minutes(1) - ms(1));
    for (const server of site.cluster.controlPlane.balanced) server.kill('memory');
    advance(simulation, ms(2));
    expect(value('apiserver_memory_share')).toBeNaN();
    expect(value('apiserver_up_share')).toBe(0);
    advance(simulation, seconds(60));
    expect(value('apiserver_request_error_ratio')).toBeGreaterThan(0);
  });
});
