import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-cache-json';

function setUp(options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, events } = createBench(simulation, {
    apiServers: 2,
    etcdMembers: 2,
    connectionCpu: ms(2),
    costs: flatCosts({ [LIST]: { cpuMs: 1000 }, probe: { cpuMs: 1, etcdMs: 1 } }),
    ...options,
    controlPlane: { healthCheckTimeout: seconds(2), ...options.controlPlane },
  });
  /** Seconds at which the rotation changed within a while, and what it was then. */
  const watch = (time: number): readonly (readonly [number, readonly number[]])[] => {
    const seen: (readonly [number, readonly number[]])[] = [];
    let last = controlPlane.balancer.rotation;
    for (let second = 1; second <= time; second++) {
      advance(simulation, seconds(1));
      const { rotation } = controlPlane.balancer;
      if (rotation.join() !== last.join()) seen.push([simulation.now / seconds(1), rotation]);
      last = rotation;
    }
    return seen;
  };
  return { simulation, controlPlane, events, watch };
}

describe('health checks', () => {
  it('find idle servers well, cost them a little, and leave nothing behind', () => {
    const { controlPlane, watch } = setUp();
    expect(watch(62)).toEqual([]);
    expect(controlPlane.servers[0]!.busyTime).toBe(12 * ms(2 + 1));
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('take a dead server out after two of them, and in after two good ones', () => {
    const { controlPlane, watch } = setUp();
    watch(7);
    controlPlane.servers[1]!.kill('liveness');
    // Checks at 10, 15 fail; it is ready after 27 s and a cache fill, so those at 30 and 35 s succeed.
    expect(watch(40)).toEqual([
      [16, [0]],
      [36, [0, 1]],
    ]);
  });

  it('take out a server that has no core to answer with, although it is alive and works', () => {
    const { simulation, controlPlane, events, watch } = setUp();
    const callers = new Callers(simulation, controlPlane, { clients: 2000, timeout: minutes(60) });
    for (let client = 0; client < 2000; client++) {
      callers.group.connect(client, 1, controlPlane.servers[1]!.life);
      callers.send(client, LIST);
    }
    // A check needs 3 ms of a core that 2,000 others share: 6 s.
    expect(watch(20)).toEqual([[12, [0]]]);
    expect(events).toEqual([]);
  });

  it('are told by a server that shuts down, and by a machine that is gone nothing', () => {
    for (const fault of ['terminate', 'zone'] as const) {
      const { controlPlane, watch } = setUp({
        apiServer: { shutdown: { delay: seconds(60) } },
        controlPlane: { zones: ['a', 'b'] },
      });
      watch(7);
      if (fault === 'terminate') controlPlane.servers[1]!.terminate();
      else controlPlane.zones.fail('b');
      const out = watch(30)[0]!;
      expect(out[1]).toEqual([0]);
      expect(out[0]).toBe(fault === 'terminate' ? 16 : 17);
    }
  });

  it('need a timeout shorter than their interval', () => {
    expect(() => setUp({ controlPlane: { healthCheckTimeout: seconds(5) } })).toThrow(
      'health checks: the timeout must be shorter than the interval of 5000000 us, got 5000000',
    );
  });
});

it('clients of a server that was taken out stay with it, because the balancer only deals new connections', () => {
  const { simulation, controlPlane } = setUp({ cores: 4 });
  const callers = new Callers(simulation, controlPlane, { describe: person });
  callers.group.connect(0, 1, controlPlane.servers[1]!.life);
  controlPlane.balancer.setInRotation(1, false);
  callers.send(0, LIST);
  advance(simulation, seconds(2));
  expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([['ok', seconds(1)]]);
  expect(callers.group.server[0]).toBe(1);
});
