/** LISTs to the last page, leases that are read after a conflict, and the memory of LISTs, in declared control planes. */
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../document-error.ts';
import type { ControlPlaneDocument } from './document.ts';
import { runControlPlane } from './run.ts';
import { parseControlPlane } from './schema.ts';

type Request = NonNullable<ControlPlaneDocument['clients'][number]['request']>;

const seconds = 5;

/** So many LISTs of 1,000 pods at once, on cores enough for all of them. */
function documentOf(request: Partial<Request>, profile: '1.30' | '1.31' | '1.34' = '1.30'): ControlPlaneDocument {
  return {
    version: 1,
    kind: 'control-plane',
    id: 'pages',
    title: 'Pages',
    profile,
    apiServers: { cores: 4, memory: '16 GiB' },
    etcd: { cores: 4, memory: '8 GiB' },
    stored: { pods: { count: 1000, json: '5.1 kB', stored: '3.6 kB' } },
    clients: [
      {
        name: 'lists',
        kind: 'burst',
        request: { verb: 'list', resource: 'pods', encoding: 'protobuf', ...request },
        user: 'system:serviceaccount:load:agent',
        timeout: '60 s',
      },
    ],
    phases: [{ name: 'burst', lasts: `${seconds} s`, load: { lists: 2 } }],
  };
}

function run(document: ControlPlaneDocument) {
  const {
    clients,
    apiServerCores,
    etcdCores,
    apiServerPeakBytes: peakBytes,
  } = runControlPlane(document, { seed: 1 }).runs[0]!.phases[0]!;
  // Milliseconds of CPU of one LIST: 1.5 for its connection, 0.538 + 5.53 a request from etcd there, 4.25 in etcd; 33.2 + 19.3 us and 5.07 us a pod.
  const each = (cores: number): number => (cores * seconds * 1000) / 2;
  const api = each(apiServerCores) - 1.5;
  return { client: clients[0]!, api, etcd: each(etcdCores), peakBytes };
}

describe('pages of a LIST', () => {
  it('the first is all that is asked for, unless the client goes on', () => {
    const { client, api, etcd } = run(documentOf({ limit: 300 }));
    expect(client).toMatchObject({ offered: 2, sent: 2, completed: 2 });
    expect(api).toBeCloseTo(6.068 + 300 * 0.0525, 0);
    expect(etcd).toBeCloseTo(4.25 + 300 * 0.00507, 0);
  });

  it('1,000 pods by 300 are four requests: every object is paid for once, and a request four times', () => {
    const { client, api, etcd } = run(documentOf({ limit: 300, pages: 'all' }));
    expect(client).toMatchObject({ offered: 2, sent: 8, completed: 8 });
    expect(api).toBeCloseTo(4 * 6.068 + 1000 * 0.0525, 0);
    expect(etcd).toBeCloseTo(4 * 4.25 + 1000 * 0.00507, 0);
  });

  it('1.31 has the first page from the cache and asks etcd for the rest; 1.34 has snapshots for all', () => {
    // From the cache there is neither reading nor decoding: 0.538 ms and 19.3 us a pod.
    const later = run(documentOf({ limit: 300, pages: 'all' }, '1.31'));
    expect(later.api).toBeCloseTo(4 * 0.538 + 3 * 5.53 + 1000 * 0.0193 + 700 * 0.0332, 0);
    expect(later.etcd).toBeCloseTo(3 * 4.25 + 700 * 0.00507, 0);
    const latest = run(documentOf({ limit: 300, pages: 'all' }, '1.34'));
    expect(latest.api).toBeCloseTo(4 * 0.538 + 1000 * 0.0193, 0);
    expect(latest.etcd).toBe(0);
  });

  it('at resource version 0 the cache gives everything at once, and a limit of all pods is one page', () => {
    expect(run(documentOf({ limit: 300, pages: 'all', resourceVersion: '0' })).client.sent).toBe(2);
    expect(run(documentOf({ limit: 1000, pages: 'all' })).client.sent).toBe(2);
  });

  it('a page holds the memory of its own objects', () => {
    const whole = run(documentOf({})).peakBytes;
    const paged = run(documentOf({ limit: 100, pages: 'all' })).peakBytes;
    const idle = run({ ...documentOf({}), phases: [{ name: 'idle', lasts: '5 s' }] }).peakBytes;
    expect((paged - idle) / (whole - idle)).toBeCloseTo(0.1, 2);
  });

  it('a limit is needed', () => {
    const problemOf = (request: Partial<Request>): string => {
      try {
        parseControlPlane(documentOf(request), 'test');
        return 'none';
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error;
        return error.message;
      }
    };
    expect(problemOf({ pages: 'all' })).toContain('expected a limit beside it, got none');
    expect(problemOf({ pages: 'all', limit: 10, selector: 'scanned' })).toBe('none');
    expect(problemOf({ pages: 'all', limit: 10 })).toBe('none');
  });

  it('an overloaded server refuses pages as it does whole LISTs, and every attempt ends once', () => {
    const document: ControlPlaneDocument = {
      ...documentOf({ limit: 100, pages: 'all' }),
      apiServers: { cores: 1, memory: '64 GiB' },
      flags: { 'kube-apiserver': { 'max-requests-inflight': 10, 'max-mutating-requests-inflight': 5 } },
    };
    const [client] = document.clients;
    const result = runControlPlane({
      ...document,
      clients: [{ ...client!, kind: 'stream', timeout: '2 s', retry: 'client-go' }],
      phases: [{ name: 'storm', lasts: '20 s', load: { lists: '40/s' } }],
    });
    const { sent, completed, rejected, timedOut, waiting, offered } = result.runs[0]!.phases[0]!.clients[0]!;
    const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
    expect(sent).toBe(completed + refused + timedOut + waiting);
    expect(sent).toBeGreaterThan(offered);
    expect(completed).toBeLessThan(10 * offered);
  });
});

