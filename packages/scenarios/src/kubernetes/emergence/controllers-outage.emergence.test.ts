/**
 * What controllers do to a data plane whose nodes are well, while only the API is not.
 *
 * Argued before the run, from the algorithm of the node lifecycle controller and its client of 20 requests a second:
 *
 * - Partial outage: kubelets cannot reach the API, the controllers can. Forty seconds later every node has expired. 5,000
 *   nodes need at least 5,000 / 20 = 250 s; but each node that is seen as unknown also gets a NoSchedule taint, of two
 *   requests, by eight other workers of the same client. As long as both sides have work, each has half of the tokens,
 *   because a worker waits for one at a time and they are given out in the order they were asked for. So nodes are marked at
 *   10 a second: 5,000 in 500 s, the taints in another 250 s.
 * - With p pods on a node the worker writes them before it goes to the next node. Taints are then few, and nodes are marked
 *   at 20 / (1 + p + 2) a second: with 30 pods 0.61, and 5,000 nodes would take 2.3 h. The brake is the client, not the
 *   disruption modes: those are decided at the end of a pass, and the first pass takes exactly that long.
 * - What those modes protect from is evictions: no NoExecute taint is written before the first pass has ended, because a node
 *   waits for it from the pass after the one that marked it. The first pass met nodes that had not expired yet and counted
 *   them as ready, so zones are not fully down for one pass more, in which the limiter of each may let one node through
 *   (this the first version of the argument overlooked, and the run showed). Then all zones are down, the taints are taken
 *   back, and no more are written.
 * - When the kubelets are back, each sees itself as not ready with its next renewal and repairs that in its next tick of
 *   10 s: all nodes within 10.4 + 10 s and the time of the requests. But nobody may be scheduled to them yet: their NoSchedule
 *   taints go by two requests each, 10 nodes a second, so 75 s later more than 5,000 - 765 are still closed.
 * - Total outage: the controllers cannot reach the API either. The leader loses its lease 10 to 12 s after the last renewal
 *   and exits, long before any node has expired. Nothing is marked, however long it lasts. After it, a new process takes
 *   every node as heard of now: kubelets have the whole grace period to come back, and none is marked.
 */
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { LeaderElection } from '../controllers/leader-election.ts';
import { NodeLifecycle } from '../controllers/node-lifecycle.ts';
import { NodeView } from '../controllers/node-view.ts';
import { kubeControllerManager } from '../flow-control/identity.ts';
import { Kubelets } from '../nodes/kubelet.ts';
import { NodeStore } from '../nodes/node-store.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';

function setUp(nodes: number, podsPerNode: number) {
  const simulation = new Simulation({ seed: 5 });
  const { controlPlane } = createBench(simulation, { cores: 64, costs: flatCosts({ 'lease-update': { cpuMs: 1 } }) });
  const marked: number[] = [];
  const tainted: number[] = [];
  const stopped: number[] = [];
  const seconds_ = (): number => simulation.now / seconds(1);
  const store = new NodeStore({ nodes, podsPerNode, zones: 3 });
  const kubelets = new Kubelets(
    simulation,
    'bench',
    nodes,
    {
      renewInterval: seconds(10),
      renewJitter: 0.04,
      requestTimeout: seconds(10),
      leaseDuration: seconds(40),
      statusInterval: minutes(5),
      rules: { store },
    },
    controlPlane,
    { nodeSynced: () => {}, nodeReported: (node) => lifecycle.nodeUpdated(node) },
  );
  const view = new NodeView(store);
  const lifecycle: NodeLifecycle = new NodeLifecycle(
    simulation,
    'manager',
    { nodeMonitorGracePeriod: seconds(40) },
    {
      controlPlane,
      store,
      view,
      observer: {
        nodeMarked: () => marked.push(seconds_()),
        podMarked: () => {},
        nodeTainted: () => tainted.push(seconds_()),
        nodeUntainted: () => {},
      },
    },
  );
  const election = new LeaderElection(
    simulation,
    'kube-controller-manager',
    { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2) },
    {
      controlPlane,
      identity: kubeControllerManager,
      observer: {
        leaderStarted: () => lifecycle.start(),
        leaderStopped: () => {
          stopped.push(seconds_());
          lifecycle.stop();
        },
      },
    },
  );
  lifecycle.start();
  return { simulation, controlPlane, kubelets, store, lifecycle, election, marked, tainted, stopped };
}

