/** A plain DaemonSet controller on a small control plane, for tests. */
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import type { ClientGroup } from '../../client/client-group.ts';
import type { ControlPlane } from '../../control-plane.ts';
import { advance, type BenchOptions, createBench } from '../../testing/bench.ts';
import { DaemonSet, type DaemonSetOptions } from '../daemon-set.ts';
import { Leadership } from '../leadership.ts';

const upstream: DaemonSetOptions = {
  controllerPace: { qps: 20, burst: 30 },
  schedulerPace: { qps: 50, burst: 100 },
  burstReplicas: 250,
};

/** What a test of it looks at. */
export interface PlainDaemonSetBench {
  readonly simulation: Simulation;
  readonly controlPlane: ControlPlane;
  readonly daemonSet: DaemonSet;
  readonly leadership: Leadership;
  readonly bound: { readonly node: number; readonly at: number }[];
  readonly deleted: { readonly node: number; readonly at: number }[];
  readonly writes: ClientGroup;
  readonly binds: ClientGroup;
  /** Runs until all pods are there, an hour at most, and returns the seconds it took. */
  readonly settle: () => number;
}

/** On one control plane of 8 cores, unless `options` say otherwise. */
export function createPlainDaemonSet(
  nodes: number,
  options: BenchOptions = {},
  changes: Partial<DaemonSetOptions> = {},
): PlainDaemonSetBench {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8, ...options });
  const bound: { node: number; at: number }[] = [];
  const deleted: { node: number; at: number }[] = [];
  const daemonSet = new DaemonSet(
    simulation,
    'bench',
    nodes,
    { ...upstream, ...changes },
    {
      controlPlane,
      observer: {
        podBound: (node) => bound.push({ node, at: simulation.now }),
        podDeleted: (node) => deleted.push({ node, at: simulation.now }),
      },
    },
  );
  const leadership = new Leadership(
    simulation,
    'controllers',
    { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2) },
    controlPlane,
    daemonSet,
  );
  const writes = controlPlane.groups.find((group) => group.name === 'daemon-set-controller')!;
  const binds = controlPlane.groups.find((group) => group.name === 'scheduler')!;
  const settle = (): number => {
    const from = simulation.now;
    do advance(simulation, ms(100));
    while (!daemonSet.isSettled && simulation.now - from < minutes(60));
    return (simulation.now - from) / seconds(1);
  };
  return { simulation, controlPlane, daemonSet, leadership, bound, deleted, writes, binds, settle };
}
