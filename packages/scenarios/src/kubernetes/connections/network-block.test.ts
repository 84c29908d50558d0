/** What a block at the network does to whom, and what happens when it lets the cluster's own parts through. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { advance, Callers, createClusterBench } from '../testing/bench.ts';

function setUp(nodes = 5) {
  const simulation = new Simulation({ seed: 1 });
  const { cluster } = createClusterBench(simulation, { nodes });
  const coreDns = () => ({ ...serviceAccountIdentity({ namespace: 'kube-system', name: 'coredns' }), verb: 'get' });
  const callers = {
    person: new Callers(simulation, cluster.controlPlane, { name: 'person', timeout: seconds(10) }),
    system: new Callers(simulation, cluster.controlPlane, { name: 'system', timeout: seconds(10), describe: coreDns }),
    inside: new Callers(simulation, cluster.controlPlane, { name: 'inside', timeout: seconds(10), isInside: true }),
  };
  /** How each of them fares now: p, s or i for those who get an answer. */
  const answered = (): string => {
    const before = Object.values(callers).map((each) => each.ok);
    for (const each of Object.values(callers)) each.send();
    advance(simulation, seconds(11));
    return Object.keys(callers)
      .filter((_, index) => Object.values(callers)[index]!.ok > before[index]!)
      .map((name) => name[0])
      .join('');
  };
  return { simulation, cluster, answered };
}

describe('a block', () => {
  it('leaves those inside, and those it lets through', () => {
    const { cluster, answered } = setUp();
    expect(answered()).toBe('psi');
    cluster.blockAdminApi();
    expect(answered()).toBe('i');
    cluster.blockAdminApi('system');
    expect([cluster.controlPlane.isBlocked, cluster.controlPlane.cutsSystem]).toEqual([true, false]);
    expect(answered()).toBe('si');
    cluster.unblockAdminApi();
    expect(answered()).toBe('psi');
    cluster.controlPlane.checkBooks();
  });

  it('of operators and one of a fault are two: neither lifts the other, and who passes both passes', () => {
    const { cluster, answered } = setUp();
    cluster.blockAdminApi('system', 'fault');
    cluster.blockAdminApi('nobody');
    expect(answered()).toBe('i');
    cluster.unblockAdminApi();
    expect([cluster.controlPlane.isBlockedBy('operators'), cluster.controlPlane.isBlockedBy('fault')]).toEqual([
      false,
      true,
    ]);
    expect(answered()).toBe('si');
    cluster.unblockAdminApi('fault');
    expect(answered()).toBe('psi');
  });

  it('over a block of somebody else begins no second silence', () => {
    const { cluster } = setUp();
    const { kubelets } = cluster;
    let silences = 0;
    const tell = kubelets.pathBlocked.bind(kubelets);
    kubelets.pathBlocked = () => {
      silences++;
      tell();
    };
    cluster.blockAdminApi();
    cluster.blockAdminApi('nobody', 'fault');
    expect(silences).toBe(1);
    cluster.unblockAdminApi();
    cluster.blockAdminApi();
    expect(silences).toBe(1);
    cluster.unblockAdminApi();
    cluster.unblockAdminApi('fault');
    cluster.blockAdminApi();
    expect(silences).toBe(2);
  });

  it('that lets the system through leaves every node ready; one that does not, none', () => {
    for (const [letThrough, notReady] of [
      ['system', 0],
      ['nobody', 5],
    ] as const) {
      const { simulation, cluster } = setUp();
      cluster.blockAdminApi(letThrough);
      advance(simulation, minutes(5));
      expect(cluster.kubelets.countNotReady()).toBe(notReady);
      cluster.unblockAdminApi();
      advance(simulation, minutes(2));
      expect(cluster.kubelets.countNotReady()).toBe(0);
      cluster.controlPlane.checkBooks();
    }
  });

  it('that is opened for the system first brings the kubelets back before anybody else', () => {
    const { simulation, cluster, answered } = setUp();
    cluster.blockAdminApi();
    advance(simulation, minutes(5));
    cluster.blockAdminApi('system');
    advance(simulation, minutes(2));
    expect(cluster.kubelets.countNotReady()).toBe(0);
    expect(answered()).toBe('si');
  });
});
