import { minutes, ms, seconds, Simulation, us } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type Bench, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-cache-json';

function setUp(options: BenchOptions = {}, seed = 1): Bench & { simulation: Simulation } {
  const simulation = new Simulation({ seed });
  return { simulation, ...createBench(simulation, options) };
}

describe('cores', () => {
  it('two requests share one core, and with two cores each has its own', () => {
    for (const [cores, at] of [
      [1, 20],
      [2, 10],
    ] as const) {
      const { simulation, controlPlane } = setUp({ cores, costs: flatCosts({ [LIST]: { cpuMs: 10 } }) });
      const callers = new Callers(simulation, controlPlane, { clients: 2 });
      callers.send(0, LIST);
      callers.send(1, LIST);
      advance(simulation, seconds(1));
      expect(callers.replies.map((reply) => reply.at)).toEqual([ms(at), ms(at)]);
    }
  });

  it('a connection costs CPU once, until it breaks', () => {
    const { simulation, controlPlane } = setUp({ connectionCpu: ms(3) });
    const callers = new Callers(simulation, controlPlane);
    for (let i = 0; i < 3; i++) {
      callers.send(0, LIST);
      advance(simulation, ms(10));
      if (i === 1) callers.group.disconnect(0);
    }
    expect(callers.replies.map((reply) => reply.at)).toEqual([ms(4), ms(11), ms(24)]);
  });
});

describe('memory', () => {
  const costs = flatCosts({ [LIST]: { cpuMs: 10, bytes: 100 } }, { apiServer: 300 });

  it('is held while a request is computed, and may reach the limit', () => {
    const { simulation, controlPlane } = setUp({ costs, memory: 500 });
    const callers = new Callers(simulation, controlPlane, { clients: 2 });
    callers.send(0, LIST);
    callers.send(1, LIST);
    advance(simulation, ms(1));
    expect(controlPlane.servers[0]!.memoryBytes).toBe(500);
    advance(simulation, seconds(1));
    expect(controlPlane.servers[0]!.memoryBytes).toBe(300);
    expect(callers.count('ok')).toBe(2);
    expect(controlPlane.servers[0]!.memoryKills).toBe(0);
  });

  it('one byte above the limit kills the process, and everybody inside is told', () => {
    const { simulation, controlPlane, events } = setUp({ costs, memory: 499 });
    const callers = new Callers(simulation, controlPlane, { clients: 3 });
    callers.send(0, LIST);
    advance(simulation, ms(1));
    callers.send(1, LIST);
    callers.send(2, LIST);
    advance(simulation, ms(1));
    expect(callers.count('reset')).toBe(3);
    expect(callers.replies.every((reply) => reply.at === ms(1))).toBe(true);
    expect(events).toEqual([{ at: ms(1), what: 'api-server 0 died: memory callers' }]);
    expect(controlPlane.servers[0]!.memoryBytes).toBe(0);
    controlPlane.checkBooks();
  });

  it('no process ever held more than its limit', () => {
    const { simulation, controlPlane } = setUp({ costs, memory: 450 });
    const callers = new Callers(simulation, controlPlane, { clients: 9 });
    for (let client = 0; client < 9; client++) callers.send(client, LIST);
    advance(simulation, seconds(1));
    expect(controlPlane.servers[0]!.memoryKills).toBe(1);
    expect(controlPlane.servers[0]!.peakMemoryBytes).toBe(450);
  });

  it('a watch cache that does not fit kills the process again and again', () => {
    const { simulation, controlPlane } = setUp({ costs, memory: 299 });
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(3));
    // Up at 10, 40, 90 and 180 s; each life ends when the cache is filled.
    expect(controlPlane.servers[0]!.memoryKills).toBe(3);
    expect(controlPlane.servers[0]!.isReady).toBe(false);
  });
});

