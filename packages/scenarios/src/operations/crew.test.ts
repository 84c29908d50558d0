import { delay, minutes, type Process, seconds, Simulation, spawn, waitFor } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { Crew } from './crew.ts';

/** Jobs of one minute each, asked for in order; returns who began when. */
function work(
  size: number,
  jobs: number,
): { simulation: Simulation; begun: [number, number][]; ask(number: number): void } {
  const simulation = new Simulation({ seed: 1 });
  const crew = new Crew(size);
  const begun: [number, number][] = [];
  function* job(number: number): Process {
    yield* waitFor(crew.request());
    begun.push([number, simulation.now / minutes(1)]);
    yield delay(minutes(1));
    crew.release();
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
  const crew = new Crew(1);
  const simulation = new Simulation({ seed: 1 });
  let taken = 0;
  function* take(): Process {
    yield* waitFor(crew.request());
    taken++;
  }
  spawn(simulation, 'first', take());
  advance(simulation, seconds(1));
  crew.release();
  spawn(simulation, 'second', take());
  spawn(simulation, 'third', take());
  advance(simulation, seconds(1));
  expect(taken).toBe(2);
});
