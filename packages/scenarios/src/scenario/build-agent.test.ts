/** The agent of a document: its keys, the operations they amount to, and what they cost. */
import { Simulation, Trace, minutes, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import { buildWorld } from './build.ts';
import { daemonOptions } from './build-agent.ts';
import type { ScenarioDocument } from './document.ts';
import { DocumentError } from './document-error.ts';
import { parseScenario } from './parse.ts';

type Agent = ScenarioDocument['agent'];

function documentOf(agent: Partial<Agent>, change: Partial<ScenarioDocument> = {}): ScenarioDocument {
  const document = smallScenario();
  return { ...document, ...change, agent: { ...document.agent, ...agent } };
}

const optionsOf = (agent: Partial<Agent>, isConsistent = false) =>
  daemonOptions(parseScenario(documentOf(agent), 'test'), isConsistent);

const { list } = smallScenario().agent;

describe('the requests of an agent', () => {
  it('are one LIST where a document says nothing else', () => {
    const options = optionsOf({});
    expect(options.requests).toBeUndefined();
    expect(options.declared).toBeUndefined();
    expect(options.operation).toBe('list-pods-etcd-json');
  });

  it('are pages of a LIST from etcd, each at the price of a cluster that has no more pods than it', () => {
    const { requests, declared } = optionsOf({ list: { ...list, limit: 500 } });
    expect(requests).toMatchObject([{ operation: 'agent-list-first-page', pages: { limit: 500 } }]);
    const page = declared!.find(({ name }) => name === 'agent-list-page')!;
    const at = (pods: number): number => page.costs.apiServerCpu.evaluate({ pods, nodes: 300 });
    expect(at(9000)).toBe(1_700 + 500 * 80);
    expect(at(100)).toBe(1_700 + 100 * 80);
    expect(page).toMatchObject({ path: 'quorum-read', limit: 500 });
  });

  it.each<[string, Partial<Agent>]>([
    ['from the cache, which ignores a limit', { list: { ...list, limit: 500, resourceVersion: '0' } }],
    ['of one node, which fit into a page', { list: { ...list, limit: 500, selector: 'own-node' } }],
  ])('are not paged %s', (_, agent) => {
    expect(optionsOf(agent).requests).toBeUndefined();
  });

  it('with consistent reads from the cache: the first page from there, the others from etcd', () => {
    const { declared } = optionsOf({ list: { ...list, limit: 500 } }, true);
    expect(declared!.map(({ name, path }) => [name, path])).toEqual([
      ['agent-list-first-page', 'cache'],
      ['agent-list-page', 'quorum-read'],
    ]);
  });

  it.each([false, true])(
    'with a profile, a page can be gone, and everything is asked for as the LIST began (%s)',
    (isConsistent) => {
      const agent = { list: { ...list, limit: 500 } };
      const { kubernetes } = smallScenario();
      const withProfile = documentOf(agent, { kubernetes: { ...kubernetes, profile: '2024' } });
      const { requests, declared } = daemonOptions(parseScenario(withProfile, 'test'), isConsistent);
      const whole = isConsistent ? 'list-pods-cache-json' : 'list-pods-etcd-json';
      const pages = { limit: 500, operation: 'agent-list-page', ifGone: { expired: 'agent-list-expired', whole } };
      expect(requests).toMatchObject([{ operation: 'agent-list-first-page', pages }]);
      const [page, expired] = ['agent-list-page', 'agent-list-expired'].map((one) =>
        declared!.find(({ name }) => name === one),
      );
      // What etcd is asked for is a page, whose answer is empty: the fixed part of the formula is left.
      expect(expired).toMatchObject({ path: 'quorum-read', isList: true, limit: 500 });
      const values = { pods: 9000, nodes: 300 };
      expect([page, expired].map((one) => one!.costs.apiServerCpu.evaluate(values))).toEqual([1_700 + 500 * 80, 1_700]);
      expect(expired!.costs.responseBytes!.evaluate(values)).toBe(0);
      // Without one, nothing is compacted, and documents keep what they have had.
      const plain = daemonOptions(parseScenario(documentOf(agent), 'test'), isConsistent);
      expect(plain.requests).toMatchObject([{ pages: { limit: 500, operation: 'agent-list-page' } }]);
      expect(plain.requests![0]!.pages).not.toHaveProperty('ifGone');
      expect(plain.declared!.map(({ name }) => name)).toEqual(['agent-list-first-page', 'agent-list-page']);
    },
  );

  it('are a LIST from the cache and a WATCH in that mode, at the price of both', () => {
    const { requests, declared } = optionsOf({ mode: 'watch' });
    expect(requests).toMatchObject([{ operation: 'agent-list-and-watch', isInformer: true }]);
    // 0.3 ms and 42 us a pod, and 618 us for the watch.
    expect(declared![0]!.costs.apiServerCpu.evaluate({ pods: 1000, nodes: 1 })).toBeCloseTo(42_300 + 618, 6);
    expect(declared![0]!.path).toBe('cache');
  });

  it('are a mix, with periods of their own', () => {
    const requests: Agent['requests'] = [{ kind: 'list' }, { kind: 'get', period: '5 s' }, { kind: 'write' }];
    expect(optionsOf({ requests }).requests).toEqual([
      { name: '', operation: 'list-pods-etcd-json', period: seconds(15) },
      { name: 'get-1', verb: 'get', operation: 'get', period: seconds(5) },
      { name: 'write-2', verb: 'update', operation: 'object-update', period: seconds(15) },
    ]);
  });

  it('of a collector are about all nodes, whatever the selector', () => {
    const options = optionsOf({ collectors: 2, list: { ...list, selector: 'own-node' } });
    expect(options).toMatchObject({ collectors: 2, operation: 'list-pods-etcd-json' });
  });
});

describe('the other keys of an agent', () => {
  it('have the jitter of client-go where a policy says nothing', () => {
    const retry = { policy: 'exponential', first: '1 s', longest: '1 min' } as const;
    expect(optionsOf({ retry }).retry).toEqual({ ...retry, first: seconds(1), longest: minutes(1), jitter: 1 });
    expect(optionsOf({ retry: { policy: 'none' } }).retry).toEqual({ policy: 'none' });
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown policy', { retry: { policy: 'forever' } }, /agent\.retry/],
    ['a wait without a unit', { retry: { policy: 'fixed', wait: 5 } }, /agent\.retry\.wait: .*unit/],
    ['no request at all', { requests: [] }, /agent\.requests/],
    ['a page of nothing', { list: { ...list, limit: 0 } }, /agent\.list\.limit: .*at least 1/],
    ['an unknown key', { retries: 3 }, /agent: .*retries/],
  ])('are refused with %s', (_, agent, message) => {
    const parse = () => parseScenario(documentOf(agent as Partial<Agent>), 'test');
    expect(parse).toThrow(DocumentError);
    expect(parse).toThrow(message);
  });
});

function run(document: ScenarioDocument, time: number) {
  const simulation = new Simulation({ seed: 1 });
  const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), parseScenario(document, 'test'));
  const { cluster } = world.sites[0]!;
  cluster.daemonSet.select(1);
  simulation.runUntil(time as never);
  cluster.controlPlane.checkBooks();
  return { simulation, cluster };
}