describe('pages of a LIST with a selector', () => {
  const selector = { selector: 'scanned', matching: 0.1, limit: 50 } as const;
  const requestMs = 0.538;
  const rangeMs = 5.53;

  it('are filled: ranges of 50, 100, 200, 400 for 50 pods of which one in ten matches, and again from there', () => {
    const first = run(documentOf({ ...selector, pages: 'first' }));
    expect(first.client).toMatchObject({ sent: 2, completed: 2 });
    expect(first.api).toBeCloseTo(requestMs + 4 * rangeMs + 500 * 0.0332 + 50 * 0.0193, 0);
    expect(first.etcd).toBeCloseTo(4 * 4.25 + 750 * 0.00507, 0);
    // 100 of 1,000 match. The second page begins after 500, and its last range ends with the pods.
    const all = run(documentOf({ ...selector, pages: 'all' }));
    expect(all.client).toMatchObject({ sent: 4, completed: 4 });
    expect(all.api).toBeCloseTo(2 * requestMs + 8 * rangeMs + 1000 * 0.0332 + 100 * 0.0193, 0);
    expect(all.etcd).toBeCloseTo(8 * 4.25 + 1250 * 0.00507, 0);
  });

  it('a document that says nothing of pages keeps the one look at everything that it has had', () => {
    const { api, etcd } = run(documentOf(selector));
    expect(api).toBeCloseTo(requestMs + rangeMs + 1000 * 0.0332 + 50 * 0.0193, 0);
    expect(etcd).toBeCloseTo(4.25 + 1000 * 0.00507, 0);
  });

  it('from the cache look no further than to the last pod of the page, and ask etcd nothing', () => {
    const { client, api, etcd } = run(documentOf({ ...selector, pages: 'all' }, '1.34'));
    expect(client.sent).toBe(4);
    expect(api).toBeCloseTo(2 * requestMs + 900 * 0.000831 + 100 * 0.0193, 0);
    expect(etcd).toBe(0);
  });

  it('hold one range at a time, the largest at most', () => {
    const peak = (pages?: 'all'): number => {
      const document = documentOf({ selector: 'scanned', matching: 0.001, limit: 500, ...(pages && { pages }) });
      const large = { ...document, stored: { pods: { count: 20_000, json: '5.1 kB', stored: '3.6 kB' } } };
      const idle = run({ ...large, phases: [{ name: 'idle', lasts: '5 s' }] }).peakBytes;
      return run(large).peakBytes - idle;
    };
    // 500, 1,000, 2,000, 4,000, 8,000, and the 4,500 that are left.
    expect(peak('all') / peak()).toBeCloseTo(8_000 / 20_000, 2);
  });
});

