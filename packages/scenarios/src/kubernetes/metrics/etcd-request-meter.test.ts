import { seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { advance, Callers, createBench, createClusterBench, flatCosts } from '../testing/bench.ts';
import { attachMeters, collectCluster, collectControlPlane } from './collect.ts';
import type { HistogramSample } from './metric.ts';

it('requests to etcd are timed by what they ask for, as the API server sees them, and end with its process', () => {
  const costs = flatCosts({ 'list-pods-etcd-json': { etcdMs: 150 } });
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { costs, etcdCores: 4, cores: 4 });
  const agent = serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' });
  const describe = () => ({ ...agent, verb: 'list', resource: 'pods' });
  const callers = new Callers(simulation, controlPlane, { clients: 5, describe });
  const meters = attachMeters(simulation, controlPlane, '1.31');
  const read = (release: '1.31' | '1.34' = '1.31'): readonly HistogramSample[] =>
    collectControlPlane('bench', controlPlane, { release, meters })
      .flatMap(({ families }) => families)
      .find(({ definition }) => definition.name === 'etcd_request_duration_seconds')?.histograms ?? [];
  const of = (operation: string): HistogramSample =>
    read().find(({ labels }) => labels['operation'] === operation && labels['type'] === 'pods')!;
  callers.send(0, 'list-pods-etcd-json');
  callers.send(1, 'object-update');
  // From the watch cache: etcd is not asked.
  callers.send(2, 'list-pods-cache-json');
  advance(simulation, seconds(1));
  // Up to 5, 25, 50, 100 and 200 ms.
  expect(of('list').cumulative.slice(0, 5)).toEqual([0, 0, 0, 0, 1]);
  expect(of('list').sum).toBeCloseTo(0.15, 2);
  expect(of('update').cumulative[0]).toBe(1);
  expect(of('update').cumulative.at(-1)).toBe(1);
  expect(read('1.34').map(({ labels }) => labels)).toContainEqual({ operation: 'list', group: '', resource: 'pods' });
  controlPlane.servers[0]!.kill('liveness');
  advance(simulation, seconds(20));
  // The new process has filled its watch cache from etcd, and that is all it knows of.
  expect(read().map(({ labels }) => labels['operation'])).not.toContain('update');
});

it('kubelets are one job, which is down when no node is left', () => {
  const simulation = new Simulation({ seed: 1 });
  const { cluster } = createClusterBench(simulation, { nodes: 3 });
  advance(simulation, seconds(60));
  const jobs = (): string[] => collectCluster(simulation, cluster, { release: '1.31' }).map(({ job }) => job);
  expect(jobs()).toContain('kubelet');
  expect(jobs().filter((job) => job.startsWith('kubelet-'))).toEqual([]);
  cluster.removeNodes(3);
  expect(jobs()).not.toContain('kubelet');
});
