/** A whole data plane: what becomes of instances while names, the API or nodes are gone, and what comes when they are back. */
import { type Duration, minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { InstanceState } from './instance-lives.ts';
import { createDataPlane, PretendedCluster, quiet } from './testing/bench.ts';

describe('pods that go', () => {
  it('come back at another node through the API', () => {
    const simulation = new Simulation({ seed: 1 });
    const cluster = new PretendedCluster(simulation);
    const { dataPlane } = createDataPlane(simulation, cluster);
    const node = dataPlane.instances.node[3];
    dataPlane.lives.lose(3);
    expect(dataPlane.lives.count(InstanceState.missing)).toBe(1);
    advance(simulation, seconds(1));
    expect(dataPlane.lives.state(3)).toBe(InstanceState.ready);
    expect(dataPlane.instances.node[3]).not.toBe(node);
    expect(dataPlane.instances.isListed(3)).toBe(true);
  });

  it('stay away while the API is down, so that replicas dwindle; deployments and crashes do not add to it', () => {
    const shareAfterADay = (churn: typeof quiet.churn): number => {
      const simulation = new Simulation({ seed: 1 });
      const cluster = new PretendedCluster(simulation);
      const { dataPlane } = createDataPlane(simulation, cluster, { replicas: 200, churn });
      cluster.isApiUp = false;
      advance(simulation, minutes(24 * 60));
      return dataPlane.lives.count(InstanceState.ready) / dataPlane.instances.count;
    };
    // Losses are a Poisson stream over all instances: each has escaped with probability exp(-0.5).
    expect(Math.abs(shareAfterADay({ ...quiet.churn, lossesPerDay: 0.5 }) - Math.exp(-0.5))).toBeLessThan(0.05);
    expect(shareAfterADay({ ...quiet.churn, deploymentsPerDay: 0.5, crashesPerDay: 0.5 })).toBeGreaterThan(0.99);
  });

  it('with the API there are hardly missed', () => {
    const simulation = new Simulation({ seed: 1 });
    const cluster = new PretendedCluster(simulation);
    const churn = { deploymentsPerDay: 1, lossesPerDay: 1, crashesPerDay: 1 };
    const { dataPlane } = createDataPlane(simulation, cluster, { replicas: 100, churn });
    advance(simulation, minutes(24 * 60));
    expect(dataPlane.lives.count(InstanceState.ready)).toBeGreaterThan(0.99 * dataPlane.instances.count);
    expect(cluster.written).toBeGreaterThan(2 * dataPlane.instances.count);
  });

  it('go with the nodes that the cloud takes away, and find room on the others', () => {
    const simulation = new Simulation({ seed: 1 });
    const cluster = new PretendedCluster(simulation);
    const { dataPlane } = createDataPlane(simulation, cluster, { replicas: 50 });
    cluster.exists.fill(0, 70);
    dataPlane.followNodes();
    const missing = dataPlane.lives.count(InstanceState.missing) / dataPlane.instances.count;
    expect(missing).toBeGreaterThan(0.2);
    expect(missing).toBeLessThan(0.4);
    advance(simulation, seconds(2));
    expect(dataPlane.lives.count(InstanceState.ready)).toBe(dataPlane.instances.count);
    expect(Math.max(...dataPlane.instances.node)).toBeLessThan(70);
  });
});

describe('an instance that crashes', () => {
  it('is started again by its kubelet with the back-off of crash loops, without the API', () => {
    const simulation = new Simulation({ seed: 1 });
    const cluster = new PretendedCluster(simulation);
    const { dataPlane } = createDataPlane(simulation, cluster);
    cluster.isApiUp = false;
    const waits: number[] = [];
    for (let crash = 0; crash < 8; crash++) {
      dataPlane.lives.crash(2);
      const start = simulation.now;
      while (dataPlane.lives.state(2) !== InstanceState.ready) advance(simulation, seconds(1));
      waits.push((simulation.now - start) / seconds(1));
    }
    expect(waits).toEqual([1, 10, 20, 40, 80, 160, 300, 300]);
    advance(simulation, minutes(11));
    dataPlane.lives.crash(2);
    advance(simulation, seconds(2));
    expect(dataPlane.lives.state(2)).toBe(InstanceState.ready);
  });
});

/** 1 GB for each start through 10 GB/s within 60 s: 600 at once are the threshold. */
const download = {
  bytes: 1e9,
  bytesPerSecond: 10e9,
  bytesPerSecondEach: 1e9,
  timeout: seconds(60),
  concurrent: Infinity,
  warmShare: 0.1,
};

/**
 * All names fail for an hour and are back. Half of the 8 services call others; their instances have lost connections, exit after
 * 2 minutes and are started again 5 minutes later. So at any moment 2 of 7 are looking for the name of their download, and when
 * it is back they have it within 70 s, the longest wait. Of 6,000 callers these are 1,714, of which the limit lets 700 through in
 * that time: the pile of 1,000 is above the threshold of 600, and nobody in it can finish any more. Of 200 it never is.
 */
function afterDnsOutage(replicas: number, help?: 'limit' | 'warm', concurrent = Infinity) {
  const simulation = new Simulation({ seed: 3 });
  const cluster = new PretendedCluster(simulation, 'c', 100, 8);
  const startUp = { ...quiet.startUp, exitAfter: minutes(2), download: { ...download, concurrent } };
  const { dataPlane } = createDataPlane(simulation, cluster, { replicas, startUp }, [7]);
  const share = (): number => dataPlane.lives.count(InstanceState.ready) / dataPlane.instances.count;
  cluster.failureProbability = () => 1;
  advance(simulation, minutes(60));
  const during = share();
  cluster.failureProbability = () => 0;
  advance(simulation, minutes(60));
  const hourLater = share();
  if (help === 'limit') dataPlane.startUps!.setLimit(100);
  if (help === 'warm') dataPlane.startUps!.warm();
  // The time of one time-out, of the bytes of everybody, and of the last back-off.
  const time = 60 + (dataPlane.instances.count * 1e9) / 10e9 + 70;
  advance(simulation, seconds(Math.ceil(time)) as Duration);
  dataPlane.checkBooks();
  return { during, hourLater, end: share(), wasted: dataPlane.startUps!.books().wastedBytes };
}

describe('when names are back after an hour', () => {
  it('a small cluster is well within minutes', () => {
    const { during, hourLater, wasted } = afterDnsOutage(50);
    // Leaves of the call graph call nobody and never lose anything.
    expect(during).toBeLessThan(0.75);
    expect(hourLater).toBe(1);
    expect(wasted).toBe(0);
  });

  it('a large one with the same limit stalls: all start at once and none gets through', () => {
    const { during, hourLater, end, wasted } = afterDnsOutage(1500);
    expect(hourLater - during).toBeLessThan(0.35);
    expect(end - hourLater).toBeLessThan(0.1);
    expect(wasted).toBeGreaterThan(0.5 * 10e9 * 3600);
  });

  it('until somebody limits how many start at once, or warms caches', () => {
    expect(afterDnsOutage(1500, 'limit').end).toBeGreaterThan(0.99);
    expect(afterDnsOutage(1500, 'warm').end).toBeGreaterThan(0.99);
  });

  it('and with that limit from the beginning there is no stall', () => {
    const { hourLater, wasted } = afterDnsOutage(1500, undefined, 100);
    expect(hourLater).toBe(1);
    expect(wasted).toBe(0);
  });
});

it('a container that exits has the back-off of a first death when it had run for long enough, ready or not', () => {
  const simulation = new Simulation({ seed: 1 });
  const cluster = new PretendedCluster(simulation);
  // Twelve minutes to download, then two of trying in vain: fourteen, of which none was ready, and ten are enough.
  const slow = { ...download, bytes: 720e9, bytesPerSecond: 1e15, timeout: minutes(30) };
  const { dataPlane } = createDataPlane(simulation, cluster, {
    replicas: 5,
    startUp: { ...quiet.startUp, exitAfter: minutes(2), download: slow },
  });
  cluster.failureProbability = (_node, name) => (name === 0 ? 0 : 1);
  advance(simulation, minutes(180));
  const callers = dataPlane.instances.count - dataPlane.lives.count(InstanceState.ready);
  expect(callers).toBeGreaterThan(10);
  const before = dataPlane.lives.exits;
  advance(simulation, minutes(10 * 15));
  // Fourteen minutes and a little; with minutes of back-off between them there would be fewer than nine.
  expect((dataPlane.lives.exits - before) / callers).toBeGreaterThan(10);
});
