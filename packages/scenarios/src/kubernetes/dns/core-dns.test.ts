import { minutes, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, createClusterBench } from '../testing/bench.ts';
import { CoreDns } from './core-dns.ts';

it('answers everything, with any number of replicas', () => {
  expect(new CoreDns(1).failureShare()).toBe(0);
  expect(new CoreDns(3).syncedReplicas).toBe(3);
});

it('no name fails for an hour without any API server, when applications ask CoreDNS directly', () => {
  const simulation = new Simulation({ seed: 1 });
  const { cluster } = createClusterBench(simulation);
  for (let i = 0; i < 12; i++) {
    for (const server of cluster.controlPlane.servers) server.kill('memory');
    advance(simulation, minutes(5));
    expect(cluster.nameFailureShare(10)).toBe(0);
  }
  cluster.controlPlane.checkBooks();
});

it('refuses to be nobody', () => {
  expect(() => new CoreDns(0)).toThrow('CoreDNS: replicas must be >= 1, got 0');
});
