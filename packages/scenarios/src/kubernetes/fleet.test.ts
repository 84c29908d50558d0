/** Machines that are put behind the balancer while the control plane runs. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type BenchOptions, Callers, createBench } from './testing/bench.ts';

const breakGlass = { cores: 1, memoryLimitBytes: Infinity };

function setUp(options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const bench = createBench(simulation, {
    apiServers: 2,
    breakGlass,
    ...options,
    controlPlane: { spareApiServers: 2, ...options.controlPlane },
  });
  return { simulation, ...bench };
}

describe('spare machines', () => {
  it('run no process and get no connection until they are put into service', () => {
    const { simulation, controlPlane, events } = setUp();
    const callers = new Callers(simulation, controlPlane, { clients: 100 });
    for (let client = 0; client < 100; client++) callers.send(client);
    advance(simulation, minutes(5));
    expect(controlPlane.servers).toHaveLength(5);
    expect(controlPlane.breakGlassServer).toBe(2);
    expect(controlPlane.balanced.map(({ index }) => index)).toEqual([0, 1]);
    expect(controlPlane.readyCount).toBe(2);
    expect([3, 4].map((index) => controlPlane.servers[index]!.memoryBytes)).toEqual([0, 0]);
    expect([...callers.group.server].every((server) => server < 2)).toBe(true);
    expect(events).toEqual([]);
  });

  it('start like any machine: start time, caches, then as many health checks as it takes', () => {
    for (const healthCheckTimeout of [undefined, seconds(2)]) {
      const { simulation, controlPlane, events } = setUp({
        controlPlane: healthCheckTimeout === undefined ? {} : { healthCheckTimeout },
      });
      advance(simulation, minutes(1));
      expect(controlPlane.addServer()).toBe(true);
      advance(simulation, seconds(9));
      expect(controlPlane.readyCount).toBe(2);
      advance(simulation, seconds(3));
      expect(events.map(({ what }) => what)).toEqual(['api-server 3 ready']);
      expect(controlPlane.balancer.rotation).toEqual([0, 1]);
      advance(simulation, seconds(12));
      expect(controlPlane.balancer.rotation).toEqual([0, 1, 3]);
      expect(controlPlane.balanced.map(({ index }) => index)).toEqual([0, 1, 3]);
      controlPlane.checkBooks();
    }
  });

  it('take new connections, and leave the rotation when they die', () => {
    const { simulation, controlPlane } = setUp();
    controlPlane.addServer();
    advance(simulation, minutes(1));
    const callers = new Callers(simulation, controlPlane, { clients: 300 });
    for (let client = 0; client < 300; client++) callers.send(client);
    advance(simulation, seconds(5));
    expect(callers.ok).toBe(300);
    const share = controlPlane.balancer.connectionsTo(3);
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
    controlPlane.servers[3]!.kill('liveness');
    advance(simulation, seconds(11));
    expect(controlPlane.balancer.rotation).toEqual([0, 1]);
    controlPlane.checkBooks();
  });

  it('stay where they are when their failure zone is lost and comes back', () => {
    const zones = ['a', 'b', 'b', 'a', 'b'];
    const { simulation, controlPlane, events } = setUp({ controlPlane: { zones } });
    controlPlane.zones.fail('a');
    advance(simulation, minutes(1));
    controlPlane.zones.restore('a');
    advance(simulation, minutes(2));
    expect(events.map(({ what }) => what)).toEqual(['api-server 0 died: machine-lost', 'api-server 0 ready']);
    expect(controlPlane.addServer()).toBe(true);
    advance(simulation, minutes(1));
    expect(controlPlane.servers[3]!.isReady).toBe(true);
  });

  it('run out', () => {
    const { controlPlane } = setUp();
    expect([1, 2, 3].map(() => controlPlane.addServer())).toEqual([true, true, false]);
  });

  it('that nobody has leave a control plane as it is', () => {
    const { controlPlane } = setUp({ controlPlane: { spareApiServers: 0 } });
    expect(controlPlane.servers).toHaveLength(3);
    expect(controlPlane.addServer()).toBe(false);
  });
});