describe('a page whose version has been compacted away', () => {
  /** Pages of 300 that take about 2.8 s each, while the API servers compact every two seconds or never. */
  const slowly = (options: { readonly interval: string; readonly writes: boolean }) => {
    const document = documentOf({ limit: 300, pages: 'all' });
    const [client] = document.clients;
    const writes = { name: 'writes', kind: 'stream', user: 'jane', timeout: '10 s' } as const;
    return run({
      ...document,
      flags: { 'kube-apiserver': { 'etcd-compaction-interval': options.interval } },
      clients: [
        { ...client!, costFactor: 100 },
        { ...writes, arrivals: 'constant', request: { verb: 'update', resource: 'pods' } },
      ],
      phases: [{ name: 'slow', lasts: '40 s', load: { lists: 1, ...(options.writes && { writes: '10/s' }) } }],
    }).client;
  };

  it('is told 410, and everything is asked for in one answer', () => {
    // Before the run: the first page is of a version that is about 2.8 s old. The turn at 4 s remembers a later one, the turn at
    // 6 s compacts to that; the pages sent at 2.8 and 5.6 s are in time, the one at 8.4 s is not.
    expect(slowly({ interval: '2s', writes: true })).toMatchObject({
      offered: 1,
      sent: 5,
      completed: 4,
      rejected: { expired: 1 },
      waiting: 0,
    });
  });

  it('is told so where nothing else is written as well: the compactor itself writes at every turn', () => {
    const { sent, completed, rejected } = slowly({ interval: '2s', writes: false });
    expect([sent, completed, rejected]).toEqual([5, 4, { expired: 1 }]);
  });

  it('is never told so where nothing is compacted', () => {
    const untouched = { offered: 1, sent: 4, completed: 4, rejected: {} };
    expect(slowly({ interval: '0s', writes: true })).toMatchObject(untouched);
  });
});

describe('a lease that has changed behind the back of its kubelet', () => {
  const leases = (readsAfterConflict: boolean | undefined): ControlPlaneDocument => ({
    ...documentOf({}),
    stored: { leases: { count: 20, json: '0.8 kB', stored: '0.5 kB' } },
    clients: [
      {
        name: 'nodes',
        kind: 'leases',
        user: 'system:node:{n}',
        count: 20,
        firstConflicts: true,
        ...(readsAfterConflict === undefined ? {} : { readsAfterConflict }),
      },
    ],
    phases: [{ name: 'first', lasts: '10 s' }],
  });

  it('is read and put again: PUT 409, GET, PUT, where one request is left out by default', () => {
    // All come once within the first period, and none twice.
    const read = run(leases(true)).client;
    expect(read).toMatchObject({ offered: 20, sent: 60, completed: 40, rejected: { conflict: 20 } });
    for (const client of [run(leases(undefined)).client, run(leases(false)).client]) {
      // Where it is left out, the second PUT counts as a renewal of its own.
      expect(client).toMatchObject({ offered: 40, sent: 40, completed: 20, rejected: { conflict: 20 } });
    }
  });
});

describe('memory of LISTs', () => {
  const steady = (listMemory: 'at-once' | 'as-it-works'): ControlPlaneDocument => {
    const document = documentOf({});
    const [client] = document.clients;
    return {
      ...document,
      apiServers: { ...document.apiServers, listMemory },
      stored: { pods: { count: 20_000, json: '5.1 kB', stored: '3.6 kB' } },
      clients: [{ ...client!, kind: 'stream', arrivals: 'constant' }],
      phases: [{ name: 'steady', lasts: '20 s', load: { lists: '2/s' } }],
    };
  };

  it('takes less when LISTs come one by one, and no other time', () => {
    const [atOnce, growing] = [run(steady('at-once')), run(steady('as-it-works'))];
    expect(growing.client).toEqual(atOnce.client);
    // 20,000 pods take 1.06 s of CPU, so at two a second two or three are inside, each at another point of its work.
    const idle = run({ ...steady('at-once'), phases: [{ name: 'idle', lasts: '5 s' }] }).peakBytes;
    const share = (growing.peakBytes - idle) / (atOnce.peakBytes - idle);
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(0.9);
  });
});
