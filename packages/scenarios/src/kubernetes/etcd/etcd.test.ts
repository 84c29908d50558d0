import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Phase, RequestTable } from '../requests/api-request.ts';
import { Etcd } from './etcd.ts';
import { type OperationName, operationNumber, OperationTable } from '../requests/operation.ts';
import { advance, type FlatCost, flatCosts } from '../testing/bench.ts';

interface EtcdBench {
  readonly simulation: Simulation;
  readonly etcd: Etcd;
  /** When each request was answered, and how, in the order of the answers. */
  readonly answers: { request: number; ok: boolean; at: number }[];
  readonly events: string[];
  /** Sends a request as API server `server`; returns its row. */
  ask(operation: OperationName, server?: number): number;
}

function setUp(
  costs: Partial<Record<OperationName, FlatCost>>,
  options: { members?: number; cores?: number; memory?: number; baseline?: number } = {},
): EtcdBench {
  const simulation = new Simulation({ seed: 1 });
  const requests = new RequestTable();
  const operations = new OperationTable(flatCosts(costs, { etcd: options.baseline ?? 0 }), () => 1);
  operations.resize({ pods: 0, nodes: 0 });
  const answers: EtcdBench['answers'] = [];
  const events: string[] = [];
  const etcd = new Etcd(
    simulation,
    'etcd',
    {
      members: options.members ?? 1,
      coresPerMember: options.cores ?? 1,
      memoryLimitBytes: options.memory ?? Infinity,
      fsync: { sample: () => ms(2) },
      restart: seconds(30),
      election: ms(1500),
      requestTimeout: seconds(7),
    },
    {
      requests,
      operations,
      client: {
        etcdAnswered: (request, ok) => {
          answers.push({ request, ok, at: simulation.now });
          requests.close(request);
        },
      },
      observer: {
        etcdMemberKilled: (member) => events.push(`${member} killed`),
        etcdMemberBack: (member) => events.push(`${member} back`),
      },
    },
  );
  const ask = (operation: OperationName, server = 0): number => {
    const request = requests.open(0, 0, operationNumber(operation));
    requests.server[request] = server;
    requests.phase[request] = operation === 'get' ? Phase.reading : Phase.writing;
    etcd.submit(request);
    return request;
  };
  return { simulation, etcd, answers, events, ask };
}

const times = (bench: EtcdBench): number[] => bench.answers.map((answer) => answer.at / ms(1));

describe('writes', () => {
  it('one batch is on its way while the next gathers, and one fsync makes a whole batch durable', () => {
    const bench = setUp({ 'lease-update': { etcdMs: 1 } });
    for (let i = 0; i < 5; i++) bench.ask('lease-update');
    advance(bench.simulation, seconds(1));
    // The first goes alone: 1 ms CPU and 2 ms fsync. The other four gather meanwhile: 4 ms CPU and one fsync of 2 ms.
    expect(times(bench)).toEqual([3, 9, 9, 9, 9]);
    expect(bench.answers.every((answer) => answer.ok)).toBe(true);
    expect(bench.etcd.writeCpu(0)).toBe(ms(5));
  });

  it('a writer that comes alone pays CPU and fsync', () => {
    const bench = setUp({ 'lease-update': { etcdMs: 1 } });
    for (let i = 0; i < 3; i++) {
      bench.ask('lease-update');
      advance(bench.simulation, ms(100));
    }
    expect(times(bench)).toEqual([3, 103, 203]);
  });

  it('the committing thread shares the cores with reads', () => {
    const bench = setUp({ 'lease-update': { etcdMs: 1 }, get: { etcdMs: 1000 } });
    bench.ask('get');
    bench.ask('get');
    bench.ask('get');
    bench.ask('lease-update');
    advance(bench.simulation, ms(100));
    // Four threads on one core: the CPU part takes four times as long.
    expect(times(bench)).toEqual([6]);
  });
});

describe('reads', () => {
  it('go to the member of their API server and share its cores', () => {
    const bench = setUp({ get: { etcdMs: 10 } }, { members: 3 });
    bench.ask('get', 0);
    bench.ask('get', 3);
    bench.ask('get', 1);
    advance(bench.simulation, seconds(1));
    expect(times(bench)).toEqual([10, 20, 20]);
    expect(bench.etcd.members.map((member) => member.books().busyTime)).toEqual([ms(20), ms(10), 0]);
  });

  it('hold memory until they are answered', () => {
    const bench = setUp({ get: { etcdMs: 10, etcdBytes: 100 } }, { baseline: 50, memory: 250 });
    bench.ask('get');
    bench.ask('get');
    expect(bench.etcd.memoryBytes(0)).toBe(250);
    advance(bench.simulation, seconds(1));
    expect(bench.etcd.memoryBytes(0)).toBe(50);
    expect(bench.etcd.peakMemoryBytes(0)).toBe(250);
    expect(bench.etcd.memoryKills).toBe(0);
  });
});

