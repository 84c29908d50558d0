import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';
import { ControllerClient } from './controller-client.ts';

const GET = operationNumber('get');
const WRITE = operationNumber('object-update');

function setUp(pace = { qps: 20, burst: 30 }, bench: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8, ...bench });
  const ends: { purpose: number; subject: number; status: number; at: number }[] = [];
  const client = new ControllerClient(
    simulation,
    controlPlane,
    { name: 'controller', pace },
    (purpose, subject, status) => ends.push({ purpose, subject, status, at: simulation.now / ms(1) }),
  );
  const writes = controlPlane.groups.find((group) => group.name === 'controller')!;
  return { simulation, controlPlane, client, ends, writes };
}

it('lets the burst go at once and then twenty a second, reads and writes together', () => {
  const { simulation, client, ends, controlPlane } = setUp();
  for (let i = 0; i < 130; i++) {
    if (i % 2 === 0) client.read(GET, 1, i);
    else client.write(WRITE, 2, i);
  }
  advance(simulation, ms(40));
  expect(ends).toHaveLength(30);
  advance(simulation, seconds(5));
  expect(ends).toHaveLength(130);
  // The 100th after the burst gets its token at 5.0 s.
  expect(ends.at(-1)!.at).toBeGreaterThanOrEqual(5000);
  expect(ends.at(-1)!.at).toBeLessThan(5010);
  expect(ends.every(({ purpose, subject }) => purpose === (subject % 2) + 1)).toBe(true);
  expect(client.open).toBe(0);
  controlPlane.checkBooks();
});

it('repeats what was refused with a Retry-After, at most ten times, and then gives the refusal on', () => {
  const { simulation, client, ends, writes, controlPlane } = setUp(
    { qps: 1000, burst: 1000 },
    {
      flowControl: { enablePriorityAndFairness: false, maxMutatingRequestsInflight: 1 },
      costs: flatCosts({ 'pod-create': { cpuMs: 200_000 } }),
    },
  );
  const blocker = new Callers(simulation, controlPlane, {
    name: 'blocker',
    timeout: seconds(300),
    describe: () => ({ ...userIdentity('jane'), verb: 'create', resource: 'pods' }),
  });
  blocker.send(0, 'pod-create');
  advance(simulation, ms(1));
  client.write(WRITE, 1, 7);
  advance(simulation, seconds(100));
  expect(ends).toHaveLength(1);
  expect(ends[0]!.status).toBe(1);
  expect(writes.sent).toBe(11);
  expect(writes.firstAttempts).toBe(1);
  expect(ends[0]!.at).toBeGreaterThanOrEqual(10_000);
});

it('repeats a read a second after its connection broke, but never a write', () => {
  const { simulation, client, ends, controlPlane } = setUp(undefined, {
    apiServers: 2,
    costs: flatCosts({ get: { cpuMs: 500 }, 'object-update': { cpuMs: 500 } }),
  });
  client.read(GET, 1, 1);
  client.write(WRITE, 2, 2);
  advance(simulation, ms(100));
  for (const server of controlPlane.servers) server.kill('memory');
  advance(simulation, ms(100));
  expect(ends.map(({ purpose, status }) => [purpose, status])).toEqual([[2, 6]]);
  advance(simulation, seconds(1));
  // Both servers are down: the repetition is refused, and a refusal is no broken connection.
  expect(ends.map(({ purpose, status }) => [purpose, status])).toEqual([
    [2, 6],
    [1, 5],
  ]);
});

it('a process that ends hears of nothing any more, and the next one has a full bucket', () => {
  const { simulation, client, ends, controlPlane, writes } = setUp();
  for (let i = 0; i < 100; i++) client.write(WRITE, 1, i);
  advance(simulation, ms(480));
  const before = ends.length;
  client.stop();
  expect(client.open).toBe(0);
  for (let i = 0; i < 30; i++) client.write(WRITE, 2, i);
  advance(simulation, ms(20));
  expect(ends.slice(before).map(({ purpose }) => purpose)).toEqual(Array.from({ length: 30 }, () => 2));
  advance(simulation, seconds(10));
  expect(ends).toHaveLength(before + 30);
  expect(writes.sent).toBe(before + 30);
  controlPlane.checkBooks();
});
