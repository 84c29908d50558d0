import { type Duration, minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type ClusterBenchOptions } from '../kubernetes/testing/bench.ts';
import { noCause } from './chronicle.ts';
import { Operators, type OperatorsOptions } from './operators.ts';
import { createAlerting, createChronicle, createSite, notesOf } from './testing/bench.ts';
import { PlainUsers } from '../data-plane/plain-users.ts';

const takes = (time: Duration) => ({ sample: () => time });

const options: OperatorsOptions = {
  agent: 'agent',
  crew: 1,
  paging: takes(minutes(1)),
  diagnosis: takes(minutes(3)),
  steering: takes(minutes(5)),
  rollbackPause: takes(minutes(1)),
  rollbackTimeout: seconds(30),
  rollbackRequests: 3,
  escalation: takes(minutes(10)),
  blockAdminApi: null,
  scaleUp: null,
  scaleUpFactor: 2,
  scaleDown: null,
  scaleDownShare: 0.3,
  verification: takes(minutes(5)),
};

const dns: ClusterBenchOptions['registryDns'] = {
  instances: 1,
  names: 50,
  ttl: minutes(10),
  negativeTtl: seconds(5),
  lookupTimeout: seconds(2),
  patience: seconds(1),
  serveStale: seconds(0),
};

function setUp(changes: Partial<OperatorsOptions> = {}, cluster: ClusterBenchOptions = {}, count = 1) {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const sites = Array.from({ length: count }, (_, i) => createSite(simulation, chronicle, `c${i}`, cluster));
  const products = [{ id: 'chat', title: 'Chat', requestsPerSecond: 100, lookups: 5 }];
  const users = new PlainUsers(simulation, { products, headroom: 0.5 }, sites, () => {});
  const rule = { scrapeInterval: seconds(30), apiErrorShareAbove: 0.05, for: minutes(1) };
  const alerting = createAlerting(simulation, chronicle, rule, sites);
  let stops = 0;
  const stopRollout = (): boolean => stops++ === 0;
  const parts = { sites, alerting, users, stopRollout };
  const operators = new Operators(simulation, chronicle, { ...options, ...changes }, parts);
  const rollOut = (index = 0): void => {
    const site = sites[index]!;
    site.rolloutNote = chronicle.note('rollout', 'agent rolled out', noCause, site.id);
    site.cluster.daemonSet.select(1);
  };
  const texts = (): string[] => notesOf(chronicle);
  const at = (text: string): number | undefined => {
    const note = chronicle.notes.find((one) => one.text.startsWith(text));
    return note === undefined ? undefined : note.at / minutes(1);
  };
  /** The API of a site is cut off from outside: what looks like its death to kubelets and operators. */
  const cut = (index = 0): void => sites[index]!.cluster.blockAdminApi();
  const mend = (index = 0): void => sites[index]!.cluster.unblockAdminApi();
  return {
    simulation,
    chronicle,
    sites,
    users,
    operators,
    alerting,
    rollOut,
    texts,
    at,
    cut,
    mend,
    stops: () => stops,
  };
}

describe('from the alert to the cause', () => {
  it('takes paging and diagnosis, and stops the rollout once', () => {
    const { simulation, rollOut, cut, at, stops } = setUp();
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(10));
    const alert = at('alert')!;
    expect(alert).toBeGreaterThan(2);
    expect(at('engineers are notified')).toBeCloseTo(alert + 1, 9);
    expect(at('cause identified: agent')).toBeCloseTo(alert + 4, 9);
    expect(at('rollout stopped')).toBeCloseTo(alert + 4, 9);
    expect(stops()).toBe(1);
  });

  it('without a change or a fault it is a false alarm, and the next alert is answered', () => {
    const { simulation, rollOut, cut, mend, at, stops, alerting } = setUp();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(10));
    const first = at('alert')!;
    expect(at('false alarm')).toBeCloseTo(first + 4, 9);
    expect([at('cause identified'), stops()]).toEqual([undefined, 0]);
    mend();
    advance(simulation, minutes(5));
    expect(alerting.isFiring(0)).toBe(false);
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(10));
    expect(at('cause identified: agent')).toBeGreaterThan(17 + 4);
    expect(at('alert')).toBe(first);
    expect(stops()).toBe(1);
  });

  it('without an alert nobody comes', () => {
    const { simulation, rollOut, texts } = setUp();
    rollOut();
    advance(simulation, minutes(60));
    expect(texts()).toEqual(['0.0 rollout c0: agent rolled out']);
  });
});