const quiet = { rollout: null, clusters: smallScenario().clusters.slice(0, 1) };

describe('an agent whose LIST in pages is slow', () => {
  /** 25 agents that list the pods of their cluster, 30 and themselves on each node, by 50, one request a minute: 16 pages. */
  const slowly = (profile?: '2024') =>
    documentOf(
      { list: { ...list, limit: 50 }, rateLimit: { qps: 1 / 60, burst: 1 }, period: '2 h' },
      { ...quiet, ...(profile && { kubernetes: { ...smallScenario().kubernetes, profile } }) },
    );
  const answered = (cluster: ReturnType<typeof run>['cluster']): number[] =>
    cluster.daemon.answers.map(({ group, others }) => group.ended[Status.ok]! - (others?.() ?? 0));

  it('is told 410 where the document names a profile, and lists everything once', () => {
    const { cluster } = run(slowly('2024'), minutes(60));
    const [pages, wholes] = answered(cluster);
    // Versions live for 5 to 10 minutes, so each agent has 6 to 10 pages before it is told.
    expect(wholes).toBe(25);
    expect(pages).toBeGreaterThanOrEqual(25 * 6);
    expect(pages).toBeLessThanOrEqual(25 * 10);
    expect(cluster.daemon.groups[0]!.sent).toBe(pages! + 2 * 25);
  });

  it('never is where it names none: the plain model compacts nothing', () => {
    const { cluster } = run(slowly(), minutes(60));
    expect(answered(cluster)).toEqual([25 * 16]);
  });
});

describe('an agent that watches', () => {
  it.each(['none', 'own-node'] as const)('on watch caches lists once and streams (selector %s)', (selector) => {
    const document = documentOf(
      { mode: 'watch', list: { ...list, selector } },
      { ...quiet, kubernetes: { ...smallScenario().kubernetes, profile: '2024' } },
    );
    const { cluster } = run(document, minutes(20));
    expect(cluster.daemon.runningCount).toBe(25);
    const lists = cluster.daemon.groups.find(({ name }) => name === 'telemetry-agent')!;
    const watches = cluster.daemon.groups.find(({ name }) => name === 'telemetry-agent-watch')!;
    expect([lists.sent, lists.ended[Status.ok]]).toEqual([25, 25]);
    // A stream lasts 5 to 10 minutes and is opened again without a LIST.
    expect(watches.ended[Status.ok]!).toBeGreaterThanOrEqual(2 * 25);
    expect(watches.ended[Status.ok]!).toBeLessThanOrEqual(5 * 25);
  });

  it('on plain parts lists once', () => {
    const { cluster } = run(documentOf({ mode: 'watch' }, quiet), minutes(20));
    expect(cluster.daemon.groups.map(({ sent }) => sent)).toEqual([25]);
  });
});
