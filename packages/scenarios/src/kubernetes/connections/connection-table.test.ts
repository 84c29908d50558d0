import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const LIST = 'list-pods-cache-json';
const DIAL = ms(10);
const SERVICE = seconds(1);

/** LISTs of 1 s on plenty of cores; a connection costs 10 ms more, so the time of an answer tells who dialled. */
function setUp(streams: number, options: BenchOptions = {}, lastStreamAt?: (client: number, now: number) => number) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, {
    cores: 1000,
    connectionCpu: DIAL,
    costs: flatCosts({ [LIST]: { cpuMs: 1000 } }),
    ...options,
    controlPlane: { connections: { streams, idleTimeout: seconds(90) }, ...options.controlPlane },
  });
  const callers = new Callers(simulation, controlPlane, {
    clients: 2,
    ...(lastStreamAt && { lastStreamAt: (client) => lastStreamAt(client, simulation.now) }),
  });
  /** Sends so many LISTs at once and tells how many of them had to dial. */
  const burst = (count: number, client = 0): number => {
    const before = callers.replies.length;
    const at = simulation.now;
    for (let i = 0; i < count; i++) callers.send(client, LIST);
    advance(simulation, seconds(2));
    const times = callers.replies.slice(before).map((reply) => reply.at - at);
    expect(times).toHaveLength(count);
    expect(times.every((time) => time === SERVICE || time === SERVICE + DIAL)).toBe(true);
    controlPlane.checkBooks();
    return times.filter((time) => time > SERVICE).length;
  };
  return { simulation, controlPlane, callers, burst };
}

describe('streams', () => {
  it('250 requests at once need three connections of 100 streams, and find them again', () => {
    const { burst } = setUp(100);
    expect(burst(250)).toBe(3);
    expect(burst(300)).toBe(0);
    expect(burst(301)).toBe(1);
  });

  it('without limits one connection carries everything, as it does when nobody counts', () => {
    expect(setUp(Infinity).burst(250)).toBe(1);
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane } = createBench(simulation, { cores: 1000, connectionCpu: DIAL });
    const callers = new Callers(simulation, controlPlane);
    for (let i = 0; i < 250; i++) callers.send(0, LIST);
    advance(simulation, seconds(1));
    expect(controlPlane.servers[0]!.busyTime).toBe(250 * ms(1) + DIAL);
  });

  it('are counted by client', () => {
    const { burst } = setUp(100);
    expect(burst(100, 0)).toBe(1);
    expect(burst(100, 1)).toBe(1);
  });

  it('end with an attempt however it ends', () => {
    const { simulation, controlPlane } = setUp(1);
    const hasty = new Callers(simulation, controlPlane, { timeout: ms(500) });
    for (let i = 0; i < 5; i++) {
      hasty.send(0, LIST);
      advance(simulation, seconds(2));
    }
    // One connection served all five in turn: only the first had to dial, although none was answered in time.
    expect(hasty.count('timed-out')).toBe(5);
    expect(controlPlane.servers[0]!.busyTime).toBe(5 * SERVICE + DIAL);
  });
});

describe('idle connections', () => {
  it('are closed after 90 s without a stream, and kept when they are used in time', () => {
    const { simulation, burst } = setUp(100);
    expect(burst(1)).toBe(1);
    advance(simulation, seconds(80));
    expect(burst(1)).toBe(0);
    advance(simulation, seconds(100));
    expect(burst(1)).toBe(1);
  });

  it('are not idle while a stream is open, however long it takes', () => {
    const { simulation, callers, controlPlane } = setUp(100, { costs: flatCosts({ [LIST]: { cpuMs: 200_000 } }) });
    const patient = new Callers(simulation, controlPlane, { timeout: seconds(1000) });
    patient.send(0, LIST);
    advance(simulation, seconds(150));
    patient.send(0, LIST);
    advance(simulation, seconds(500));
    expect(patient.replies.map(({ at }) => at)).toEqual([seconds(200) + DIAL, seconds(350)]);
    expect(callers.replies).toEqual([]);
  });
});

describe('streams that no request stands for', () => {
  it('keep a connection from idling while they are open, and it idles from their end on', () => {
    const end = seconds(600);
    const { simulation, burst } = setUp(100, {}, (client, now) => (client === 0 ? Math.min(now, end) : -Infinity));
    expect([burst(1, 0), burst(1, 1)]).toEqual([1, 1]);
    advance(simulation, seconds(300));
    expect([burst(1, 0), burst(1, 1)]).toEqual([0, 1]);
    // 306 s are over: 80 s after the stream the connection is still there, and no longer when it was last used 98 s ago.
    advance(simulation, seconds(374));
    expect(burst(1, 0)).toBe(0);
    advance(simulation, seconds(96));
    expect(burst(1, 0)).toBe(1);
  });

  it('show that there was a connection before anybody had dialled, unless it has idled out since', () => {
    const { simulation, controlPlane, callers, burst } = setUp(100, {}, (client) => seconds(client === 0 ? 100 : 50));
    for (const client of [0, 1]) callers.group.connect(client, 0, controlPlane.servers[0]!.life);
    advance(simulation, seconds(150));
    expect([burst(1, 0), burst(1, 1)]).toEqual([0, 1]);
  });
});

describe('connections that break', () => {
  it('all of a client go with their server, and when it closes them itself', () => {
    const { simulation, controlPlane, callers, burst } = setUp(100);
    expect(burst(250)).toBe(3);
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(40));
    expect(burst(250)).toBe(3);
    callers.group.disconnect(0);
    expect(burst(250)).toBe(3);
  });

  it('light requests on the short way are streams too', () => {
    const { simulation, callers, controlPlane } = setUp(1);
    callers.send(0, 'get');
    advance(simulation, seconds(1));
    callers.send(0, 'get');
    callers.send(0, 'get');
    advance(simulation, seconds(1));
    expect(callers.ok).toBe(3);
    // The second found the connection of the first; the third had to dial one of its own.
    expect(controlPlane.servers[0]!.express.busyTime).toBe(ms(1));
    expect(controlPlane.servers[0]!.busyTime).toBe(3 * ms(1) + 2 * DIAL);
  });
});

it('a limit below one stream is refused', () => {
  expect(() => setUp(0)).toThrow('connections: streams must be >= 1, got 0');
});
