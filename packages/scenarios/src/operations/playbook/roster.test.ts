import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Awaitable, delay, minutes, type Process, seconds, Simulation, spawn, waitFor } from '@brownout/core';
import { advance } from '../../kubernetes/testing/bench.ts';
import { Roster } from './roster.ts';

const equal = () => 0;

describe('a roster', () => {
  it('gives out what is free, and lets the rest wait in the order they came', () => {
    const roster = new Roster(2);
    const turns = [1, 1, 1].map((members) => roster.request(members, equal));
    expect(turns.map(({ isFired }) => isFired)).toEqual([true, true, false]);
    expect([roster.free, roster.waiting]).toEqual([0, 1]);
    roster.release(1);
    expect(turns[2]!.isFired).toBe(true);
  });

  it('asks anew who is first whenever somebody is free', () => {
    const roster = new Roster(1);
    const ranks = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 2],
    ]);
    roster.request(1, equal);
    const turns = [...ranks.keys()].map((name) => [name, roster.request(1, () => ranks.get(name)!)] as const);
    const given = (): string[] => turns.filter(([, { isFired }]) => isFired).map(([name]) => name);
    ranks.set('a', 3);
    roster.release(1);
    expect(given()).toEqual(['b']);
    roster.release(1);
    expect(given()).toEqual(['b', 'c']);
  });

  it('lets nobody overtake the first in line, who waits for two', () => {
    const roster = new Roster(2);
    roster.request(1, equal);
    const two = roster.request(2, equal);
    const one = roster.request(1, equal);
    expect([two.isFired, one.isFired]).toEqual([false, false]);
    roster.release(1);
    expect([two.isFired, one.isFired]).toEqual([true, false]);
  });

  it('grows', () => {
    const roster = new Roster(0);
    const turn = roster.request(2, equal);
    roster.grow(1);
    expect(turn.isFired).toBe(false);
    roster.grow(1);
    expect([turn.isFired, roster.size, roster.free]).toEqual([true, 2, 0]);
  });

  it('refuses a crew that cannot be', () => {
    expect(() => new Roster(-1)).toThrow('roster: size must be a whole number >= 0, got -1');
    expect(() => new Roster(1.5)).toThrow('got 1.5');
  });

  it('never has fewer than none at work, nor more than there are, and leaves nobody waiting who could begin', () => {
    const step = fc.oneof(
      fc.record({ ask: fc.integer({ min: 1, max: 4 }), rank: fc.integer({ min: 0, max: 3 }) }),
      fc.constant('release' as const),
      fc.constant('grow' as const),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.array(step, { maxLength: 60 }), (size, steps) => {
        const roster = new Roster(size);
        const asked: { members: number; rank: number; turn: Awaitable; isBack: boolean }[] = [];
        for (const each of steps) {
          if (each === 'grow') roster.grow(1);
          else if (each === 'release') {
            const busy = asked.find(({ turn, isBack }) => turn.isFired && !isBack);
            if (busy === undefined) continue;
            busy.isBack = true;
            roster.release(busy.members);
          } else {
            asked.push({
              members: each.ask,
              rank: each.rank,
              turn: roster.request(each.ask, () => each.rank),
              isBack: false,
            });
          }
          const atWork = asked.filter(({ turn, isBack }) => turn.isFired && !isBack);
          const used = atWork.reduce((sum, { members }) => sum + members, 0);
          expect(used + roster.free).toBe(roster.size);
          expect(roster.free).toBeGreaterThanOrEqual(0);
          const waiting = asked.filter(({ turn }) => !turn.isFired);
          expect(waiting).toHaveLength(roster.waiting);
          const lowest = Math.min(...waiting.map(({ rank }) => rank));
          const first = waiting.find(({ rank }) => rank === lowest);
          if (first !== undefined) expect(first.members).toBeGreaterThan(roster.free);
        }
      }),
      { seed: 20241211 },
    );
  });
});

/** Jobs of one minute each, asked for in order; returns who began when. */
function work(
  size: number,
  jobs: number,
): { simulation: Simulation; begun: [number, number][]; ask(number: number): void } {
  const simulation = new Simulation({ seed: 1 });
  const crew = new Roster(size);
  const begun: [number, number][] = [];
  function* job(number: number): Process {
    yield* waitFor(crew.request(1, () => 0));
    begun.push([number, simulation.now / minutes(1)]);
    yield delay(minutes(1));
    crew.release(1);
  }
  const ask = (number: number): void => void spawn(simulation, `job ${number}`, job(number));
  for (let number = 0; number < jobs; number++) ask(number);
  return { simulation, begun, ask };
}

it('as many at once as there are people, the others in the order in which they asked', () => {
  const { simulation, begun } = work(2, 5);
  advance(simulation, minutes(10));
  expect(begun).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
  ]);
});

it('who asks while others wait gets in line behind them', () => {
  const { simulation, begun, ask } = work(1, 3);
  advance(simulation, minutes(1.5));
  ask(3);
  advance(simulation, minutes(10));
  expect(begun.map(([, minute]) => minute)).toEqual([0, 1, 2, 3]);
  expect(begun.at(-1)?.[0]).toBe(3);
});

it('nobody on duty means that nothing is ever begun', () => {
  const { simulation, begun } = work(0, 2);
  advance(simulation, minutes(10));
  expect(begun).toEqual([]);
});

it('a member who is given back while nobody waits is free for the next', () => {
  const crew = new Roster(1);
  const simulation = new Simulation({ seed: 1 });
  let taken = 0;
  function* take(): Process {
    yield* waitFor(crew.request(1, () => 0));
    taken++;
  }
  spawn(simulation, 'first', take());
  advance(simulation, seconds(1));
  crew.release(1);
  spawn(simulation, 'second', take());
  spawn(simulation, 'third', take());
  advance(simulation, seconds(1));
  expect(taken).toBe(2);
});