describe('roll-back through the API', () => {
  it('is tried again and again while the API is away; the lock-out ends with the first success', () => {
    const { simulation, rollOut, cut, mend, operators, sites, at } = setUp();
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(20));
    expect(at('agent deleted')).toBeUndefined();
    const [locked] = operators.lockOuts();
    expect(locked).toMatchObject({ cluster: 'c0', firstSuccess: -1 });
    expect(locked!.firstFailure / minutes(1)).toBeCloseTo(at('cause identified')! + 0.5, 6);
    mend();
    advance(simulation, minutes(5));
    const [freed] = operators.lockOuts();
    expect(freed!.firstSuccess).toBeGreaterThan(minutes(21));
    expect(freed!.firstSuccess).toBeLessThan(minutes(23));
    expect(sites[0]!.cluster.daemon.runningCount).toBe(0);
    expect(at('last pod of agent deleted')).toBeGreaterThanOrEqual(at('agent deleted')!);
    sites[0]!.cluster.controlPlane.checkBooks();
  });

  it('one try is as many requests as asked for, and all must succeed', () => {
    const { simulation, rollOut, cut, mend, sites } = setUp({ rollbackRequests: 4 });
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(3));
    mend();
    advance(simulation, minutes(10));
    const operator = sites[0]!.cluster.controlPlane.groups.find((group) => group.name === 'operator')!;
    expect(operator.ended[0]).toBe(4);
  });

  it('a cluster that never got the change is left alone', () => {
    const { simulation, rollOut, cut, sites, operators } = setUp({}, {}, 2);
    rollOut(0);
    advance(simulation, minutes(1));
    cut(0);
    advance(simulation, minutes(20));
    const other = sites[1]!.cluster.controlPlane.groups.find((group) => group.name === 'operator')!;
    expect(other.sent).toBe(0);
    expect(operators.lockOuts()).toHaveLength(1);
  });

  it('a cluster that gets it later is taken on then', () => {
    const { simulation, rollOut, cut, sites } = setUp({}, {}, 2);
    rollOut(0);
    advance(simulation, minutes(1));
    cut(0);
    advance(simulation, minutes(20));
    rollOut(1);
    advance(simulation, minutes(3));
    expect(sites[1]!.cluster.daemonSet.podCount).toBe(0);
  });
});

