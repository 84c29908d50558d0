import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type ClusterBenchOptions, flatCosts } from '../kubernetes/testing/bench.ts';
import type { HealthGateOptions } from './health-gate.ts';
import { Rollout, type Wave } from './rollout.ts';
import type { PipelineOptions } from './rollout-pipeline.ts';
import type { Site } from './site.ts';
import { createChronicle, createMonitoring, createSite, notesOf } from './testing/bench.ts';

interface Changes {
  readonly health?: Partial<HealthGateOptions>;
  readonly pipeline?: PipelineOptions;
  readonly cluster?: ClusterBenchOptions;
}

/** Two clusters of 20 nodes; agents that ask for 2 s of an API server each minute: 40 of 180 core-seconds. */
function setUp(waves: (sites: readonly Site[]) => readonly Wave[], changes: Changes = {}) {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const costs = flatCosts({ 'list-pods-etcd-json': { cpuMs: 2000 } });
  const cluster = { nodes: 20, cores: 1, etcdCores: 8, costs, ...changes.cluster };
  const sites = [0, 1].map((i) => createSite(simulation, chronicle, `c${i}`, cluster));
  const monitoring = createMonitoring(simulation, { scrapeInterval: seconds(30) }, sites);
  const options: HealthGateOptions = {
    window: minutes(1),
    conditions: [{ metric: 'apiserver_cpu_share', above: 0.1 }],
    ...changes.health,
  };
  const rollout = new Rollout(simulation, chronicle, {
    agent: 'agent',
    gate: undefined,
    waves: waves(sites),
    ...(changes.health === undefined ? {} : { health: { options, monitoring } }),
    ...(changes.pipeline === undefined ? {} : { pipeline: changes.pipeline }),
  });
  const agents = (): number[] => sites.map((site) => site.cluster.daemonSet.podCount);
  const check = (): void => sites.forEach((site) => site.cluster.controlPlane.checkBooks());
  return { simulation, chronicle, sites, rollout, agents, check, notes: () => notesOf(chronicle) };
}

const inTurn = ([a, b]: readonly Site[]): readonly Wave[] => [
  { sites: [a!], nodesShare: 1, at: minutes(1) },
  { sites: [b!], nodesShare: 1, bake: minutes(10) },
];

describe('a rollout with a health gate', () => {
  it('stops and takes the change back', () => {
    const { simulation, agents, notes, rollout, check } = setUp(inTurn, { health: {} });
    advance(simulation, minutes(20));
    expect(rollout.halted.isFired).toBe(true);
    expect(agents()).toEqual([0, 0]);
    expect(notes().map((note) => note.replace(/^\S+ |\S+ %/g, ''))).toEqual([
      'rollout c0: agent rolled out, 20 nodes',
      'action c0: gate stops the rollout: apiserver_cpu_share at ',
      'action c0: agent taken back by the pipeline',
    ]);
    check();
  });

  it('that only halts leaves the change where it is', () => {
    const { simulation, agents, rollout } = setUp(inTurn, { health: { action: 'halt' } });
    advance(simulation, minutes(20));
    expect(rollout.halted.isFired).toBe(true);
    expect(agents()).toEqual([20, 0]);
  });

  it('goes on where nothing is wrong', () => {
    const conditions = [{ metric: 'apiserver_cpu_share', above: 0.9 }] as const;
    const { simulation, agents, rollout } = setUp(inTurn, { health: { conditions } });
    advance(simulation, minutes(20));
    expect(rollout.halted.isFired).toBe(false);
    expect(agents()).toEqual([20, 20]);
  });

  it('waits with the next wave while a condition fails, without ever stopping', () => {
    const health = { failures: 1000 };
    const { simulation, agents } = setUp(inTurn, { health });
    advance(simulation, minutes(30));
    expect(agents()).toEqual([20, 0]);
  });

  it('a person who stopped it has the last word: nothing is taken back', () => {
    const { simulation, agents, rollout } = setUp(inTurn, { health: { failures: 3 } });
    advance(simulation, minutes(3));
    expect(rollout.stop()).toBe(true);
    advance(simulation, minutes(20));
    expect(agents()).toEqual([20, 0]);
  });

  it('a first write that is under way when the gate closes is taken back too', () => {
    const both = ([a, b]: readonly Site[]): readonly Wave[] => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, at: minutes(2) - seconds(5) },
    ];
    const costs = flatCosts({ 'list-pods-etcd-json': { cpuMs: 2000 }, 'object-update': { cpuMs: 10_000 } });
    const { simulation, agents, notes, check } = setUp(both, { health: {}, cluster: { costs } });
    advance(simulation, minutes(15));
    expect(agents()).toEqual([0, 0]);
    expect(notes().filter((note) => note.includes('rolled out'))).toHaveLength(2);
    check();
  });
});

describe('approval', () => {
  it('comes after the bake time', () => {
    const { simulation, chronicle } = setUp(([a, b]) => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, bake: minutes(2), approval: { sample: () => minutes(30) } },
    ]);
    advance(simulation, minutes(60));
    const [first, second] = chronicle.notes.map((note) => note.at / minutes(1));
    expect(second! - first!).toBeGreaterThan(32);
    expect(second! - first!).toBeLessThan(34);
  });

  it('is not waited for once the rollout has stopped', () => {
    const { simulation, rollout, agents } = setUp(([a, b]) => [
      { sites: [a!], nodesShare: 1, at: minutes(1) },
      { sites: [b!], nodesShare: 1, approval: { sample: () => minutes(30) } },
    ]);
    advance(simulation, minutes(5));
    rollout.stop();
    advance(simulation, minutes(60));
    expect(agents()).toEqual([20, 0]);
  });
});

describe("the pipeline's requests", () => {
  const first = ([a]: readonly Site[]): readonly Wave[] => [{ sites: [a!], nodesShare: 1, at: minutes(1) }];

  it('come after pauses that double up to the longest', () => {
    const pipeline = { requestTimeout: seconds(10), pause: seconds(10), longestPause: seconds(40) };
    const { simulation, sites } = setUp(first, { pipeline });
    sites[0]!.cluster.blockAdminApi();
    const group = sites[0]!.cluster.controlPlane.groups.find(({ name }) => name === 'pipeline')!;
    const sent: number[] = [];
    // Tries at 60, then 10 s until it gives up and pauses of 10, 20, 40, 40.
    for (const instant of [61, 81, 111, 161, 211]) {
      advance(simulation, seconds(instant) - simulation.now);
      sent.push(group.sent);
    }
    expect(sent).toEqual([1, 2, 3, 4, 5]);
    advance(simulation, seconds(49));
    expect(group.sent).toBe(6);
  });

  it('end after so many tries: the rollout stops, and says so', () => {
    const { simulation, sites, rollout, notes, check } = setUp(first, { pipeline: { attempts: 3 } });
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(10));
    expect(rollout.halted.isFired).toBe(true);
    expect(notes()).toEqual(['2.8 action c0: pipeline gives rolling out up: the API does not take it']);
    sites[0]!.cluster.unblockAdminApi();
    advance(simulation, minutes(10));
    expect(sites[0]!.cluster.daemonSet.podCount).toBe(0);
    check();
  });

  it('to take the change back end after as many', () => {
    const { simulation, sites, notes, agents } = setUp(first, { health: {}, pipeline: { attempts: 2 } });
    advance(simulation, minutes(1) + seconds(30));
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(10));
    expect(agents()[0]).toBe(20);
    expect(notes().at(-1)).toMatch(/pipeline gives taking back up: the API does not take it$/);
  });
});
