import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type ClusterBenchOptions, flatCosts } from '../kubernetes/testing/bench.ts';
import { noCause } from './chronicle.ts';
import type { Gate } from './control-plane-gate.ts';
import { Rollout, type Wave } from './rollout.ts';
import type { Site } from './site.ts';
import { createChronicle, createSite, notesOf } from './testing/bench.ts';

const LIST = 'list-pods-etcd-json';
const gate: Gate = { apiServerCpuAbove: 0.5, apiErrorShareAbove: 0.05, window: minutes(1) };

function setUp(
  waves: (sites: readonly Site[]) => readonly Wave[],
  options: { gate?: Gate; cluster?: ClusterBenchOptions; sites?: number } = {},
) {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const sites = Array.from({ length: options.sites ?? 2 }, (_, i) =>
    createSite(simulation, chronicle, `c${i}`, { nodes: 40, ...options.cluster }),
  );
  const rollout = new Rollout(simulation, chronicle, { agent: 'agent', gate: options.gate, waves: waves(sites) });
  const notes = (): string[] => notesOf(chronicle);
  const agents = (): number[] => sites.map((site) => site.cluster.daemonSet.podCount);
  const check = (): void => sites.forEach((site) => site.cluster.controlPlane.checkBooks());
  return { simulation, chronicle, sites, rollout, notes, agents, check };
}

describe('waves', () => {
  it('with times start then, whether or not the one before has settled', () => {
    const { simulation, notes, check } = setUp(([a, b]) => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, at: minutes(1) + seconds(0.5) },
    ]);
    advance(simulation, minutes(10));
    expect(notes()).toEqual([
      '1.0 rollout c0: agent rolled out, 40 nodes',
      '1.0 rollout c1: agent rolled out, 40 nodes',
    ]);
    check();
  });

  it('with a bake time start that long after the one before has settled', () => {
    const { simulation, chronicle, check } = setUp(([a, b]) => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, bake: minutes(10) },
    ]);
    advance(simulation, minutes(20));
    const [first, second] = chronicle.notes.map((note) => note.at / seconds(1));
    // Forty pods take the burst of thirty and half a second; the pipeline looks every five seconds.
    expect(second! - first!).toBeGreaterThanOrEqual(600);
    expect(second! - first!).toBeLessThanOrEqual(610);
    check();
  });

  it('of one cluster grow in share, each after the one before', () => {
    const { simulation, notes, agents } = setUp(
      ([a]) => [0.1, 0.5, 1].map((nodesShare) => ({ sites: [a!], nodesShare, bake: minutes(1) })),
      { sites: 1 },
    );
    advance(simulation, minutes(2));
    expect(agents()).toEqual([4]);
    advance(simulation, minutes(5));
    expect(agents()).toEqual([40]);
    expect(notes().map((note) => note.replace(/^\S+ /, ''))).toEqual([
      'rollout c0: agent rolled out on 10 % of the nodes, 40 nodes',
      'rollout c0: agent rolled out on 50 % of the nodes, 40 nodes',
      'rollout c0: agent rolled out, 40 nodes',
    ]);
  });

  it('wait until a cluster whose API is away has taken the change', () => {
    const { simulation, sites, chronicle, check } = setUp(([a, b]) => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, bake: minutes(1) },
    ]);
    advance(simulation, seconds(30));
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(10));
    expect(chronicle.notes).toEqual([]);
    sites[0]!.cluster.unblockAdminApi();
    advance(simulation, minutes(5));
    expect(chronicle.notes.map((note) => note.cluster)).toEqual(['c0', 'c1']);
    check();
  });

  it('the pipeline has one request at a time under way in a cluster, and the last wish wins', () => {
    const { simulation, sites, agents, notes, check } = setUp(
      ([a]) => [0.1, 0.5, 1].map((nodesShare, i) => ({ sites: [a!], nodesShare, at: minutes(1) + seconds(i) })),
      { sites: 1 },
    );
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(5));
    sites[0]!.cluster.unblockAdminApi();
    advance(simulation, minutes(5));
    expect(agents()).toEqual([40]);
    expect(notes().map((note) => note.replace(/^\S+ /, ''))).toEqual(['rollout c0: agent rolled out, 40 nodes']);
    check();
  });

  it('the note of a later wave names the one before as its cause, and the first has none', () => {
    const { simulation, chronicle, sites } = setUp(
      ([a]) => [0.5, 1].map((nodesShare) => ({ sites: [a!], nodesShare, bake: minutes(1) })),
      { sites: 1 },
    );
    advance(simulation, minutes(10));
    expect(chronicle.notes.map((note) => note.causedBy)).toEqual([noCause, 0]);
    expect(sites[0]!.rolloutNote).toBe(1);
  });
});

