import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type ClusterBenchOptions, flatCosts } from '../kubernetes/testing/bench.ts';
import { noCause } from './chronicle.ts';
import { createChronicle, createSite, notesOf } from './testing/bench.ts';

function setUp(options: ClusterBenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const site = createSite(simulation, chronicle, 'large', options);
  return {
    simulation,
    chronicle,
    site,
    rollOut: () => (site.rolloutNote = chronicle.note('rollout', 'rolled out', noCause)),
  };
}

describe('what counts for the availability of the API', () => {
  it('are clients of the system, not the offender and not the probes', () => {
    const { simulation, site } = setUp();
    site.cluster.daemonSet.select(1);
    advance(simulation, minutes(5));
    const { groups } = site.cluster.controlPlane;
    const counted = groups.filter((group) => !['agent', 'liveness-probe'].includes(group.name));
    const sent = counted.reduce((sum, group) => sum + group.sent, 0);
    const { ok, ended, waiting } = site.apiCounts();
    expect(ended + waiting).toBe(sent);
    expect(ok).toBe(ended);
    expect(groups.find((group) => group.name === 'agent')!.sent).toBeGreaterThan(10);
  });
});

describe('blame', () => {
  it('a process that dies while it serves the agent is blamed on the rollout', () => {
    const { simulation, chronicle, site, rollOut } = setUp({ memory: 1000 });
    rollOut();
    site.cluster.daemonSet.select(1);
    const { servers } = site.cluster.controlPlane;
    advance(simulation, seconds(1));
    servers[0]!.kill('liveness');
    expect(notesOf(chronicle).at(-1)).toBe('0.0 liveness-kill large: API server 0 killed by its liveness probe');
    expect(chronicle.notes.at(-1)!.causedBy).toBe(site.rolloutNote);
  });

  it('without a rollout a kill has the last trouble as its cause', () => {
    const { chronicle, site } = setUp();
    const trouble = chronicle.note('etcd-kill', 'trouble', noCause, 'large');
    site.lastCause = trouble;
    site.cluster.controlPlane.servers[0]!.kill('liveness');
    expect(chronicle.notes.at(-1)!.causedBy).toBe(trouble);
    expect(site.lastCause).toBe(1);
  });

  it('the first name that fails is noted once, and blamed on what happened last', () => {
    const registryDns = {
      instances: 1,
      names: 50,
      ttl: minutes(2),
      negativeTtl: seconds(5),
      lookupTimeout: seconds(2),
      patience: seconds(1),
      serveStale: seconds(0),
    };
    const { simulation, chronicle, site } = setUp({ registryDns });
    for (const server of site.cluster.controlPlane.servers) server.kill('liveness');
    advance(simulation, minutes(1));
    const dns = chronicle.notes.filter((note) => note.kind === 'dns');
    expect(dns).toHaveLength(1);
    expect(chronicle.notes[dns[0]!.causedBy]!.kind).toBe('liveness-kill');
    expect(site.dnsNote).toBe(chronicle.notes.indexOf(dns[0]!));
  });
});

it('an etcd member that dies is noted', () => {
  const { simulation, chronicle } = setUp({ etcdMemory: 1, costs: flatCosts({ probe: { etcdBytes: 2 } }) });
  advance(simulation, seconds(20));
  expect(notesOf(chronicle)[0]).toMatch(/etcd-kill large: etcd member \d out of memory$/);
});
