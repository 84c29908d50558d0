import { minutes, ms, seconds, Simulation, us } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from './flow-control/identity.ts';
import { advance, type Bench, type BenchOptions, Callers, createBench, flatCosts } from './testing/bench.ts';

const LIST = 'list-pods-cache-json';

function setUp(options: BenchOptions = {}, seed = 1): Bench & { simulation: Simulation } {
  const simulation = new Simulation({ seed });
  return { simulation, ...createBench(simulation, options) };
}

describe('the balancer', () => {
  it('sends to a dead server until two health checks have failed: refused after a round trip', () => {
    const { simulation, controlPlane } = setUp();
    const callers = new Callers(simulation, controlPlane);
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(9));
    callers.send();
    advance(simulation, seconds(1) - ms(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'refused', at: seconds(9) + ms(1), retryAfter: 0 }]);
  });

  it('without any target the client waits for its own deadline', () => {
    const { simulation, controlPlane } = setUp();
    const callers = new Callers(simulation, controlPlane, { timeout: seconds(5) });
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(11));
    callers.send();
    advance(simulation, seconds(6));
    expect(callers.replies).toEqual([{ client: 0, status: 'timed-out', at: seconds(16), retryAfter: 0 }]);
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('a dial that nobody answers is given up after 30 s by those who would wait longer', () => {
    const { simulation, controlPlane } = setUp();
    const callers = new Callers(simulation, controlPlane, { timeout: seconds(60) });
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(11));
    controlPlane.block();
    callers.send();
    advance(simulation, seconds(60));
    expect(callers.replies).toEqual([{ client: 0, status: 'timed-out', at: seconds(11 + 30), retryAfter: 0 }]);
    controlPlane.checkBooks();
  });

  it('a deadline shorter than the round trip of a refusal comes first, and only once', () => {
    const { simulation, controlPlane } = setUp();
    const callers = new Callers(simulation, controlPlane, { timeout: us(500) });
    controlPlane.servers[0]!.kill('liveness');
    callers.send();
    advance(simulation, seconds(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'timed-out', at: 500, retryAfter: 0 }]);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('takes a server back after two health checks', () => {
    const { simulation, controlPlane, events } = setUp();
    controlPlane.servers[0]!.kill('liveness');
    const callers = new Callers(simulation, controlPlane, { timeout: seconds(1) });
    advance(simulation, seconds(21));
    expect(events.at(-1)!.what).toBe('api-server 0 ready');
    callers.send();
    advance(simulation, seconds(8));
    expect(callers.count('timed-out')).toBe(1);
    advance(simulation, seconds(2));
    callers.send();
    advance(simulation, seconds(1));
    expect(callers.count('ok')).toBe(1);
  });

  it('spreads new connections evenly over the servers in rotation', () => {
    const { simulation, controlPlane } = setUp({ apiServers: 3 });
    const clients = 3000;
    const callers = new Callers(simulation, controlPlane, { clients });
    for (let client = 0; client < clients; client++) callers.send(client, LIST);
    advance(simulation, minutes(1));
    const counts = [0, 1, 2].map((server) => callers.group.server.filter((one) => one === server).length);
    // Binomial with n = 3000, p = 1/3: five standard deviations are 129.
    for (const count of counts) expect(Math.abs(count - clients / 3)).toBeLessThan(129);
  });

  it('a connection sticks to its server, and after its death lands on another', () => {
    const { simulation, controlPlane } = setUp({ apiServers: 2 });
    const callers = new Callers(simulation, controlPlane);
    for (let i = 0; i < 20; i++) {
      callers.send(0, LIST);
      advance(simulation, seconds(1));
    }
    const first = callers.group.server[0]!;
    expect(controlPlane.servers[1 - first]!.cpu.books().busyTime).toBe(0);
    expect(controlPlane.isConnected(callers.group, 0)).toBe(true);
    controlPlane.servers[first]!.kill('liveness');
    expect(controlPlane.isConnected(callers.group, 0)).toBe(false);
    advance(simulation, seconds(11));
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    expect(callers.group.server[0]).toBe(1 - first);
    expect(callers.count('ok')).toBe(21);
  });
});

