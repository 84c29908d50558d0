/**
 * Where connections go, and stay. Argued before the run: connections are made once and kept, so a server that comes back
 * gets only what is dialled after its return. Only GOAWAY moves established ones: with chance p per request, a client that
 * asks r times a second dials anew every 1/(pr) seconds on average, so after a time t the share that has not yet been
 * dealt again is e^(-prt), and a server that came back empty has (1 - e^(-prt))/n of all connections.
 */
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, Callers, createBench } from '../testing/bench.ts';
import type { ControlPlaneOptions } from '../control-plane.ts';

const CLIENTS = 300;

/** Clients that each ask once a second, for a minute; three servers. */
function setUp(options: Partial<ControlPlaneOptions> = {}, clients = CLIENTS) {
  const simulation = new Simulation({ seed: 3 });
  const { controlPlane } = createBench(simulation, { apiServers: 3, cores: 16, controlPlane: options });
  const callers = new Callers(simulation, controlPlane, { clients });
  const ask = simulation.event('ask', (client) => {
    ask.after(seconds(1), client);
    callers.send(client, 'get');
  });
  for (let client = 0; client < clients; client++) ask.after(ms(client), client);
  const connections = (): readonly number[] => [0, 1, 2].map((server) => controlPlane.balancer.connectionsTo(server));
  const finish = (): void => controlPlane.checkBooks();
  return { simulation, controlPlane, connections, finish };
}

describe('policies', () => {
  it('round robin and least connections deal evenly, random nearly so', () => {
    for (const balancer of ['round-robin', 'least-connections'] as const) {
      const { simulation, connections } = setUp({ balancer });
      advance(simulation, minutes(1));
      expect(connections()).toEqual([100, 100, 100]);
    }
    const { simulation, connections } = setUp({ balancer: 'random' });
    advance(simulation, minutes(1));
    // Binomial(300, 1/3): mean 100, standard deviation 8.2; 4 of them is a 99.99 % interval.
    for (const count of connections()) expect(Math.abs(count - 100)).toBeLessThan(33);
  });

  it('least connections fills a server that has come back first', () => {
    const { simulation, controlPlane, connections } = setUp({ balancer: 'least-connections' });
    advance(simulation, minutes(1));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(1));
    expect(connections()).toEqual([0, 150, 150]);
    const late = new Callers(simulation, controlPlane, { clients: 60 });
    for (let client = 0; client < 60; client++) late.send(client, 'get');
    advance(simulation, seconds(1));
    expect(connections()).toEqual([60, 150, 150]);
  });
});

it.each(['random', 'round-robin', 'least-connections'] as const)(
  '%s: picks that are skipped count as made',
  (policy) => {
    for (const count of [0, 1, 7, 100]) {
      const [picked, skipped] = [1, 2].map(() => setUp({ balancer: policy }, 3).controlPlane.balancer);
      for (let pick = 0; pick < count; pick++) picked!.pick();
      skipped!.skip(count);
      const next = [picked!, skipped!].map((each) => Array.from({ length: 20 }, () => each.pick()!.index));
      expect(next[1]).toEqual(next[0]);
    }
  },
);

describe('a server that comes back', () => {
  it('stays empty when nothing makes clients dial again', () => {
    const { simulation, controlPlane, connections, finish } = setUp();
    advance(simulation, minutes(1));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(30));
    expect(controlPlane.servers[0]!.isReady).toBe(true);
    expect(connections()[0]).toBe(0);
    finish();
  });

  it('is filled by GOAWAY at the pace of the argument above', () => {
    const goawayChance = 0.01;
    const { simulation, controlPlane, connections, finish } = setUp({ goawayChance });
    advance(simulation, minutes(1));
    controlPlane.servers[0]!.kill('liveness');
    // In rotation again 10 s of back-off + 10 s of start + 2 checks of 5 s later.
    advance(simulation, seconds(30));
    const before = connections()[0]!;
    advance(simulation, seconds(550));
    const share = (1 - Math.exp(-goawayChance * 550)) / 3;
    const expected = share * CLIENTS;
    const deviation = Math.sqrt(CLIENTS * share * (1 - share));
    expect(before).toBeLessThan(5);
    expect(Math.abs(connections()[0]! - expected)).toBeLessThan(3 * deviation);
    finish();
  });
});

describe('a rolling restart', () => {
  /** Each server in turn, a minute apart; then the connections of each. */
  function roll(options: Partial<ControlPlaneOptions>): readonly number[] {
    const { simulation, controlPlane, connections, finish } = setUp(options, 600);
    advance(simulation, minutes(1));
    for (const server of controlPlane.servers) {
      server.terminate();
      advance(simulation, minutes(1));
    }
    finish();
    return connections();
  }

  it('leaves the last one empty and the first one with most', () => {
    // 200 each. 0 goes: its 200 are dealt to 1 and 2: 0, 300, 300. 1 goes: 150, 0, 450. 2 goes: 375, 225, 0.
    const [first, second, last] = roll({});
    expect(last).toBe(0);
    expect(Math.abs(first! - 375)).toBeLessThan(50);
    expect(Math.abs(second! - 225)).toBeLessThan(50);
  });

  it('least connections cannot help, because the last one is away when its clients are dealt', () => {
    expect(roll({ balancer: 'least-connections' })[2]).toBe(0);
  });
});

it('health checks: two bad ones take a server out, two good ones bring it back', () => {
  const { simulation, controlPlane } = setUp({}, 1);
  controlPlane.servers[1]!.kill('liveness');
  const seen: (readonly [number, readonly number[]])[] = [];
  for (let second = 1; second <= 40; second++) {
    advance(simulation, seconds(1));
    const { rotation } = controlPlane.balancer;
    if (rotation.length !== (seen.at(-1)?.[1].length ?? 3)) seen.push([second, rotation]);
  }
  expect(seen).toEqual([
    [10, [0, 2]],
    [31, [0, 1, 2]],
  ]);
});
