import { describe, expect, it } from 'vitest';
import { DocumentError } from '../document-error.ts';
import { loadDocument } from '../load.ts';
import type { ControlPlaneDocument } from './document.ts';
import type { ClientResult, ControlPlaneResult, PhaseResult } from './result.ts';
import { runControlPlane, spreadOf } from './run.ts';
import { controlPlaneJsonSchema, isControlPlaneDocument, parseControlPlane } from './schema.ts';
import { controlPlaneTable } from './table.ts';

const lists = {
  name: 'lists',
  kind: 'stream',
  request: { verb: 'list', resource: 'pods' },
  user: 'system:serviceaccount:load:agent',
  timeout: '60 s',
} as const;

const document: ControlPlaneDocument = {
  version: 1,
  kind: 'control-plane',
  id: 'small',
  title: 'A small control plane',
  profile: '1.30',
  apiServers: { cores: 4, memory: '16 GiB' },
  etcd: { cores: 4, memory: '8 GiB' },
  stored: {
    pods: { count: 1000, json: '5.1 kB', stored: '3.6 kB' },
    leases: { count: 100, json: '0.8 kB', stored: '0.5 kB' },
  },
  clients: [lists, { name: 'nodes', kind: 'leases', user: 'system:node:{n}', count: 100 }],
  phases: [
    { name: 'idle', lasts: '10 s' },
    { name: 'load', lasts: '20 s', load: { lists: '10/s' } },
  ],
};

function phase(result: ControlPlaneResult, index: number): PhaseResult {
  return result.runs[0]!.phases[index]!;
}

function client(result: ControlPlaneResult, index: number, name: string): ClientResult {
  return phase(result, index).clients.find((one) => one.name === name)!;
}