describe('clients that have gone', () => {
  it('what is executed for them goes on and counts as wasted', () => {
    const { simulation, controlPlane } = setUp({ costs: flatCosts({ [LIST]: { cpuMs: 10 } }) });
    const callers = new Callers(simulation, controlPlane, { timeout: ms(5) });
    callers.send(0, LIST);
    advance(simulation, ms(7));
    expect(callers.replies).toEqual([{ client: 0, status: 'timed-out', at: ms(5), retryAfter: 0 }]);
    expect(controlPlane.servers[0]!.cpu.inside).toBe(1);
    expect(controlPlane.servers[0]!.wastedCpu).toBe(0);
    advance(simulation, ms(10));
    expect(controlPlane.servers[0]!.cpu.books().busyTime).toBe(ms(10));
    expect(controlPlane.servers[0]!.wastedCpu).toBe(ms(10));
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('an etcd read for them goes on, and so does what follows', () => {
    const costs = flatCosts({ get: { etcdMs: 10, cpuMs: 4 } });
    const { simulation, controlPlane } = setUp({ costs });
    const callers = new Callers(simulation, controlPlane, { timeout: ms(5) });
    callers.send(0, 'get');
    advance(simulation, seconds(1));
    expect(callers.count('timed-out')).toBe(1);
    expect(controlPlane.servers[0]!.wastedCpu).toBe(ms(4));
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('who waits for its connection leaves, and the CPU is free again', () => {
    const { simulation, controlPlane } = setUp({ connectionCpu: ms(100) });
    const callers = new Callers(simulation, controlPlane, { timeout: ms(5) });
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'timed-out', at: ms(5), retryAfter: 0 }]);
    expect(controlPlane.servers[0]!.cpu.books().busyTime).toBe(ms(5));
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('who finds no seat within a quarter of its timeout is told so and never costs what it asked for', () => {
    const { simulation, controlPlane } = setUp({
      flowControl: { maxRequestsInflight: 20, maxMutatingRequestsInflight: 0 },
      costs: flatCosts({ [LIST]: { cpuMs: 100 } }),
    });
    const clients = 20;
    const callers = new Callers(simulation, controlPlane, { clients, timeout: ms(120), describe: person });
    for (let client = 0; client < clients; client++) callers.send(client, LIST);
    advance(simulation, ms(1));
    const seats = controlPlane.servers[0]!.cpu.inside;
    expect(seats).toBeGreaterThan(0);
    expect(seats).toBeLessThan(clients / 2);
    advance(simulation, seconds(5));
    expect(callers.count('too-many-requests')).toBe(clients - seats);
    expect(callers.replies.slice(0, clients - seats).every((reply) => reply.at === ms(30))).toBe(true);
    expect(controlPlane.servers[0]!.cpu.books().busyTime).toBe(seats * ms(100));
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('CPU that a killed process had spent is wasted as far as it was spent', () => {
    const { simulation, controlPlane } = setUp({ costs: flatCosts({ [LIST]: { cpuMs: 100 } }) });
    const callers = new Callers(simulation, controlPlane);
    callers.send(0, LIST);
    advance(simulation, ms(30));
    controlPlane.servers[0]!.kill('liveness');
    expect(controlPlane.servers[0]!.wastedCpu).toBe(ms(30));
  });
});

describe('seats', () => {
  it('a LIST takes no more than its level grants one request, so others are served beside it', () => {
    const { simulation, controlPlane } = setUp({
      listSeats: 10,
      flowControl: { maxRequestsInflight: 20, maxMutatingRequestsInflight: 0 },
      costs: flatCosts({ [LIST]: { cpuMs: 10 } }),
    });
    const callers = new Callers(simulation, controlPlane, { clients: 2, describe: person });
    callers.send(0, LIST);
    callers.send(1, LIST);
    advance(simulation, seconds(1));
    // Ten seats each would be more than the whole level: they would go one after the other, at 10 and 20 ms.
    expect(callers.replies.map((reply) => [reply.status, reply.at])).toEqual([
      ['ok', ms(20)],
      ['ok', ms(20)],
    ]);
  });
});

describe('refusals', () => {
  it('401 costs a refusal, takes no seat and never reaches the request itself', () => {
    const { simulation, controlPlane } = setUp({ refusalCpu: us(300), costs: flatCosts({ [LIST]: { cpuMs: 100 } }) });
    const callers = new Callers(simulation, controlPlane);
    callers.send(0, LIST, true);
    advance(simulation, seconds(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'unauthorized', at: 300, retryAfter: 0 }]);
    expect(controlPlane.servers[0]!.cpu.books().busyTime).toBe(300);
    expect(controlPlane.servers[0]!.rejections).toBe(0);
  });

  it('429 comes with a Retry-After when the server has no room, and is counted', () => {
    const { simulation, controlPlane } = setUp({
      refusalCpu: us(300),
      cores: 2,
      flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 1 },
      costs: flatCosts({ [LIST]: { cpuMs: 100 } }),
    });
    const callers = new Callers(simulation, controlPlane, { clients: 2, describe: person });
    callers.send(0, LIST);
    advance(simulation, ms(1));
    callers.send(1, LIST);
    advance(simulation, seconds(1));
    expect(callers.replies.map((reply) => [reply.client, reply.status, reply.at])).toEqual([
      [1, 'too-many-requests', ms(1) + 300],
      [0, 'ok', ms(100)],
    ]);
    expect(callers.replies[0]!.retryAfter).toBeGreaterThanOrEqual(1);
    expect(controlPlane.servers[0]!.rejections).toBe(1);
  });

  it('5xx when etcd gives no answer', () => {
    const { simulation, controlPlane } = setUp({
      costs: flatCosts({ get: { etcdMs: 10, etcdBytes: 10 } }),
      etcdMemory: 5,
    });
    const callers = new Callers(simulation, controlPlane);
    callers.send(0, 'get');
    advance(simulation, seconds(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'server-error', at: 0, retryAfter: 0 }]);
    expect(controlPlane.servers[0]!.wastedCpu).toBe(0);
    controlPlane.checkBooks();
  });
});