describe('a member that outgrows its memory', () => {
  it('is killed; what it held fails at once, the others go on serving', () => {
    const bench = setUp({ get: { etcdMs: 10, etcdBytes: 100 } }, { members: 3, memory: 250 });
    bench.ask('get', 1);
    bench.ask('get', 1);
    advance(bench.simulation, ms(5));
    bench.ask('get', 1);
    advance(bench.simulation, ms(1));
    expect(bench.answers.map((answer) => [answer.ok, answer.at])).toEqual([
      [false, ms(5)],
      [false, ms(5)],
      [false, ms(5)],
    ]);
    expect(bench.etcd.memoryBytes(1)).toBe(0);
    expect(bench.etcd.hasQuorum).toBe(true);
    bench.ask('get', 1);
    advance(bench.simulation, ms(10));
    expect(bench.answers.at(-1)).toMatchObject({ ok: true, at: ms(16) });
    expect(bench.etcd.members[2]!.books().busyTime).toBe(ms(10));
    advance(bench.simulation, seconds(31));
    expect(bench.events).toEqual(['1 killed', '1 back']);
  });

  it('never held more than its limit', () => {
    const bench = setUp({ get: { etcdMs: 10, etcdBytes: 100 } }, { members: 3, memory: 250 });
    for (let i = 0; i < 3; i++) bench.ask('get', 1);
    expect(bench.etcd.peakMemoryBytes(1)).toBe(250);
  });

  it('as leader takes writing with it until the next election', () => {
    const bench = setUp(
      { get: { etcdMs: 10, etcdBytes: 300 }, 'lease-update': { etcdMs: 1 } },
      { members: 3, memory: 250 },
    );
    bench.ask('lease-update');
    bench.ask('lease-update');
    bench.ask('get', 0);
    expect(bench.events).toEqual(['0 killed']);
    expect(bench.answers.map((answer) => answer.ok)).toEqual([false, false, false]);
    expect(bench.etcd.hasQuorum).toBe(false);
    bench.ask('lease-update');
    advance(bench.simulation, ms(1499));
    expect(bench.etcd.hasQuorum).toBe(false);
    advance(bench.simulation, ms(1));
    expect(bench.etcd.hasQuorum).toBe(true);
    bench.ask('lease-update');
    advance(bench.simulation, seconds(10));
    // What was asked without a leader is given up after 7 s; what came after the election takes 3 ms.
    expect(bench.answers.slice(3).map((answer) => [answer.ok, answer.at / ms(1)])).toEqual([
      [true, 1503],
      [false, 7000],
    ]);
    expect(bench.etcd.writeCpu(1)).toBe(ms(1));
  });
});

describe('quorum', () => {
  const killer = { get: { etcdMs: 10, etcdBytes: 300 }, 'lease-update': { etcdMs: 1 } } as const;

  it('without a majority every request is given up after 7 s', () => {
    const bench = setUp(killer, { members: 3, memory: 250 });
    bench.ask('get', 1);
    bench.ask('get', 2);
    expect(bench.etcd.hasQuorum).toBe(false);
    const from = bench.answers.length;
    bench.ask('lease-update');
    bench.ask('get');
    advance(bench.simulation, seconds(8));
    expect(bench.answers.slice(from).map((answer) => [answer.ok, answer.at / ms(1)])).toEqual([
      [false, 7000],
      [false, 7000],
    ]);
  });

  it('a write that is committing when the majority goes is not answered well', () => {
    const bench = setUp(killer, { members: 3, memory: 250 });
    bench.ask('lease-update');
    bench.ask('lease-update');
    advance(bench.simulation, ms(1));
    bench.ask('get', 1);
    bench.ask('get', 2);
    advance(bench.simulation, seconds(20));
    expect(bench.answers.filter((answer) => answer.ok)).toEqual([]);
    expect(bench.answers).toHaveLength(4);
  });

  it('comes back with the member, after an election when the leader had gone too', () => {
    const bench = setUp(killer, { members: 3, memory: 250 });
    bench.ask('get', 1);
    bench.ask('get', 0);
    expect(bench.etcd.hasQuorum).toBe(false);
    advance(bench.simulation, seconds(30));
    expect(bench.events).toEqual(['1 killed', '0 killed', '1 back', '0 back']);
    expect(bench.etcd.hasQuorum).toBe(false);
    advance(bench.simulation, ms(1500));
    expect(bench.etcd.hasQuorum).toBe(true);
    bench.ask('lease-update');
    advance(bench.simulation, ms(10));
    expect(bench.answers.at(-1)).toMatchObject({ ok: true, at: seconds(31.5) + ms(3) });
  });

  it('of a single member is itself', () => {
    const bench = setUp(killer, { members: 1, memory: 250 });
    bench.ask('get');
    expect(bench.etcd.hasQuorum).toBe(false);
    advance(bench.simulation, seconds(32));
    expect(bench.etcd.hasQuorum).toBe(true);
  });
});

it('every request is answered exactly once, in the middle of kills', () => {
  const bench = setUp(
    { get: { etcdMs: 60, etcdBytes: 100 }, 'lease-update': { etcdMs: 1 } },
    { members: 3, memory: 250 },
  );
  for (let i = 0; i < 600; i++) {
    bench.ask(i % 3 === 0 ? 'get' : 'lease-update', i % 2);
    advance(bench.simulation, i % 31 === 0 ? ms(2000) : ms(2));
  }
  advance(bench.simulation, seconds(60));
  expect(bench.answers).toHaveLength(600);
  expect(bench.etcd.memoryKills).toBeGreaterThan(0);
});
