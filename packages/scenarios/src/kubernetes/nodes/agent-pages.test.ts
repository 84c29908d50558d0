/** Agents that list in pages from a database that is compacted: when a token has run out, and what it costs them. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { StorageOptions } from '../etcd/options.ts';
import { Status } from '../requests/api-request.ts';
import { expiredPage } from '../requests/expired-page.ts';
import { type DeclaredOperation, operations } from '../requests/operation.ts';
import { advance, controlPlaneOptions, createClusterBench } from '../testing/bench.ts';
import type { DaemonOptions } from './agent-options.ts';

const PODS = 6_000;
const LIMIT = 500;
/** Bytes and, in microseconds, CPU of a pod in an answer. */
const POD_BYTES = 10_000;
const POD_CPU = 100;

function listOf(name: string, limit: number): DeclaredOperation {
  const pods = (values: Readonly<Record<string, number>>): number => Math.min(limit || Infinity, values['pods']!);
  const costs = {
    apiServerCpu: { evaluate: (values: Readonly<Record<string, number>>) => 1_000 + POD_CPU * pods(values) },
    etcdCpu: { evaluate: () => 0 },
    apiServerMemory: { evaluate: (values: Readonly<Record<string, number>>) => POD_BYTES * pods(values) },
    etcdMemory: { evaluate: () => 0 },
  };
  return { ...operations['list-pods-etcd-json'], name, limit, costs };
}

const page = listOf('page', LIMIT);
const declared = [page, expiredPage(page, 'expired'), listOf('whole', 0)];

/** Agents that list 6,000 pods by 500, a page every `gap` seconds, once an hour; etcd is compacted every five minutes. */
function setUp(
  gap: number,
  options: {
    readonly agents?: number;
    readonly ifGone?: boolean;
    readonly agent?: Partial<DaemonOptions>;
    readonly storage?: Partial<StorageOptions> | null;
  } = {},
) {
  const { agents = 1, ifGone = true, agent = {}, storage = {} } = options;
  const simulation = new Simulation({ seed: 1 });
  const { etcd } = controlPlaneOptions({ etcdMembers: 3, etcdCores: 4 });
  const pages = { limit: LIMIT, operation: 'page', ...(ifGone && { ifGone: { expired: 'expired', whole: 'whole' } }) };
  const { cluster } = createClusterBench(simulation, {
    nodes: agents,
    podsPerNode: PODS / agents,
    agent: {
      periodJitter: 0,
      startDelay: { sample: () => seconds(5) },
      pace: { qps: 1 / gap, burst: 1 },
      requests: [{ name: '', operation: 'page', period: minutes(60), pages }],
      declared,
      ...agent,
    },
    controlPlane: { etcd: storage === null ? etcd : { ...etcd, raft: {}, storage } },
  });
  const start = (): void => {
    for (let node = 0; node < agents; node++) cluster.daemon.start(node);
  };
  const [group] = cluster.daemon.groups;
  return {
    simulation,
    cluster,
    group: group!,
    start,
    peakBytes: () => Math.max(...cluster.controlPlane.servers.map((server) => server.peakMemoryBytes)),
    /** Answers that agents decode: pages, and LISTs of everything. */
    answered: () => cluster.daemon.answers.map((one) => one.group.ended[Status.ok]! - (one.others?.() ?? 0)),
  };
}

describe('an agent whose LIST takes longer than its token lives', () => {
  it('is told 410 once, asks for everything once, and holds the memory of everything then', () => {
    // A page a minute from 5 s on: the turn at 300 s remembers a later version, that at 600 s compacts to it. So the tenth page,
    // at 545 s, is in time, the eleventh, at 605 s, is not, and everything follows at 665 s.
    const { simulation, cluster, group, start, peakBytes, answered } = setUp(60);
    start();
    advance(simulation, seconds(600));
    expect([group.sent, ...answered()]).toEqual([10, 10, 0]);
    expect(peakBytes()).toBe(LIMIT * POD_BYTES);
    advance(simulation, seconds(60));
    expect([group.sent, ...answered()]).toEqual([11, 10, 0]);
    expect(peakBytes()).toBe(LIMIT * POD_BYTES);
    advance(simulation, minutes(40));
    expect([group.sent, group.ended[Status.ok], ...answered()]).toEqual([12, 12, 10, 1]);
    expect(peakBytes()).toBe(PODS * POD_BYTES);
    cluster.controlPlane.checkBooks();
  });

  it('begins its next LIST with a page again', () => {
    const { simulation, start, answered, cluster } = setUp(60);
    start();
    // 11 minutes to the end of the first, an hour between, and the next from 71 to 82 minutes: its token is of minute 71, so the
    // turn at 75 remembers a later one and that at 80 compacts to it; pages at 71 to 79, 410 at 80, everything at 81.
    advance(simulation, minutes(90));
    expect(answered()).toEqual([10 + 9, 2]);
    cluster.controlPlane.checkBooks();
  });

  it('decodes pages by their size and the LIST of everything by its own', () => {
    const { simulation, start, cluster } = setUp(60);
    start();
    advance(simulation, minutes(15));
    const { operations: table } = cluster.controlPlane;
    const size = (name: string): number => table.responseBytes[table.number(name)]!;
    expect(size('whole')).toBe(12 * size('page'));
    expect(size('expired')).toBe(0);
    const numbers = ['page', 'whole'].map((name) => table.number(name));
    expect(cluster.daemon.answers.map(({ operation }) => operation)).toEqual(numbers);
  });
});

