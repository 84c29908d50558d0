import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';
import type { ListMemory } from './list-memory.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const CACHE = 'list-pods-cache-json';
const ETCD = 'list-pods-etcd-json';
const MB = 1_000_000;

/** LISTs of 1 s of CPU and 100 MB; those of etcd take 1 s there first. */
function setUp(listMemory: ListMemory, options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, {
    cores: 2,
    etcdCores: 4,
    costs: flatCosts({
      [CACHE]: { cpuMs: 1000, bytes: 100 * MB },
      [ETCD]: { cpuMs: 1000, etcdMs: 1000, bytes: 100 * MB },
    }),
    ...options,
    apiServer: { listMemory, ...options.apiServer },
  });
  const callers = new Callers(simulation, controlPlane, { clients: 10, describe: person });
  return { simulation, controlPlane, callers, server: controlPlane.servers[0]! };
}

/** Megabytes, as far as looks every 10 ms of a second can tell them. */
function held({ memory }: { readonly memory: { readonly heldBytes: number } }): number {
  return Math.round(memory.heldBytes / MB);
}

describe('memory as a LIST works', () => {
  it('grows with the CPU that it has had, and is whole while its answer is on its way', () => {
    const { simulation, controlPlane, server } = setUp('as-it-works', {
      costs: flatCosts({ [CACHE]: { cpuMs: 1000, bytes: 100 * MB, answerBytes: 10 * MB } }),
    });
    const slow = new Callers(simulation, controlPlane, { describe: person, bytesPerSecond: 10 * MB });
    slow.send(0, CACHE);
    const seen: number[] = [];
    for (let tenth = 0; tenth < 22; tenth++) {
      seen.push(held(server));
      advance(simulation, ms(100));
    }
    const growing = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    expect(seen.slice(0, 10)).toEqual(growing);
    expect(seen.slice(11, 20)).toEqual(Array.from({ length: 9 }, () => 100));
    expect(seen.slice(21)).toEqual([0]);
    controlPlane.checkBooks();
  });

  it('begins with what etcd has sent, which comes as one message', () => {
    const { simulation, callers, controlPlane, server } = setUp('as-it-works');
    const { operations } = controlPlane;
    operations.resize({ pods: 10_000, nodes: 100 });
    // 10,000 pods of 3.6 kB: 36 MB of the 100.
    callers.send(0, ETCD);
    advance(simulation, ms(999));
    expect(held(server)).toBe(0);
    advance(simulation, ms(7));
    expect(held(server)).toBe(36);
    advance(simulation, ms(500));
    expect(held(server)).toBe(68);
    advance(simulation, seconds(1));
    expect(held(server)).toBe(0);
  });

  it('two LISTs half a service apart hold one and a half of them at most, and two that start together hold two', () => {
    // Two cores: each has one of its own. When the first has all of its memory the second has half.
    const peak = (listMemory: ListMemory, apart: number): number => {
      const { simulation, callers, server } = setUp(listMemory);
      callers.send(0, CACHE);
      advance(simulation, ms(apart));
      callers.send(1, CACHE);
      advance(simulation, seconds(5));
      return server.peakMemoryBytes / MB;
    };
    expect([peak('at-once', 500), peak('at-once', 0)]).toEqual([200, 200]);
    // To within one look at the memory of one of them, 1 MB.
    expect(Math.abs(peak('as-it-works', 500) - 150)).toBeLessThan(1.01);
    expect(Math.abs(peak('as-it-works', 0) - 200)).toBeLessThan(1.01);
  });

  it('so a limit between the two kills the one server and not the other; a burst kills both', () => {
    const kills = (listMemory: ListMemory, apart: number): number => {
      const { simulation, callers, server } = setUp(listMemory, { memory: 175 * MB });
      for (let client = 0; client < 6; client++) {
        callers.send(client, CACHE);
        advance(simulation, ms(apart));
      }
      advance(simulation, seconds(5));
      return server.memoryKills;
    };
    expect([kills('at-once', 500), kills('as-it-works', 500)]).toEqual([1, 0]);
    expect([kills('at-once', 0), kills('as-it-works', 0)]).toEqual([1, 1]);
  });

  it('goes back to the last byte when a LIST is cut off while it decodes, and when the process dies', () => {
    const { simulation, controlPlane, server } = setUp('as-it-works', {
      apiServer: { listMemory: 'as-it-works', cancellation: { decodeShare: 0.5 } },
    });
    const hasty = new Callers(simulation, controlPlane, { describe: person, timeout: ms(1300) });
    hasty.send(0, ETCD);
    advance(simulation, ms(1299));
    expect(held(server)).toBeGreaterThan(20);
    advance(simulation, ms(2));
    expect(server.memory.heldBytes).toBe(0);
    hasty.send(0, CACHE);
    advance(simulation, ms(300));
    server.kill('liveness');
    advance(simulation, seconds(30));
    expect([server.memory.heldBytes, controlPlane.requests.openCount]).toEqual([0, 0]);
    controlPlane.checkBooks();
  });

  it('changes no time of any request', () => {
    const times = (listMemory: ListMemory): readonly number[] => {
      const { simulation, callers } = setUp(listMemory);
      for (let client = 0; client < 8; client++) {
        callers.send(client, client % 2 === 0 ? CACHE : ETCD);
        advance(simulation, ms(137));
      }
      advance(simulation, seconds(20));
      return callers.replies.map(({ at }) => at);
    };
    expect(times('as-it-works')).toEqual(times('at-once'));
  });
});