describe('running a control plane under declared load', () => {
  it('leases are renewed at their pace, and LISTs come at their rate and take their unit cost', () => {
    const result = runControlPlane(document, { seed: 3 });
    expect(client(result, 0, 'lists')).toMatchObject({ sent: 0, completed: 0, latency: { p50: null } });
    const renewals = client(result, 0, 'nodes');
    expect(renewals.sent).toBeGreaterThan(90);
    expect(renewals.sent).toBeLessThan(110);
    const load = client(result, 1, 'lists');
    expect(load.sent).toBeGreaterThan(160);
    expect(load.sent).toBeLessThan(240);
    // 0.54 + 5.53 + 1,000 (33.2 + 41.9) us on the API server, 4.25 + 1,000 x 5.07 us in etcd, on idle cores.
    expect(load.latency.p50).toBeCloseTo(81.17 + 9.32, 0);
    const busy = (load.completed / 20) * 0.08117;
    expect(phase(result, 1).apiServerCores).toBeGreaterThan(busy);
    expect(phase(result, 1).apiServerCores).toBeLessThan(busy * 1.1);
    expect(phase(result, 1).leases).toMatchObject({ staleFor20Seconds: 0 });
    expect(phase(result, 1).leases!.oldestAgeSeconds).toBeGreaterThan(9);
  });

  it('the same seed gives the same result, and replications differ', () => {
    const first = runControlPlane(document, { seed: 1, replications: 2 });
    expect(runControlPlane(document, { seed: 1, replications: 2 })).toEqual(first);
    expect(first.runs[0]).not.toEqual(first.runs[1]);
    expect(first).toMatchObject({ schema: 'brownout/control-plane-result@1', replications: 2, scenario: 'small' });
  });

  it('a stream beyond seats and queues is told to come back, and who waits too long gives up', () => {
    const overload = {
      ...document,
      flags: { 'kube-apiserver': { 'max-requests-inflight': 10, 'max-mutating-requests-inflight': 5 } },
      apiServers: { cores: 1, memory: '64 GiB' },
      clients: [{ ...lists, timeout: '5 s', request: { ...lists.request, gzip: true } }],
      phases: [{ name: 'storm', lasts: '60 s', load: { lists: '60/s' } }],
    };
    const result = runControlPlane(overload);
    const storm = client(result, 0, 'lists');
    expect(storm.rejected['too-many-requests']).toBeGreaterThan(1_000);
    expect(Object.keys(storm.retryAfter).length).toBeGreaterThan(0);
    const turnedAway = Object.values(storm.turnedAway).reduce((sum, one) => sum + one, 0);
    expect(turnedAway).toBeGreaterThanOrEqual(storm.rejected['too-many-requests']!);
    // A quarter of five seconds in the queue is less than what 300 places take.
    expect(Object.keys(storm.turnedAway)).toEqual(['time-out']);
    const ended = storm.completed + storm.timedOut + Object.values(storm.rejected).reduce((sum, one) => sum + one, 0);
    expect(ended + storm.waiting).toBe(storm.sent);
    expect(phase(result, 0).apiServerCores).toBeCloseTo(1, 1);
  });

  it('with a scheduling quantum and shared cores, renewals wait for whole turns of LISTs', () => {
    const busy = { ...document, phases: [{ name: 'load', lasts: '60 s', load: { lists: '5/s' } }] } as const;
    const shared = { ...busy, apiServers: { cores: 1, memory: '16 GiB' }, sharedCores: 1 };
    const ideal = runControlPlane(shared);
    const turns = runControlPlane({ ...shared, schedulingQuantum: '20 ms' });
    const p90 = (result: ControlPlaneResult): number => client(result, 0, 'nodes').latency.p90!;
    expect(p90(ideal)).toBeLessThan(15);
    // Two trips to the network, each behind half a turn of one LIST or more.
    expect(p90(turns)).toBeGreaterThan(20);
    expect(client(turns, 0, 'lists').latency.p50).toBeCloseTo(client(ideal, 0, 'lists').latency.p50!, -2);
  });

  it('behind three LISTs that compute, a renewal waits two and a half turns and then three', () => {
    const burst = { ...lists, name: 'burst', kind: 'burst', groups: ['system:masters'] } as const;
    const nodes = { name: 'nodes', kind: 'leases', user: 'system:node:{n}', count: 20, period: '2 s' } as const;
    const result = runControlPlane({
      ...document,
      apiServers: { cores: 1, memory: '64 GiB' },
      schedulingQuantum: '20 ms',
      stored: { ...document.stored, pods: { count: 100_000, json: '5.1 kB', stored: '3.6 kB' } },
      clients: [burst, nodes],
      phases: [
        { name: 'etcd reads', lasts: '2 s', load: { burst: 3 } },
        { name: 'computing', lasts: '18 s' },
      ],
    });
    expect(client(result, 1, 'burst').waiting).toBe(3);
    // (2 x 3 - 1/2) turns of 20 ms; the 2 ms of the renewal itself are part of the turns it waits for.
    expect(Math.abs(client(result, 1, 'nodes').latency.p50! - 110)).toBeLessThan(8);
  });

  it('agents ask again a period after their answer, and those taken away ask no more', () => {
    const agents = { ...lists, name: 'agents', kind: 'agents', period: '2 s', retry: 'client-go' } as const;
    const phases = [
      { name: 'ten', lasts: '20 s', load: { agents: 10 } },
      { name: 'none', lasts: '5 s' },
    ];
    const result = runControlPlane({ ...document, clients: [agents], phases });
    // Ten agents, one request each 2.1 s or so from a random start in the first two.
    expect(client(result, 0, 'agents').completed).toBeGreaterThan(80);
    expect(client(result, 0, 'agents').completed).toBeLessThan(100);
    expect(client(result, 1, 'agents').sent).toBe(0);
  });

  it('nodes that are away for less than a request lasts renew at their pace afterwards', () => {
    const result = runControlPlane({
      ...document,
      apiServers: { cores: 1, memory: '64 GiB' },
      schedulingQuantum: '20 ms',
      flags: { 'kube-apiserver': { 'max-requests-inflight': 4000 } },
      clients: [{ ...lists, name: 'crowd', kind: 'burst' }, document.clients[1]!],
      phases: [
        { name: 'crowded', lasts: '5 s', load: { crowd: 150 } },
        { name: 'away', lasts: '0.01 s', load: { nodes: 0 } },
        { name: 'back', lasts: '60 s' },
        { name: 'calm', lasts: '60 s' },
      ],
    });
    expect(client(result, 1, 'nodes').waiting).toBeGreaterThan(10);
    // 100 nodes, one renewal in 10 to 10.4 s each.
    expect(client(result, 3, 'nodes').sent).toBeGreaterThan(550);
    expect(client(result, 3, 'nodes').sent).toBeLessThanOrEqual(600);
  });

  it('a burst comes at once, and half of it is done near its end because the cores are shared', () => {
    const burst = { ...lists, name: 'burst', kind: 'burst', groups: ['system:masters'] } as const;
    const one = { ...document, apiServers: { cores: 1, memory: '64 GiB' }, clients: [burst] };
    const result = runControlPlane({ ...one, phases: [{ name: 'burst', lasts: '30 s', load: { burst: 20 } }] });
    const { completed, latency } = client(result, 0, 'burst');
    expect(completed).toBe(20);
    expect(latency.p50! / latency.max!).toBeGreaterThan(0.9);
  });

  it('a killed API server comes back, and those who watch list again and watch', () => {
    const watchers = { name: 'watchers', kind: 'watchers', user: 'watcher-{n}', count: 20 } as const;
    const result = runControlPlane({
      ...document,
      apiServers: { ...document.apiServers, restart: '3 s' },
      clients: [watchers, { name: 'nodes', kind: 'leases', user: 'system:node:{n}', count: 100 }],
      phases: [{ name: 'kill', lasts: '90 s', faults: [{ at: '5 s', kill: 'api-server' }] }],
    });
    const [watched] = phase(result, 0).watchers;
    expect(watched).toMatchObject({ ended: 20, expired: 20, lists: 20, streaming: 20 });
    expect(client(result, 0, 'nodes').rejected['refused']).toBeGreaterThan(0);
  });

  it('costs vary from run to run within their spread', () => {
    const { runs } = runControlPlane({ ...document, costFactor: 2, costSpread: '25 %' }, { replications: 12 });
    const factors = runs.map(({ costFactor }) => costFactor);
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(1.6);
    expect(Math.max(...factors)).toBeLessThanOrEqual(2.5);
    expect(new Set(factors).size).toBe(12);
  });
});

