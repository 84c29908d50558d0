import { forever, minutes, seconds, Simulation, Trace } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { noCause } from '../operations/chronicle.ts';
import { agentOperation, buildWorld, type World } from './build.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';

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
