/** What the tier's client does with an attempt that failed, before the question counts as failed: as client-go, with_retry.go. */
import { minutes, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, Callers, flatCosts } from '../testing/bench.ts';
import type { RegistryDnsOptions } from './registry-dns-options.ts';
import { setUpRegistry } from './testing/registry-bench.ts';

const oneName = { instances: 1, names: 1, lookupTimeout: seconds(30), patience: seconds(30) };

describe('a question that is refused with a Retry-After', () => {
  /** One read at a time, and that one never ends. */
  function refused(changes: Partial<RegistryDnsOptions> = {}) {
    const costs = flatCosts({ 'list-pods-cache-json': { cpuMs: 1e8 } });
    const flowControl = { enablePriorityAndFairness: false, maxRequestsInflight: 1 };
    const set = setUpRegistry({ ...oneName, ...changes }, 1, { costs, flowControl });
    const occupant = new Callers(set.simulation, set.controlPlane, { timeout: minutes(60) });
    occupant.send(0, 'list-pods-cache-json');
    return set;
  }

  /** When it is sent, in seconds after the first time. */
  function attempts(changes: Partial<RegistryDnsOptions>, count: number): number[] {
    const { simulation, dns } = refused(changes);
    const times: number[] = [];
    while (times.length < count) {
      const before = dns.queries;
      advance(simulation, seconds(0.5));
      if (dns.queries > before) times.push(simulation.now / seconds(1));
    }
    return times.map((at) => Math.round(at - times[0]!));
  }

  it('is repeated each second, ten times, and fails then: the negative TTL follows', () => {
    expect(attempts({}, 14)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17]);
  });

  it('is repeated no longer than its time-out allows', () => {
    expect(attempts({ lookupTimeout: seconds(4.5) }, 7)).toEqual([0, 1, 2, 3, 4, 9, 10]);
  });

  it('does no harm while it is repeated', () => {
    const { simulation, dns, failed } = refused();
    while (dns.queries === 0) advance(simulation, seconds(1));
    advance(simulation, seconds(7));
    expect([dns.counts.failing, failed.length]).toEqual([0, 0]);
    advance(simulation, seconds(5));
    expect([dns.counts.failing, failed.length]).toEqual([1, 1]);
  });
});

it('a question whose connection breaks is sent again after a second', () => {
  const costs = flatCosts({ get: { cpuMs: 10_000 } });
  const { simulation, controlPlane, dns } = setUpRegistry(oneName, 1, { apiServers: 2, costs });
  while (dns.queries === 0) advance(simulation, seconds(1));
  advance(simulation, seconds(3));
  controlPlane.servers.find((server) => server.cpu.busyCores > 0)!.kill('liveness');
  expect([dns.queries, dns.counts.failing]).toEqual([1, 0]);
  advance(simulation, seconds(1.1));
  expect(dns.queries).toBe(2);
});
