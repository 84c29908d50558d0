/** Metrics of controllers, CoreDNS and watch caches against what happened, counted by hand. */
import { minutes, seconds, Simulation, Trace } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../../test/small-scenario.ts';
import { buildWorld } from '../../scenario/build.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { createNodeWorld } from '../controllers/testing/node-world.ts';
import { createDnsBench } from '../dns/testing/dns-bench.ts';
import { advance } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';
import { collectCluster, collectControlPlane } from './collect.ts';
import { collectCoreDns } from './collect-components.ts';
import type { Labels, Scrape } from './metric.ts';

/** Observations and their sum in a histogram of one job, all its labels together. */
function timesOf(scrapes: readonly Scrape[], job: string, name: string): { count: number; sum: number } {
  const histograms = scrapes
    .filter((scrape) => scrape.job === job)
    .flatMap((scrape) => scrape.families.filter((family) => family.definition.name === name))
    .flatMap((family) => family.histograms ?? []);
  return {
    count: histograms.reduce((total, { cumulative }) => total + cumulative.at(-1)!, 0),
    sum: histograms.reduce((total, { sum }) => total + sum, 0),
  };
}

/** Samples of one job by metric and one of its labels. */
function read(scrapes: readonly Scrape[], job: string, name: string, label: string): Record<string, number> {
  const samples = scrapes
    .filter((scrape) => scrape.job === job)
    .flatMap((scrape) => scrape.families.filter((family) => family.definition.name === name))
    .flatMap((family) => family.samples ?? []);
  return Object.fromEntries(samples.map(({ labels, value }) => [(labels as Labels)[label]!, value]));
}

describe('CoreDNS', () => {
  const simulation = new Simulation({ seed: 1 });
  const { dns, records } = createDnsBench(simulation);
  records.change(3, -1);
  advance(simulation, seconds(1));
  const ask = (names: readonly number[]): void => {
    for (const name of names) dns.ask(name, name);
    advance(simulation, seconds(1));
  };
  const of = (name: string, label: string): Record<string, number> =>
    read(collectCoreDns(dns, 'bench', { release: '1.31' }), 'coredns', name, label);

  it('six queries for three names, one of which is gone: three misses, then hits', () => {
    ask([0, 1, 3]);
    ask([0, 1, 3]);
    expect(of('coredns_dns_requests_total', 'type')).toEqual({ A: 6 });
    expect(of('coredns_dns_responses_total', 'rcode')).toEqual({ NOERROR: 4, NXDOMAIN: 2 });
    expect(of('coredns_cache_hits_total', 'type')).toEqual({ success: 2, denial: 1 });
    expect(of('coredns_cache_misses_total', 'zones')).toEqual({ '.': 3 });
    const times = timesOf(
      collectCoreDns(dns, 'bench', { release: '1.31' }),
      'coredns',
      'coredns_dns_request_duration_seconds',
    );
    expect(times.count).toBe(6);
    expect(times.sum).toBeGreaterThan(0);
    expect(of('coredns_cache_entries', 'type')).toEqual({ success: 2, denial: 1 });
  });

  it('the next process counts from nothing, and one that does not serve shows nothing', () => {
    dns.restart(0);
    expect(of('coredns_cache_misses_total', 'zones')).toEqual({});
    advance(simulation, seconds(30));
    ask([0]);
    expect(of('coredns_dns_responses_total', 'rcode')).toEqual({ NOERROR: 1 });
    expect(of('coredns_cache_hits_total', 'type')).toEqual({ success: 0, denial: 0 });
    expect(of('coredns_cache_misses_total', 'zones')).toEqual({ '.': 1 });
  });
});

it('a watch cache counts every event it takes in, and hands each out once', () => {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, writer } = createWatchBench(simulation, {});
  writer.write(7);
  advance(simulation, seconds(5));
  const scrapes = collectControlPlane('bench', controlPlane, { release: '1.31' });
  const filled = read(scrapes, 'kube-apiserver', 'apiserver_watch_cache_initializations_total', 'resource');
  expect(new Set(Object.values(filled))).toEqual(new Set([1]));
  for (const what of ['received', 'dispatched']) {
    const name = `apiserver_watch_cache_events_${what}_total`;
    expect(Object.values(read(scrapes, 'kube-apiserver', name, 'resource'))).toContain(7);
  }
});

it('the node lifecycle controller counts its zones and the taints it writes', () => {
  const simulation = new Simulation({ seed: 1 });
  const { lifecycle, silence, tainted } = createNodeWorld(simulation, { nodes: 20, zones: 2 });
  advance(simulation, seconds(61));
  silence([2, 4, 5]);
  advance(simulation, minutes(3));
  expect([...lifecycle.zones.sizes]).toEqual([10, 10]);
  expect([...lifecycle.zones.unhealthy]).toEqual([2, 1]);
  expect(tainted).toHaveLength(3);
  expect([...lifecycle.taints.evictions]).toEqual([2, 1]);
  lifecycle.start();
  expect([...lifecycle.taints.evictions]).toEqual([0, 0]);
});

it('a whole cluster shows one leader of each component, its queues and its zones', () => {
  const simulation = new Simulation({ seed: 1 });
  const small = smallScenario({ end: '1 h' });
  const document = {
    ...small,
    kubernetes: { ...small.kubernetes, profile: '1.30' },
    clusters: [{ ...small.clusters[1]!, nodes: 30, traffic: 30 }],
    agent: { ...small.agent, startDelay: '5 s' },
    rollout: null,
    dns: { registry: null },
  };
  const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), parseScenario(document, 'metrics'));
  const { cluster } = world.sites[0]!;
  advance(simulation, minutes(2));
  const scrapes = collectCluster(simulation, cluster, { release: '1.31' });
  for (const job of ['kube-controller-manager', 'kube-scheduler']) {
    const values = scrapes
      .filter((scrape) => scrape.job === job)
      .map((scrape) => Object.values(read([scrape], job, 'leader_election_master_status', 'name'))[0]!);
    expect(values.length).toBeGreaterThan(1);
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(1);
  }
  const of = (name: string, label: string) => read(scrapes, 'kube-controller-manager', name, label);
  const size = of('node_collector_zone_size', 'zone');
  expect(Object.values(size).reduce((sum, nodes) => sum + nodes, 0)).toBe(30);
  for (const health of Object.values(of('node_collector_zone_health', 'zone'))) expect(health).toBe(100);
  expect(Object.keys(of('workqueue_adds_total', 'name'))).toContain('daemonset');
  expect(of('workqueue_depth', 'name')['daemonset']).toBe(0);
  expect(of('workqueue_unfinished_work_seconds', 'name')['daemonset']).toBe(0);
  expect(of('workqueue_longest_running_processor_seconds', 'name')['daemonset']).toBe(0);
  // With nothing waiting and nothing in work, every key that was added has waited and was worked on.
  const adds = Object.values(of('workqueue_adds_total', 'name')).reduce((sum, added) => sum + added, 0);
  for (const what of ['queue', 'work']) {
    expect(timesOf(scrapes, 'kube-controller-manager', `workqueue_${what}_duration_seconds`).count).toBe(adds);
  }
});