it('a partial outage marks 5,000 nodes without pods at 10 a second, and none stays tainted for eviction', () => {
  const { simulation, controlPlane, marked, tainted, lifecycle, store, election } = setUp(5000, 0);
  advance(simulation, seconds(60));
  controlPlane.block();
  advance(simulation, seconds(29));
  expect(marked).toEqual([]);
  advance(simulation, seconds(18 * 60 - 89));
  expect(election.isLeading).toBe(true);
  expect(marked).toHaveLength(5000);
  const [first, last] = [marked[0]!, marked.at(-1)!];
  expect(first).toBeGreaterThan(60 + 30);
  expect(first).toBeLessThan(60 + 50.5);
  expect(last - first).toBeGreaterThan(250);
  // 10 a second while taints wait; a burst of 30, and nodes of the last pass that come to the end of it.
  const half = marked[2500]! - marked[500]!;
  expect(half).toBeGreaterThan(2000 / 10.5);
  expect(half).toBeLessThan(2000 / 9.5);
  expect(lifecycle.zoneStates).toEqual(['full-disruption', 'full-disruption', 'full-disruption']);
  expect(tainted.length).toBeLessThanOrEqual(3);
  expect(store.countTainted()).toBe(0);
  controlPlane.unblock();
  const before = store.countNotReady();
  expect(before).toBe(5000);
  advance(simulation, seconds(75));
  expect(store.countNotReady()).toBe(0);
  expect(store.isClosed.reduce((sum, closed) => sum + closed, 0)).toBeGreaterThanOrEqual(5000 - 765);
  controlPlane.checkBooks();
});

it('with 30 pods on each node it goes 33 times slower than the client would allow for nodes alone', () => {
  const { simulation, controlPlane, marked, tainted, store, lifecycle } = setUp(1000, 30);
  advance(simulation, seconds(60));
  controlPlane.block();
  advance(simulation, seconds(120));
  const before = marked.length;
  advance(simulation, minutes(10));
  // 20 / 33 = 0.606 a second.
  expect(Math.abs((marked.length - before) / 600 - 20 / 33)).toBeLessThan(0.02);
  expect(store.countNotReadyPods()).toBeGreaterThan(10_000);
  expect(tainted).toEqual([]);
  expect(lifecycle.zoneStates).toEqual(['normal', 'normal', 'normal']);
});

it('a total outage freezes everything: the leader is gone after 10 to 12 s, and no node is ever marked', () => {
  const { simulation, controlPlane, marked, store, election, stopped, kubelets } = setUp(500, 10);
  advance(simulation, seconds(61));
  const down = simulation.event('keep down', () => {
    controlPlane.servers[0]!.kill('liveness');
    if (simulation.now < minutes(12)) down.after(ms(1000));
  });
  const start = simulation.now / seconds(1);
  down.after(ms(0));
  advance(simulation, minutes(11));
  expect(stopped).toHaveLength(1);
  expect(stopped[0]! - start).toBeGreaterThanOrEqual(10);
  expect(stopped[0]! - start).toBeLessThanOrEqual(12.1);
  expect(kubelets.countNotReady()).toBe(500);
  expect([marked.length, store.countNotReady(), store.countNotReadyPods()]).toEqual([0, 0, 0]);
  // The API server is back after its longest back-off; then leases first, the leader after its own.
  advance(simulation, minutes(15));
  expect(controlPlane.readyCount).toBe(1);
  expect(kubelets.countNotReady()).toBe(0);
  expect(election.isLeading).toBe(true);
  expect(marked).toEqual([]);
  controlPlane.checkBooks();
});
