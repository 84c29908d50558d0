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

  it('a limit is needed, and no selector', () => {
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
    expect(problemOf({ pages: 'all', limit: 10, selector: 'scanned' })).toContain('are not modelled');
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