describe('other ways', () => {
  it('begin after the escalation, with a crew member, and each takes its time', () => {
    const { simulation, rollOut, cut, at, sites } = setUp(
      { scaleUp: takes(minutes(20)), scaleDown: takes(minutes(15)) },
      { nodes: 20, cores: 2, memory: 5000 },
    );
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(45));
    const begun = at('crew begins with this cluster')!;
    expect(begun).toBeCloseTo(at('cause identified')! + 10, 9);
    expect(at('API servers replaced by machines 2 times as large')).toBeCloseTo(begun + 20, 9);
    expect(at('cluster scaled down by 6 nodes')).toBeCloseTo(begun + 15, 9);
    expect(sites[0]!.cluster.kubelets.count).toBe(14);
    for (const server of sites[0]!.cluster.controlPlane.balanced) {
      expect([server.cpu.cores, server.memoryLimitBytes]).toEqual([4, 10_000]);
    }
    expect(at('admin API blocked')).toBeUndefined();
    sites[0]!.cluster.controlPlane.checkBooks();
  });

  it('a block lets operators in from inside, is lifted when the agents are gone, and the cluster is verified', () => {
    const { simulation, rollOut, cut, at, sites } = setUp({ blockAdminApi: takes(minutes(8)) });
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(60));
    const blocked = at('admin API blocked at the network')!;
    expect(blocked).toBeCloseTo(at('crew begins')! + 8, 9);
    expect(at('agent deleted')! - blocked).toBeLessThan(0.1);
    expect(at('block of the admin API lifted')).toBe(at('last pod of agent deleted'));
    expect(at('operators call the cluster recovered')).toBeCloseTo(at('block of the admin API lifted')! + 5, 9);
    expect(sites[0]!.cluster.controlPlane.isBlocked).toBe(false);
    expect(sites[0]!.cluster.daemon.runningCount).toBe(0);
  });

  it('a crew of one goes from cluster to cluster, a crew of two does both at once', () => {
    for (const crew of [1, 2]) {
      const { simulation, rollOut, cut, chronicle } = setUp({ crew, blockAdminApi: takes(minutes(8)) }, {}, 2);
      [0, 1].forEach((index) => rollOut(index));
      advance(simulation, minutes(1));
      [0, 1].forEach((index) => cut(index));
      advance(simulation, minutes(90));
      const times = (text: string): number[] =>
        chronicle.notes.filter((note) => note.text.startsWith(text)).map((note) => note.at);
      const [first, second] = times('crew begins');
      if (crew === 1) expect(second).toBe(times('operators call the cluster recovered')[0]);
      else expect(second).toBe(first);
    }
  });

  it('are not used on a cluster that was cleared while it waited for the crew', () => {
    const { simulation, rollOut, cut, mend, chronicle } = setUp({ blockAdminApi: takes(minutes(20)) }, {}, 2);
    [0, 1].forEach((index) => rollOut(index));
    advance(simulation, minutes(1));
    [0, 1].forEach((index) => cut(index));
    advance(simulation, minutes(20));
    mend(1);
    advance(simulation, minutes(70));
    const begun = chronicle.notes.filter((note) => note.text.startsWith('crew begins'));
    expect(begun.map((note) => note.cluster)).toEqual(['c0']);
  });

  it('are not used when roll-back succeeds before', () => {
    const { simulation, rollOut, cut, mend, at } = setUp({ blockAdminApi: takes(minutes(1)) });
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(8));
    mend();
    advance(simulation, minutes(60));
    expect(at('agent deleted')).toBeDefined();
    expect(at('crew begins')).toBeUndefined();
  });

  it('without a crew nothing but roll-back is tried', () => {
    const { simulation, rollOut, cut, at } = setUp({ crew: 0, blockAdminApi: takes(minutes(1)) });
    rollOut();
    advance(simulation, minutes(1));
    cut();
    advance(simulation, minutes(90));
    expect(at('crew begins')).toBeUndefined();
    expect(at('roll-back fails')).toBeDefined();
  });
});

describe('traffic', () => {
  it('is steered away from clusters whose users see errors, and back after ten minutes without', () => {
    const { simulation, rollOut, cut, mend, users, at } = setUp({}, { registryDns: dns }, 2);
    rollOut(0);
    advance(simulation, minutes(1));
    cut(0);
    advance(simulation, minutes(20));
    const steered = at('traffic steered away')!;
    expect(steered).toBeCloseTo(at('cause identified')! + 5, 9);
    expect(users.weight(0)).toBeCloseTo(0.25, 9);
    expect(users.weight(1)).toBeCloseTo(0.75, 9);
    const mended = simulation.now / minutes(1);
    mend(0);
    advance(simulation, minutes(9));
    expect(at('traffic steered back')).toBeUndefined();
    advance(simulation, minutes(4));
    expect(at('traffic steered back')! - mended).toBeGreaterThan(9);
    expect(users.weight(0)).toBeCloseTo(0.5, 9);
  });
});
