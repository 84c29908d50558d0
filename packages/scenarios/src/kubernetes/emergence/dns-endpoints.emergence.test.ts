/**
 * What controllers do to the endpoints of CoreDNS while the API is away for some: D3 and D4 in a partial outage, D9 when
 * somebody blocks the way to the API. The processes are well all the time; only who may be asked changes.
 *
 * Argued before the run, for 200 nodes in three zones with ten pods each:
 *
 * - D3: the kubelets are cut off, controllers, proxies and CoreDNS are not. 40 s later the first node is marked, and its pods.
 *   Writes go at 20 a second after a burst of 30, and a node takes 1 + 10 and the 2 of its taint: 200 nodes take
 *   (200 x 13 - 30) / 20 = 129 s. When all four replicas are marked the Service has no endpoint and every lookup fails; as long
 *   as one is left none does, for it is alive and takes all. So: nothing, then everything, not before 30 s and not after
 *   50 + 129 s and some. It ends when kubelets are back and have written pods ready: their renewal, 10 s, 11 pods a node.
 *   With `publishNotReadyAddresses` the endpoints stay, and nothing fails.
 * - D4: the nodes of one zone are cut off, so zones are not all down and evictions go on at the full 0.1 nodes a second. The only
 *   replica is on such a node: tainted not before 40 s and not after 40 s + 67 / 0.1 = 710 s and a pass, deleted 300 s later,
 *   made anew elsewhere within seconds. So: one short gap between 330 s and 1,100 s. With an endless toleration: none.
 * - D9: a block cuts off everybody outside for ten minutes. CoreDNS answers on and the proxies know nothing new: nothing fails.
 *   Meanwhile controllers, which are inside, mark every pod. At reopening the proxies see an empty Service at once, and
 *   kubelets need some seconds to write their pods ready: every lookup fails from the reopening on, for about as long as a
 *   kubelet's status sync, 10 s, and some. Let the cluster's own parts through, and there is nothing to catch up with.
 */
import { minutes, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import {
  type CompleteDnsBench,
  type CompleteDnsBenchOptions,
  createCompleteDnsBench,
  eachSecond,
  killServers,
  pinKubelets,
} from '../dns/testing/complete-dns-bench.ts';

interface Second {
  readonly share: number;
  readonly endpoints: number;
  readonly notReady: number;
}

/** What every second shows from the beginning of the trouble on. */
function episode(
  options: CompleteDnsBenchOptions & { readonly seed?: number },
  length: number,
  trouble: (simulation: Simulation, bench: CompleteDnsBench) => void,
) {
  const simulation = new Simulation({ seed: options.seed ?? 3 });
  const bench = createCompleteDnsBench(simulation, options);
  eachSecond(simulation, minutes(1), () => expect(bench.cluster.nameService.failureShare(1)).toBe(0));
  trouble(simulation, bench);
  const readings = eachSecond(
    simulation,
    length,
    (): Second => ({
      share: bench.cluster.nameService.failureShare(1),
      endpoints: bench.dns.hosting.proxies.endpoints.length,
      notReady: bench.controllers.store.countNotReady(),
    }),
  );
  bench.cluster.controlPlane.checkBooks();
  const first = readings.findIndex(({ share }) => share > 0);
  const last = readings.findLastIndex(({ share }) => share > 0);
  return { bench, readings, first, last, highest: Math.max(...readings.map(({ share }) => share)) };
}

/** Kubelets cannot reach the API for ten minutes. */
const kubeletsCut = (simulation: Simulation, { cluster }: CompleteDnsBench): void => {
  pinKubelets(cluster, 0);
  killServers(simulation, cluster, [0], minutes(10));
};

/** Those of one zone, for 18 minutes. */
const zoneCut = (simulation: Simulation, { cluster }: CompleteDnsBench): void => {
  pinKubelets(cluster, 0, 'connected');
  killServers(simulation, cluster, [0], minutes(18));
};

describe('D3: nodes are marked NotReady in a partial outage', () => {
  it('nothing, then everything: the Service is empty when the last replica is marked, until kubelets are back', () => {
    const { readings, first, last } = episode({ dns: { publishesNotReady: false } }, minutes(18), kubeletsCut);
    expect(first).toBeGreaterThan(30);
    expect(first).toBeLessThan(200);
    for (const { share, endpoints } of readings) expect(share).toBe(endpoints === 0 ? 1 : 0);
    expect(readings.slice(first, last).every(({ share }) => share === 1)).toBe(true);
    // The server is tried again after at most 5 min of crash back-off; kubelets then repair what was written about them.
    expect(last).toBeGreaterThan(600);
    expect(readings.at(-1)).toEqual({ share: 0, endpoints: 4, notReady: 0 });
  });

  it('with publishNotReadyAddresses nodes are marked all the same, and no lookup fails', () => {
    const { readings, highest } = episode({ dns: { publishesNotReady: true } }, minutes(12), kubeletsCut);
    expect(Math.max(...readings.map(({ notReady }) => notReady))).toBe(200);
    expect(highest).toBe(0);
  });
});

describe('D4: pods are evicted from unreachable nodes', () => {
  /** With this seed the only replica is on a node of the zone that is cut off. */
  const alone = { seed: 1, replicas: 1 };

  it('a gap of some seconds, 300 s after the taint, until a new pod runs elsewhere', () => {
    const { bench, first, last, highest } = episode(
      { ...alone, dns: { toleratesUnreachable: false } },
      minutes(19),
      (simulation, parts) => {
        expect(parts.dns.hosting.pods.node[0]! % 3).toBe(0);
        zoneCut(simulation, parts);
      },
    );
    expect(highest).toBe(1);
    expect(first).toBeGreaterThan(330);
    expect(first).toBeLessThan(1100);
    expect(last - first).toBeLessThan(20);
    expect(bench.coreDns.endedProcesses).toBe(1);
    expect(bench.dns.hosting.pods.node[0]! % 3).not.toBe(0);
  });

  it('none with a toleration for ever', () => {
    const { bench, highest } = episode({ ...alone, dns: { toleratesUnreachable: true } }, minutes(19), zoneCut);
    expect(highest).toBe(0);
    expect(bench.coreDns.endedProcesses).toBe(0);
  });
});

describe('D9: the API is blocked at the network', () => {
  const block =
    (letThrough: 'nobody' | 'system') =>
    (simulation: Simulation, { cluster }: CompleteDnsBench): void => {
      cluster.blockAdminApi(letThrough);
      simulation.after(minutes(10), () => cluster.unblockAdminApi());
    };

  it('nothing during the block; at the reopening proxies see an empty Service until kubelets have caught up', () => {
    const { first, last, highest, readings } = episode(
      { dns: { publishesNotReady: false } },
      minutes(14),
      block('nobody'),
    );
    expect(highest).toBe(1);
    expect(first).toBeGreaterThanOrEqual(599);
    // Proxies try again every 10 s; renewal, status sync and writes of the pods.
    expect(first).toBeLessThan(615);
    expect(last - first).toBeLessThan(60);
    expect(readings.at(-1)).toEqual({ share: 0, endpoints: 4, notReady: 0 });
  });

  it('nothing at all when it lets kubelets and system pods through', () => {
    const { highest, readings } = episode({ dns: { publishesNotReady: false } }, minutes(12), block('system'));
    expect(highest).toBe(0);
    expect(Math.max(...readings.map(({ notReady }) => notReady))).toBe(0);
  });
});
