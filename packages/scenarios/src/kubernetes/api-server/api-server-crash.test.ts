import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type Bench, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-cache-json';

function setUp(options: BenchOptions = {}, seed = 1): Bench & { simulation: Simulation } {
  const simulation = new Simulation({ seed });
  return { simulation, ...createBench(simulation, options) };
}

describe('crash and return', () => {
  it('back-off doubles up to 5 min, from the 10 s that the bench has for a first death', () => {
    const { simulation, controlPlane, events } = setUp();
    for (let i = 0; i < 7; i++) {
      controlPlane.servers[0]!.kill('liveness');
      while (!controlPlane.servers[0]!.isReady) advance(simulation, seconds(1));
    }
    const at = (what: string): number[] => events.filter((one) => one.what.includes(what)).map((one) => one.at);
    const down = at('ready').map((ready, i) => ready - at('died')[i]!);
    const startAndFill = seconds(10) + ms(1);
    expect(down.map((time) => (time - startAndFill) / seconds(1))).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });

  it('back-off starts over after more than ten clean minutes, not before', () => {
    for (const [clean, expected] of [
      [minutes(9), 20],
      [minutes(11), 10],
    ] as const) {
      const { simulation, controlPlane, events } = setUp();
      controlPlane.servers[0]!.kill('liveness');
      advance(simulation, seconds(30));
      advance(simulation, clean);
      const from = simulation.now;
      controlPlane.servers[0]!.kill('liveness');
      advance(simulation, minutes(1));
      expect(Math.round((events.at(-1)!.at - from) / seconds(1)) - 10).toBe(expected);
    }
  });

  it('it is not ready before its cache is filled from etcd', () => {
    const costs = flatCosts({ 'cache-fill': { etcdMs: 2000, cpuMs: 3000 } });
    const { simulation, controlPlane, events } = setUp({ costs });
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(1));
    expect(events.at(-1)).toEqual({ at: seconds(25), what: 'api-server 0 ready' });
  });

  it('a dead process cannot be killed', () => {
    const { simulation, controlPlane, events } = setUp();
    controlPlane.servers[0]!.kill('liveness');
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(1));
    expect(events.map((event) => event.what)).toEqual(['api-server 0 died: liveness', 'api-server 0 ready']);
  });

  it('a larger machine starts at once, with the back-off of a new one', () => {
    const { simulation, controlPlane, events } = setUp();
    for (let i = 0; i < 5; i++) {
      controlPlane.servers[0]!.kill('liveness');
      if (i < 4) while (!controlPlane.servers[0]!.isReady) advance(simulation, seconds(1));
    }
    const from = simulation.now;
    controlPlane.servers[0]!.resize(2, 1000);
    advance(simulation, minutes(1));
    expect(events.at(-1)).toEqual({ at: from + seconds(10) + ms(1), what: 'api-server 0 ready' });
    expect(controlPlane.servers[0]!.cpu.cores).toBe(2);
    expect(controlPlane.servers[0]!.memoryLimitBytes).toBe(1000);
    const again = simulation.now;
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(1));
    expect(events.at(-1)).toEqual({ at: again + seconds(20) + ms(1), what: 'api-server 0 ready' });
  });

  it('requests that connect, wait for a seat, compute or are in etcd are all reset', () => {
    const { simulation, controlPlane } = setUp({
      connectionCpu: ms(10),
      flowControl: { maxRequestsInflight: 1, maxMutatingRequestsInflight: 0 },
      costs: flatCosts({ [LIST]: { cpuMs: 1000 }, get: { etcdMs: 1000 } }),
    });
    const people = new Callers(simulation, controlPlane, { clients: 4, describe: person });
    const admin = new Callers(simulation, controlPlane);
    admin.send(0, 'get');
    for (let client = 0; client < 3; client++) people.send(client, LIST);
    advance(simulation, ms(100));
    people.send(3, LIST);
    advance(simulation, ms(1));
    expect(people.replies).toHaveLength(0);
    controlPlane.servers[0]!.kill('liveness');
    expect(people.count('reset')).toBe(4);
    expect(admin.count('reset')).toBe(1);
    advance(simulation, seconds(5));
    controlPlane.checkBooks();
    expect(controlPlane.requests.openCount).toBe(0);
  });
});
