import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { ShutdownOptions } from './graceful-shutdown.ts';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-cache-json';

/** LISTs of 3 s of CPU on servers of ten cores. */
function setUp(shutdown: ShutdownOptions, options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, events } = createBench(simulation, {
    cores: 10,
    costs: flatCosts({ [LIST]: { cpuMs: 3000 } }),
    apiServer: { shutdown },
    ...options,
  });
  const callers = new Callers(simulation, controlPlane, { clients: 10, describe: person, timeout: seconds(600) });
  const statuses = (): readonly unknown[] =>
    callers.replies.map(({ client, status, at }) => [client, status, at / seconds(1)]);
  const finish = (time: number): void => {
    advance(simulation, time);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  };
  return { simulation, controlPlane, callers, server: controlPlane.servers[0]!, events, statuses, finish };
}

describe('SIGTERM', () => {
  it('lets what is inside finish, then exits; the process is back without any back-off', () => {
    const { simulation, callers, server, events, statuses, finish } = setUp({});
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    server.terminate();
    expect([server.isReady, server.isHealthy]).toEqual([true, false]);
    finish(seconds(30));
    expect(statuses()).toEqual([[0, 'ok', 3]]);
    expect(events.map(({ at, what }) => [at, what])).toEqual([
      [seconds(3), 'api-server 0 died: shutdown'],
      [seconds(13) + ms(1), 'api-server 0 ready'],
    ]);
  });

  it('an idle server exits at once, and a second SIGTERM changes nothing', () => {
    const { simulation, server, events } = setUp({ delay: seconds(20) });
    server.terminate();
    advance(simulation, seconds(15));
    server.terminate();
    expect(events).toEqual([]);
    advance(simulation, seconds(6));
    expect(events.map(({ at }) => at)).toEqual([seconds(20)]);
  });

  it('--shutdown-delay-duration keeps everything served meanwhile, while the balancer looks elsewhere', () => {
    const { simulation, callers, controlPlane, server, statuses, finish } = setUp(
      { delay: seconds(20) },
      { apiServers: 2 },
    );
    server.terminate();
    advance(simulation, seconds(11));
    // Two failed checks of 5 s: new connections all go to the other one.
    expect(controlPlane.balancer.rotation).toEqual([1]);
    callers.group.connect(0, 0, server.life);
    callers.send(0, LIST);
    finish(seconds(40));
    expect(statuses()).toEqual([[0, 'ok', 14]]);
  });

  it('without a delay clients meet a closed door until the balancer has noticed', () => {
    const { simulation, callers, server, statuses } = setUp({});
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    server.terminate();
    advance(simulation, ms(1));
    callers.send(1, LIST);
    // Even the one with a connection is told to go away, dials, and is refused.
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    expect(statuses()).toEqual([
      [1, 'refused', 1.002],
      [0, 'refused', 1.002],
    ]);
  });

  it('--shutdown-send-retry-after answers late arrivals 429 and 5 s instead', () => {
    const { simulation, callers, server, finish } = setUp({ sendRetryAfter: true });
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    server.terminate();
    advance(simulation, ms(1));
    callers.send(1, LIST);
    callers.send(2, 'probe');
    finish(seconds(5));
    expect(callers.replies.map(({ client, status, retryAfter }) => [client, status, retryAfter])).toEqual([
      [1, 'too-many-requests', 5],
      [2, 'ok', 0],
      [0, 'ok', 0],
    ]);
    expect(callers.group.server[1]).toBe(-1);
    expect(server.isReady).toBe(false);
  });

  it('drains no longer than the request timeout, or the kubelet allows', () => {
    for (const [terminationGrace, exits] of [
      [undefined, 60],
      [seconds(30), 30],
    ] as const) {
      const { simulation, callers, server, statuses, finish } = setUp(
        terminationGrace === undefined ? {} : { terminationGrace },
        { costs: flatCosts({ [LIST]: { cpuMs: 90_000 } }) },
      );
      callers.send(0, LIST);
      advance(simulation, 0);
      server.terminate();
      finish(seconds(100));
      expect(statuses()).toEqual([[0, 'reset', exits]]);
    }
  });

  it('watches are ended over their grace period, 200 a second at least', () => {
    for (const [watches, grace, ended] of [
      [0, 60, 0],
      [1000, 60, 5],
      [30_000, 60, 60],
      [30_000, 0, 0],
    ] as const) {
      const { simulation, server, events } = setUp({ watchGrace: seconds(grace) });
      server.terminate({ watches });
      advance(simulation, seconds(70));
      expect(events[0]).toEqual({ at: seconds(ended), what: 'api-server 0 died: shutdown' });
    }
  });

  it('a server that dies while it drains forgets about it', () => {
    const { simulation, callers, server, events, finish } = setUp({ terminationGrace: seconds(30) });
    callers.send(0, LIST);
    advance(simulation, ms(1));
    server.terminate();
    advance(simulation, seconds(1));
    server.kill('liveness');
    finish(seconds(100));
    expect(events.map(({ what }) => what)).toEqual(['api-server 0 died: liveness', 'api-server 0 ready']);
    expect([server.isReady, server.isHealthy]).toEqual([true, true]);
  });
});