describe('an agent is never told so', () => {
  const pages = PODS / LIMIT;

  it.each([
    // 12 pages by 20 s are 220 s, less than the five minutes that any token lives.
    ['that is quick', setUp(20)],
    ['whose etcd is not compacted', setUp(60, { storage: { compactionInterval: 0 as never } })],
    ['whose etcd has no database', setUp(60, { storage: null })],
    ['whose versions live for ever', setUp(60, { ifGone: false })],
  ])('%s', (_, { simulation, cluster, group, start, answered, peakBytes }) => {
    advance(simulation, seconds(290));
    start();
    advance(simulation, minutes(40));
    expect([group.sent, answered()[0]]).toEqual([pages, pages]);
    expect(answered()[1] ?? 0).toBe(0);
    expect(peakBytes()).toBe(LIMIT * POD_BYTES);
    cluster.controlPlane.checkBooks();
  });
});

describe('a token lives for five to ten minutes, by when it was given', () => {
  it.each([
    // 12 pages by 30 s take 330 s. Given at 305 s, after a turn, a token lives until 900 s; given at 295 s, until 600 s: the
    // twelfth page, at 625 s, is too late.
    [300, [12, 0]],
    [290, [11, 1]],
  ])('begun after %d s', (begun, expected) => {
    const { simulation, start, answered } = setUp(30);
    advance(simulation, seconds(begun));
    start();
    advance(simulation, minutes(20));
    expect(answered()).toEqual(expected);
  });
});

describe('attempts that fail', () => {
  it('are repeated as what they are by then: a page that was refused while its version was there is told 410 later', () => {
    const { simulation, start, cluster, group, answered } = setUp(30, {
      agent: { retry: { policy: 'fixed', wait: seconds(60), jitter: 0 }, timeout: seconds(10) },
    });
    start();
    // Page after page until 185 s; then nobody is reached until 700 s, when every version of the beginning is gone.
    advance(simulation, seconds(190));
    expect(answered()).toEqual([7, 0]);
    cluster.controlPlane.block();
    advance(simulation, seconds(510));
    cluster.controlPlane.unblock();
    advance(simulation, minutes(10));
    expect(answered()).toEqual([7, 1]);
    expect(group.ended[Status.ok]).toBe(7 + 2);
    cluster.controlPlane.checkBooks();
  });

  it('and are given up begin the LIST with its first page', () => {
    const { simulation, start, cluster, answered } = setUp(30, {
      agent: { retry: { policy: 'none' }, timeout: seconds(10) },
    });
    start();
    advance(simulation, seconds(190));
    cluster.controlPlane.block();
    advance(simulation, seconds(510));
    cluster.controlPlane.unblock();
    // The page after the seventh was given up; an hour later come twelve, from about 3,825 s to 4,155 s: no turn but one in it.
    advance(simulation, minutes(70));
    expect(answered()).toEqual([7 + 12, 0]);
    cluster.controlPlane.checkBooks();
  });
});

it('many agents are each told so once, and all of their requests are accounted for', () => {
  const { simulation, start, group, answered, cluster } = setUp(60, {
    agents: 20,
    agent: { startJitter: seconds(60) },
  });
  start();
  advance(simulation, minutes(60));
  // Begun within the first 65 s, all have tokens of before the turn at 300 s: 20 LISTs of nine or ten pages, a 410, everything.
  const [pages, wholes] = answered();
  expect(wholes).toBe(20);
  expect(pages).toBeGreaterThanOrEqual(20 * 9);
  expect(pages).toBeLessThanOrEqual(20 * 10);
  expect(group.sent).toBe(pages! + 2 * 20);
  cluster.controlPlane.checkBooks();
});
