import { describe, expect, it } from 'vitest';
import type { ScenarioDocument } from '../scenario/document.ts';
import { makeReplication, runsOf, jobOf } from './replication.ts';

const plane = {
  version: 1,
  kind: 'control-plane',
  id: 'small',
  title: 'A small control plane',
  apiServers: { cores: 2, memory: '4 GiB' },
  etcd: { cores: 2, memory: '4 GiB' },
  stored: {
    pods: { count: 500, json: '5.1 kB', stored: '3.6 kB' },
    leases: { count: 20, json: '0.7 kB', stored: '0.4 kB' },
  },
  clients: [
    {
      name: 'lists',
      kind: 'stream',
      request: { verb: 'list' },
      user: 'system:serviceaccount:load:agent',
      timeout: '60 s',
    },
    { name: 'nodes', kind: 'leases', count: 20 },
  ],
  phases: [
    { name: 'calm', lasts: '10 s', load: { lists: '2/s' } },
    { name: 'storm', lasts: '10 s', load: { lists: '200/s' } },
  ],
} as unknown as ScenarioDocument;

describe('a replication of a control plane under declared load', () => {
  it('has its phases as measures, and is the same under the same seed', () => {
    const wanted = runsOf(jobOf(plane, { base: '1', first: 0, count: 2 }));
    const [first, second] = wanted.map((one) => makeReplication(one)!);
    expect(makeReplication(wanted[0]!)).toEqual(first);
    expect(second!.digest).not.toBe(first!.digest);
    const { measures } = first!;
    expect(measures['byPhase.calm.byClient.lists.completed']).toBeGreaterThan(5);
    expect(measures['byPhase.calm.byClient.lists.latencyP50']).toBeLessThan(1);
    expect(measures['byPhase.calm.oldestLeaseSeconds']).toBeGreaterThan(0);
    // Two hundred lists of 500 pods a second are more than two cores can answer: most still wait.
    expect(measures['byPhase.storm.apiServerCores']).toBeGreaterThan(1.5);
    expect(measures['byPhase.storm.byClient.lists.waiting']).toBeGreaterThan(100);
    expect(measures['goodputShare']).toBeLessThan(0.9);
  });

  it('ends with its phases, and not at a time', () => {
    expect(() => makeReplication({ document: plane, seed: '1', untilSeconds: 5 })).toThrow('ends with its phases');
  });

  it('is none when it was stopped', () => {
    expect(makeReplication({ document: plane, seed: '1' }, { abort: { aborted: true } })).toBeUndefined();
  });
});
