import { forever, minutes, seconds, Simulation, Trace } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { noCause } from '../operations/chronicle.ts';
import { buildWorld, type World } from './build.ts';
import { agentOperation } from './build-agent.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

function worldOf(document: ScenarioDocument): World {
  const simulation = new Simulation({ seed: 1 });
  return buildWorld(simulation, new Trace(simulation, { keep: 'none' }), parseScenario(document, 'small'));
}

describe('the operation behind an agent', () => {
  it.each([
    ['unset', 'json', 'none', 'list-pods-etcd-json'],
    ['unset', 'protobuf', 'none', 'list-pods-etcd-protobuf'],
    ['0', 'json', 'none', 'list-pods-cache-json'],
    ['0', 'protobuf', 'none', 'list-pods-cache-protobuf'],
    ['unset', 'json', 'own-node', 'list-own-pods-etcd'],
    ['0', 'protobuf', 'own-node', 'list-own-pods-cache'],
  ] as const)('resourceVersion %s, %s, selector %s: %s', (resourceVersion, encoding, selector, expected) => {
    expect(agentOperation({ resourceVersion, encoding, selector })).toBe(expected);
  });
});

it('where consistent reads come from the cache, a quorum LIST does too', () => {
  const list = { resourceVersion: 'unset', encoding: 'json', selector: 'none' } as const;
  expect(agentOperation(list, true)).toBe('list-pods-cache-json');
  expect(agentOperation({ ...list, selector: 'own-node' }, true)).toBe('list-own-pods-cache');
});

describe('profiles and flags', () => {
  const optionsOf = (kubernetes: Partial<ScenarioDocument['kubernetes']>) => {
    const document = smallScenario();
    const world = worldOf({ ...document, kubernetes: { ...document.kubernetes, ...kubernetes } });
    return world.sites[1]!.cluster.options;
  };

  it('a document that names no profile keeps the plain model', () => {
    const { controlPlane, probes, daemon } = optionsOf({});
    expect(controlPlane.etcd).not.toHaveProperty('raft');
    expect(controlPlane).not.toHaveProperty('connections');
    expect(controlPlane.apiServer).not.toHaveProperty('enforcesRequestTimeout');
    expect(controlPlane.apiServer).toMatchObject({ savedCopies: 0 });
    expect(probes).not.toHaveProperty('startupFailureThreshold');
    expect(daemon.operation).toBe('list-pods-etcd-json');
  });

  it('one that does gets the mechanisms of the release', () => {
    const { controlPlane, probes, daemon } = optionsOf({ profile: 'current' });
    expect(controlPlane.etcd).toMatchObject({
      raft: { heartbeat: seconds(0.1), electionTicks: 10 },
      // 300 nodes with 30 pods of 3.6 kB, 15 kB of status and half a kB of lease each.
      storage: { quotaBytes: 2 ** 31, compactionInterval: minutes(5), liveBytes: 300 * (30 * 3_600 + 15_500) },
    });
    expect(controlPlane).toMatchObject({ connections: { streams: 100 }, goawayChance: 0 });
    expect(controlPlane.apiServer).toMatchObject({ enforcesRequestTimeout: true, savedCopies: 1.4 });
    expect(probes.startupFailureThreshold).toBe(24);
    expect(daemon.operation).toBe('list-pods-cache-json');
  });

  it('flags and gates reach the parts without a profile as well', () => {
    const { controlPlane, daemon } = optionsOf({
      flags: {
        'kube-apiserver': {
          'max-requests-inflight': 800,
          'goaway-chance': 0.001,
          'feature-gates': { ConsistentListFromCache: true },
        },
      },
    });
    expect(controlPlane.apiServer.flowControl.configuration.maxRequestsInflight).toBe(800);
    expect(controlPlane.goawayChance).toBe(0.001);
    expect(daemon.operation).toBe('list-pods-cache-json');
  });

  it('a managed control plane has the seats of its machines', () => {
    const document = smallScenario();
    const clusters = document.clusters.map((cluster) => ({
      ...cluster,
      apiServers: { replicas: 3, cores: 24, memory: '64 GiB' },
    }));
    const world = worldOf({ ...document, clusters, kubernetes: { ...document.kubernetes, profile: 'managed' } });
    const { configuration } = world.sites[0]!.cluster.options.controlPlane.apiServer.flowControl;
    expect(configuration.maxRequestsInflight + configuration.maxMutatingRequestsInflight).toBe(1800);
  });

  it.each(['2024', '1.31', 'current', 'managed'] as const)('a run under profile %s balances its books', (profile) => {
    const document = smallScenario({ nodes: 60, end: '12 min' });
    const result = runScenario({ ...document, kubernetes: { ...document.kubernetes, profile } });
    for (const { arrived, served, rejected, abandoned, timedOut, lost, inside } of result.conservation) {
      expect(served + rejected + abandoned + timedOut + lost + inside).toBe(arrived);
    }
  });
});

describe('from document to parts', () => {
  const world = worldOf(smallScenario());

  it('clusters keep their order, size and traffic', () => {
    expect(world.sites.map((site) => [site.id, site.cluster.kubelets.count, site.traffic, site.isStaging])).toEqual([
      ['small', 25, 25, false],
      ['large', 300, 300, false],
    ]);
    expect(world.firstUserFailure()).toBe(noCause);
  });

  it('quantities arrive in base units', () => {
    const { options } = world.sites[1]!.cluster;
    expect(options.kubelet).toMatchObject({ renewInterval: seconds(10), statusInterval: minutes(5) });
    expect(options.controlPlane.apiServer).toMatchObject({ cores: 1, memoryLimitBytes: 4.4 * 2 ** 30 });
    expect(options.daemon).toMatchObject({ period: seconds(15), namespace: 'telemetry' });
    expect(world.sites[1]!.cluster.controlPlane.servers).toHaveLength(3);
  });

  it('the tier has one instance per so many nodes, and at least one', () => {
    const instances = world.sites.map((site) => site.cluster.options.registryDns?.instances);
    expect(instances).toEqual([1, 6]);
  });

  it('a stale window as long as the run has no end', () => {
    const stale = (window: string): number => {
      const document = smallScenario();
      const registry = { ...document.dns.registry!, serveStale: window };
      return worldOf({ ...document, dns: { registry } }).sites[0]!.cluster.options.registryDns!.serveStale;
    };
    expect(stale('62 min')).toBe(forever);
    expect(stale('61 min')).toBe(minutes(61));
  });

  it('without a tier, without break-glass and without a rollout there are none', () => {
    const plain = worldOf({ ...smallScenario(), dns: { registry: null }, rollout: null });
    expect(plain.sites[0]!.cluster.registryDns).toBeUndefined();
    expect(plain.sites[0]!.cluster.controlPlane.breakGlassServer).toBe(-1);
  });

  it('break-glass adds one server to every cluster, outside the balancer', () => {
    const document = smallScenario();
    const operators = { ...document.operators, breakGlass: { cores: 8, memory: '8 GiB' } };
    for (const { cluster } of worldOf({ ...document, operators }).sites) {
      expect(cluster.controlPlane.breakGlassServer).toBe(3);
      expect(cluster.controlPlane.servers[3]!.cpu.cores).toBe(8);
      expect(cluster.controlPlane.balanced).toHaveLength(3);
    }
  });
});