describe('the gate', () => {
  // Forty agents, one LIST of 2 s each a minute: 80 core-seconds a minute on three servers of one core each.
  const heavy = { cores: 1, apiServers: 3, etcdCores: 8, costs: flatCosts({ [LIST]: { cpuMs: 2000 } }) };
  const waves = ([a, b]: readonly Site[]): readonly Wave[] => [
    { sites: [a!], nodesShare: 1, at: minutes(1) },
    { sites: [b!], nodesShare: 1, bake: minutes(10) },
  ];

  it('stops the rollout before the next wave and takes the change back', () => {
    const { simulation, notes, agents, sites, rollout, check } = setUp(waves, { gate, cluster: heavy });
    advance(simulation, minutes(30));
    expect(rollout.halted.isFired).toBe(true);
    expect(agents()).toEqual([0, 0]);
    expect(sites.map((site) => site.takenBack.isFired)).toEqual([true, false]);
    expect(sites[1]!.rolloutNote).toBe(noCause);
    expect(notes().map((note) => note.replace(/^\S+ |\d+ %/g, ''))).toEqual([
      'rollout c0: agent rolled out, 40 nodes',
      'action c0: gate stops the rollout: API server CPU at ',
      'action c0: agent taken back by the pipeline',
    ]);
    check();
  });

  it('has nothing to stop any more where people or the pipeline were faster', () => {
    const { simulation, agents, notes, rollout } = setUp(waves, { gate, cluster: heavy });
    advance(simulation, minutes(1) + seconds(10));
    expect(rollout.stop()).toBe(true);
    advance(simulation, minutes(30));
    expect(agents()).toEqual([40, 0]);
    expect(notes().map((note) => note.replace(/^\S+ /, ''))).toEqual(['rollout c0: agent rolled out, 40 nodes']);
  });

  it('lets a harmless change through', () => {
    const light = { ...heavy, costs: flatCosts({ [LIST]: { cpuMs: 20 } }) };
    const { simulation, rollout, agents } = setUp(waves, { gate, cluster: light });
    advance(simulation, minutes(30));
    expect(rollout.halted.isFired).toBe(false);
    expect(agents()).toEqual([40, 40]);
  });

  it('sees errors of the API as well as its cores', () => {
    const { simulation, sites, notes } = setUp(waves, { gate });
    advance(simulation, minutes(3));
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(2));
    expect(notes().at(-1)).toMatch(/gate stops the rollout: \d+ % of API requests fail$/);
  });

  it('does not look at clusters the rollout has not reached', () => {
    const { simulation, sites, rollout } = setUp(waves, { gate });
    sites[1]!.cluster.blockAdminApi();
    advance(simulation, minutes(9));
    expect(rollout.halted.isFired).toBe(false);
  });

  it('taking back goes through the API: it waits until the API answers', () => {
    const { simulation, sites, notes, agents, check } = setUp(waves, { gate });
    advance(simulation, minutes(3));
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(10));
    expect(agents()[0]).toBe(40);
    // A lock-out of people that has begun ends with it.
    sites[0]!.lockOut.failed(simulation.now);
    sites[0]!.cluster.unblockAdminApi();
    advance(simulation, minutes(2));
    expect(sites[0]!.lockOut.firstSuccess).toBeGreaterThan(sites[0]!.lockOut.firstFailure);
    expect(agents()[0]).toBe(0);
    expect(notes().at(-1)).toMatch(/taken back by the pipeline$/);
    check();
  });

  it('that closes while a write is under way lets it end and then takes it back', () => {
    const slow = { ...heavy, costs: flatCosts({ [LIST]: { cpuMs: 2000 }, 'object-update': { cpuMs: 25_000 } }) };
    const { simulation, agents, rollout, check } = setUp(
      ([a]) => [0.9, 1].map((nodesShare) => ({ sites: [a!], nodesShare, bake: minutes(2) })),
      { gate, cluster: slow, sites: 1 },
    );
    advance(simulation, minutes(60));
    expect(rollout.halted.isFired).toBe(true);
    expect(agents()).toEqual([0]);
    check();
  });
});

describe('people', () => {
  it('stop a rollout that is going on: no further wave begins, nothing is taken back', () => {
    const { simulation, rollout, agents } = setUp(([a, b]) => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, bake: minutes(10) },
    ]);
    advance(simulation, minutes(5));
    expect(rollout.stop()).toBe(true);
    expect(rollout.stop()).toBe(false);
    advance(simulation, minutes(20));
    expect(agents()).toEqual([40, 0]);
  });

  it('stop a write that has not got through yet', () => {
    const { simulation, sites, rollout, agents, check } = setUp(
      ([a]) => [{ sites: [a!], nodesShare: 1, at: minutes(1) }],
      { sites: 1 },
    );
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(3));
    expect(rollout.stop()).toBe(true);
    advance(simulation, minutes(1));
    sites[0]!.cluster.unblockAdminApi();
    advance(simulation, minutes(10));
    expect(agents()).toEqual([0]);
    check();
  });

  it('cannot stop pods that the controller is creating: the object has been written', () => {
    const { simulation, rollout, agents } = setUp(([a]) => [{ sites: [a!], nodesShare: 1, at: minutes(1) }]);
    advance(simulation, minutes(1) + ms(100));
    expect(agents()[0]).toBeLessThan(40);
    expect(rollout.stop()).toBe(false);
    advance(simulation, minutes(1));
    expect(agents()[0]).toBe(40);
  });

  it('cannot stop what has come to its end', () => {
    const { simulation, rollout } = setUp(([a]) => [{ sites: [a!], nodesShare: 1, at: minutes(1) }]);
    advance(simulation, minutes(5) + ms(1));
    expect(rollout.stop()).toBe(false);
    expect(rollout.halted.isFired).toBe(false);
  });
});