describe('spreadOf', () => {
  it('gives median, quantiles and an interval of the mean, and leaves out what has no value', () => {
    const spread = spreadOf([3, null, 1, 2, 5, 4])!;
    expect(spread).toMatchObject({ median: 3, mean: 3, n: 5 });
    expect(spread.q05).toBeCloseTo(1.2, 9);
    // Student's 0.975 quantile with 4 degrees of freedom, 2.776, times sqrt(2.5 / 5).
    expect(spread.hi).toBeCloseTo(3 + 2.776 * Math.sqrt(0.5), 2);
    expect(spreadOf([null])).toBeNull();
    expect(spreadOf([7])).toMatchObject({ median: 7, lo: null, hi: null, n: 1 });
  });
});

describe('documents of a control plane', () => {
  const problems = (data: unknown): string => {
    try {
      parseControlPlane(data, 'e.yaml');
      return '';
    } catch (error) {
      return error instanceof DocumentError ? error.message : String(error);
    }
  };

  it('are known by their kind', () => {
    expect(isControlPlaneDocument(document)).toBe(true);
    expect(isControlPlaneDocument({ version: 1 })).toBe(false);
    expect(problems(document)).toBe('');
  });

  it('an unknown key is named with its place and the nearest right one', async () => {
    const text = `version: 1
kind: control-plane
id: e
title: E
apiServers: { cores: 1, memroy: 1 GiB }
etcd: { cores: 1, memory: 1 GiB }
stored: { pods: { count: 1, json: 5 kB, stored: 3 kB } }
clients: [{ name: a, kind: stream, request: { verb: list }, user: u, timeout: 1 s, period: 1 s }]
phases: [{ name: p, lasts: 1 s }]
`;
    const origin = await loadDocument(text, 'e.yaml');
    expect(() => parseControlPlane(origin.data, origin)).toThrow(
      /e\.yaml:5:25 apiServers: unknown key "memroy"; did you mean "memory"\?[\s\S]*e\.yaml:8:\d+ clients\[0\]: unknown key "period"/,
    );
  });

  it('units, names and loads are checked', () => {
    const wrong = (change: object): string => problems({ ...document, ...change });
    expect(wrong({ schedulingQuantum: 20 })).toContain('expected a duration with a unit such as "20 s", got 20');
    expect(wrong({ phases: [{ name: 'p', lasts: '1 s', load: { list: '1/s' } }] })).toContain(
      'phases[0].load.list: no client is called "list"; did you mean "lists"?',
    );
    expect(wrong({ phases: [{ name: 'p', lasts: '1 s', load: { lists: 10 } }] })).toContain(
      'expected a rate such as "12.6/s" for stream "lists", got 10',
    );
    expect(wrong({ phases: [{ name: 'p', lasts: '1 s', load: { nodes: '5/s' } }] })).toContain(
      'expected a whole number such as 100 for leases "nodes", got a rate',
    );
    expect(wrong({ phases: [{ name: 'p', lasts: '1 s', load: { nodes: 101 } }] })).toContain(
      'phases[0].load.nodes: expected at most the count of "nodes", 100, got 101',
    );
    expect(wrong({ phases: [{ name: 'p', lasts: '1 s', faults: [{ at: '2 s', kill: 'api-server' }] }] })).toContain(
      'phases[0].faults[0].at: expected a time inside the phase',
    );
    expect(wrong({ clients: [lists, lists] })).toContain('clients[1].name: "lists" stands here twice');
    expect(wrong({ clients: [{ ...lists, request: { verb: 'list', resource: 'pod' } }] })).toContain(
      'clients[0].request.resource: no "pod" are stored; stored are pods, leases; did you mean "pods"?',
    );
    expect(wrong({ clients: [{ ...lists, request: { verb: 'get', selector: 'scanned', limit: 5 } }] })).toMatch(
      /clients\[0\]\.request\.selector: only a list has a selector, not a get[\s\S]*request\.limit: only a list has pages/,
    );
    expect(wrong({ clients: [{ ...lists, request: { verb: 'list', matching: 0.1 } }] })).toContain(
      'clients[0].request.matching: expected a selector beside it, got none',
    );
    expect(wrong({ sharedCores: 1, apiServers: { replicas: 3, cores: 1, memory: '1 GiB' } })).toContain(
      'sharedCores: only one API server and one etcd member can share a machine',
    );
    const background = { cores: 4, memory: '1 GiB', background: 0.5 };
    expect(wrong({ sharedCores: 1, apiServers: background, etcd: background })).toContain(
      'sharedCores: expected more than the background of both processes, 1, got 1',
    );
    expect(wrong({ apiServers: { cores: 1, memory: '1 GiB', background: 1 } })).toContain(
      'apiServers.background: expected less than its cores, 1, got 1',
    );
    expect(wrong({ etcd: { cores: 1, memory: '1 kB', baseline: '2 kB' } })).toContain(
      'etcd.baseline: expected less than its memory, 1000 bytes, got 2000',
    );
    expect(wrong({ etcd: { cores: 1, memory: '1 kB' } })).toMatch(
      /etcd\.memory: expected more than it needs when idle, \d+ bytes with what is stored, got 1000/,
    );
    expect(wrong({ apiServers: { cores: 1, memory: '1 MB' } })).toContain(
      'apiServers.memory: expected more than it needs',
    );
    const twice = [1, 2].map(() => ({ name: 'p', lasts: '1 s' }));
    expect(wrong({ phases: twice })).toContain('phases[1].name: "p" stands here twice');
    expect(wrong({ flags: { 'kube-apiserver': { 'max-request-inflight': 1 } } })).toContain(
      'did you mean "max-requests-inflight"?',
    );
  });

  it('their JSON Schema names the kinds of clients', () => {
    expect(JSON.stringify(controlPlaneJsonSchema())).toContain('"firstConflicts"');
  });
});

describe('controlPlaneTable', () => {
  it('has a row for each client of each phase, and spreads over replications', () => {
    const text = controlPlaneTable(runControlPlane(document, { seed: 3, replications: 3 }));
    expect(text).toContain('A small control plane');
    expect(text).toMatch(/load {2,}.*lists/);
    expect(text).toMatch(/median of 3 replications/);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(132);
  });
});