describe('a network block', () => {
  it('leaves clients outside hanging and those inside alone, and ends when it is lifted', () => {
    const { simulation, controlPlane } = setUp();
    const outside = new Callers(simulation, controlPlane, { timeout: seconds(5) });
    const inside = new Callers(simulation, controlPlane, { timeout: seconds(5), isInside: true });
    outside.send();
    advance(simulation, seconds(1));
    controlPlane.block();
    expect(controlPlane.isBlocked).toBe(true);
    expect(controlPlane.isConnected(outside.group, 0)).toBe(false);
    outside.send();
    inside.send();
    advance(simulation, seconds(6));
    expect(outside.replies.map((reply) => reply.status)).toEqual(['ok', 'timed-out']);
    expect(inside.replies.map((reply) => reply.status)).toEqual(['ok']);
    controlPlane.unblock();
    outside.send();
    advance(simulation, seconds(1));
    expect(outside.count('ok')).toBe(2);
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('silences a connection that is there: its health check finds that out after 45 s', () => {
    const { simulation, controlPlane } = setUp();
    const callers = new Callers(simulation, controlPlane, { timeout: seconds(60) });
    callers.send();
    advance(simulation, seconds(1));
    controlPlane.block();
    callers.send();
    advance(simulation, seconds(60));
    expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([
      ['ok', ms(1)],
      ['timed-out', seconds(1 + 45)],
    ]);
    controlPlane.checkBooks();
  });

  it('an answer does not get through either', () => {
    const { simulation, controlPlane } = setUp({ costs: flatCosts({ [LIST]: { cpuMs: 2000 } }) });
    const outside = new Callers(simulation, controlPlane, { timeout: seconds(5) });
    outside.send(0, LIST);
    advance(simulation, seconds(1));
    controlPlane.block();
    advance(simulation, seconds(9));
    expect(outside.replies).toEqual([{ client: 0, status: 'timed-out', at: seconds(5), retryAfter: 0 }]);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });
});

describe('the break-glass server', () => {
  const breakGlass = { cores: 1, memoryLimitBytes: 1000 };

  it('serves those who are pinned to it when all others are dead', () => {
    const { simulation, controlPlane } = setUp({ apiServers: 2, breakGlass });
    const pinned = new Callers(simulation, controlPlane);
    pinned.group.pinnedServer = controlPlane.breakGlassServer;
    const others = new Callers(simulation, controlPlane, { clients: 50, timeout: seconds(5) });
    for (const server of controlPlane.balanced) server.kill('liveness');
    advance(simulation, seconds(11));
    pinned.send();
    for (let client = 0; client < 50; client++) others.send(client);
    advance(simulation, seconds(6));
    expect(pinned.count('ok')).toBe(1);
    expect(others.count('timed-out')).toBe(50);
    expect(controlPlane.readyCount).toBe(0);
  });

  it('is never behind the balancer, not even after a restart', () => {
    const { simulation, controlPlane } = setUp({ apiServers: 1, breakGlass });
    controlPlane.servers[controlPlane.breakGlassServer]!.kill('liveness');
    advance(simulation, minutes(1));
    const callers = new Callers(simulation, controlPlane, { clients: 50 });
    for (let client = 0; client < 50; client++) callers.send(client, LIST);
    advance(simulation, minutes(1));
    expect(callers.group.server.every((server) => server === 0)).toBe(true);
  });

  it('there is none unless it is asked for', () => {
    expect(setUp().controlPlane.breakGlassServer).toBe(-1);
  });
});

describe('books', () => {
  it('every attempt ends exactly once, whatever happens to its server', () => {
    const { simulation, controlPlane } = setUp({
      apiServers: 2,
      costs: flatCosts({ get: { cpuMs: 50, etcdMs: 20 } }),
    });
    const callers = new Callers(simulation, controlPlane, { clients: 40, timeout: ms(700) });
    for (let client = 0; client < 40; client++) callers.send(client);
    advance(simulation, ms(500));
    controlPlane.checkBooks();
    controlPlane.servers[0]!.kill('liveness');
    controlPlane.checkBooks();
    advance(simulation, seconds(5));
    controlPlane.checkBooks();
    expect(callers.replies).toHaveLength(40);
    expect(new Set(callers.replies.map((reply) => reply.client)).size).toBe(40);
    expect(callers.group.inside).toBe(0);
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('an attempt that the books do not know is found', () => {
    const { controlPlane, simulation } = setUp();
    const callers = new Callers(simulation, controlPlane, { name: 'agents' });
    callers.send();
    callers.group.sent += 2;
    expect(() => controlPlane.checkBooks()).toThrow(
      'clients "agents": 3 attempts sent, 0 ended, so 3 should wait; 1 found waiting',
    );
  });

  it('clients of one group share a level and have the flow their identity gives them', () => {
    const { simulation, controlPlane } = setUp();
    const callers = new Callers(simulation, controlPlane, {
      clients: 2,
      describe: (client) => ({ ...userIdentity(`user-${client}`), verb: 'get', resource: 'pods' }),
    });
    expect(callers.group.flowOf(0)).not.toBe(callers.group.flowOf(1));
  });
});
