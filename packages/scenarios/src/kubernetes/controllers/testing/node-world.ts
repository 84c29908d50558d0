/** A node lifecycle controller on the workbench, with kubelets that do nothing but renew, or do not. */
import { ms, seconds, type Simulation, us } from '@brownout/core';
import { NodeStore, Ready } from '../../nodes/node-store.ts';
import { type Bench, type BenchOptions, createBench } from '../../testing/bench.ts';
import { NodeLifecycle } from '../node-lifecycle.ts';
import type { NodeLifecycleOptions } from '../node-lifecycle-options.ts';
import { NodeView } from '../node-view.ts';

/** What tests vary. */
export interface NodeWorldOptions extends Partial<NodeLifecycleOptions> {
  readonly nodes: number;
  readonly podsPerNode?: number;
  readonly zones?: number;
  /** Rows for nodes that tests create themselves; their kubelets are silent. Default none. */
  readonly joining?: number;
  readonly bench?: BenchOptions;
}

/** Nodes, their silence, and the controller that watches them. */
export interface NodeWorld extends Bench {
  readonly store: NodeStore;
  readonly view: NodeView;
  readonly lifecycle: NodeLifecycle;
  /** 1 while the kubelet of a node neither renews nor reports. */
  readonly isSilent: Uint8Array;
  /** Instants in seconds at which something was written: node marked, pod marked, taint written or removed. */
  readonly marked: { readonly node: number; readonly at: number }[];
  readonly podsMarked: { readonly node: number; readonly at: number }[];
  readonly tainted: { readonly node: number; readonly at: number }[];
  readonly untainted: { readonly node: number; readonly at: number }[];
  /** The last NoSchedule taint of a node has gone. */
  readonly opened: { readonly node: number; readonly at: number }[];
  /** Node objects are stored, without a status or with that of a kubelet that starts. */
  create(nodes: Iterable<number>, ready: typeof Ready.none | typeof Ready.false): void;
  /** The given kubelets fall silent, or speak again: then their lease is new and their status says ready. */
  silence(nodes: Iterable<number>): void;
  wake(nodes: Iterable<number>): void;
}

/** Kubelets renew every ten seconds, all at their own phase. */
export function createNodeWorld(simulation: Simulation, options: NodeWorldOptions): NodeWorld {
  const { nodes, podsPerNode = 0, zones = 1, joining = 0, bench = {}, ...lifecycleOptions } = options;
  const { controlPlane, events } = createBench(simulation, { cores: 8, ...bench });
  const isSilent = new Uint8Array(nodes + joining).fill(1, nodes);
  const store = new NodeStore({ nodes, podsPerNode, zones, joining });
  const view = new NodeView(store);
  const [marked, podsMarked, tainted, untainted, opened] = [1, 2, 3, 4, 5].map(() => logOf(simulation));
  const lifecycle = new NodeLifecycle(
    simulation,
    'manager',
    { nodeMonitorGracePeriod: seconds(40), ...lifecycleOptions },
    {
      controlPlane,
      store,
      view,
      observer: {
        nodeMarked: marked!.add,
        podMarked: podsMarked!.add,
        nodeTainted: tainted!.add,
        nodeUntainted: untainted!.add,
        nodeOpened: opened!.add,
      },
    },
  );
  const report = (node: number): void => {
    store.statusAt[node] = simulation.now;
    store.leaseRenewedAt[node] = simulation.now;
    store.ready[node] = Ready.true;
    lifecycle.nodeUpdated(node);
  };
  startRenewals(simulation, store, isSilent);
  lifecycle.start();
  return {
    controlPlane,
    events,
    store,
    view,
    lifecycle,
    isSilent,
    marked: marked!.list,
    podsMarked: podsMarked!.list,
    tainted: tainted!.list,
    untainted: untainted!.list,
    opened: opened!.list,
    create: (created, ready) => {
      for (const node of created) {
        store.created(node, simulation.now, ready);
        lifecycle.nodeUpdated(node);
      }
    },
    silence: (silent) => setAt(isSilent, silent, 1),
    wake: (awake) => {
      for (const node of awake) {
        isSilent[node] = 0;
        report(node);
      }
    },
  };
}

function setAt(column: Uint8Array, nodes: Iterable<number>, value: number): void {
  for (const node of nodes) column[node] = value;
}

function startRenewals(simulation: Simulation, store: NodeStore, isSilent: Uint8Array): void {
  const renew = simulation.event('renewals', (node) => {
    if (isSilent[node] === 0) store.leaseRenewedAt[node] = simulation.now;
    renew.after(seconds(10), node);
  });
  for (let node = 0; node < store.count; node++) renew.after(us(Math.floor((node * ms(10_000)) / store.count)), node);
}

function logOf(simulation: Simulation) {
  const list: { node: number; at: number }[] = [];
  return { list, add: (node: number): void => void list.push({ node, at: simulation.now / seconds(1) }) };
}

/** The whole numbers from `from` up to but not including `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
