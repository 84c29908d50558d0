import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { operationNames } from '../kubernetes/requests/operation.ts';
import { kubernetes2024, measuredCosts } from './defaults.ts';
import { parseScenario } from './parse.ts';
import { sourcesOf } from './provenance.ts';

const scenario = parseScenario(smallScenario(), 'small');
const { operations } = scenario.costs;
/** A column of costs at one size, in milliseconds or bytes. */
const cpu = (name: (typeof operationNames)[number], pods: number, nodes = pods / 10): number =>
  operations[name].apiServerCpu.evaluate({ pods, nodes }) / 1000;

describe('unit costs', () => {
  it('a quorum LIST costs 1.7 ms and 80 us a pod, a cached one half, protobuf a third less', () => {
    expect(cpu('list-pods-etcd-json', 10_000)).toBeCloseTo(1.7 + 800, 6);
    expect(cpu('list-pods-cache-json', 10_000)).toBeCloseTo(0.3 + 420, 6);
    expect(cpu('list-pods-etcd-protobuf', 10_000)).toBeCloseTo(1.7 + 520, 6);
    expect(cpu('list-pods-cache-protobuf', 10_000)).toBeCloseTo(0.3 + 200, 6);
  });

  it('a selector on the own node takes the size away from a cached LIST, not from a quorum one', () => {
    expect(cpu('list-own-pods-cache', 10_000)).toBeCloseTo(cpu('list-own-pods-cache', 100_000), 6);
    expect(cpu('list-own-pods-etcd', 100_000) / cpu('list-own-pods-etcd', 10_000)).toBeCloseTo(10, 6);
  });

  it('a heartbeat costs milliseconds, and no operation is free', () => {
    expect(cpu('lease-update', 10_000)).toBeCloseTo(1.72, 6);
    for (const name of operationNames) expect(cpu(name, 10_000), name).toBeGreaterThan(0);
  });

  it('costs never fall as the cluster grows at constant density', () => {
    for (const name of operationNames) {
      for (const column of ['apiServerCpu', 'etcdCpu', 'apiServerMemory', 'etcdMemory'] as const) {
        const at = (nodes: number): number => operations[name][column].evaluate({ nodes, pods: 10 * nodes });
        expect(at(5000), `${name} ${column}`).toBeGreaterThanOrEqual(at(500));
      }
    }
  });

  it('an idle API server of 7,500 nodes holds about the 70 GB that were published', () => {
    const bytes = scenario.costs.apiServerBaseline.evaluate({ nodes: 7500, pods: 75_000 });
    expect(bytes / 1e9).toBeGreaterThan(69);
    expect(bytes / 1e9).toBeLessThan(71);
  });
});

describe('sources', () => {
  it('every flag and timing of Kubernetes carries one', () => {
    const stated = sourcesOf(kubernetes2024);
    const leaves = JSON.stringify(kubernetes2024).match(/"value":/g)?.length;
    expect(stated.length).toBe(leaves);
    expect(stated.every((entry) => entry.note.length > 5)).toBe(true);
  });

  it('every cost that is not nothing carries one', () => {
    const bare = operationNames.flatMap((name) =>
      Object.entries(measuredCosts.operations[name]).filter(
        ([, cost]) => typeof cost === 'string' && cost !== '0 B' && cost !== '0 ms',
      ),
    );
    expect(bare).toEqual([]);
  });
});

it('timings are those of Kubernetes', () => {
  const { kubernetes } = scenario;
  expect(kubernetes.nodeLeaseDuration / 1e6).toBe(40);
  expect(kubernetes.nodeLeaseRenewInterval * 4).toBe(kubernetes.nodeLeaseDuration);
  expect(kubernetes.crashBackoff).toEqual({ first: 10e6, longest: 300e6, resetAfter: 600e6 });
  expect(kubernetes.leaderElection.renewDeadline).toBeLessThan(kubernetes.leaderElection.leaseDuration);
  expect(kubernetes.maxRequestsInflight + kubernetes.maxMutatingRequestsInflight).toBe(600);
});
