import { expect, test } from 'vitest';
import { delay, hours, seconds, Signal, Simulation, spawn, timeZero, toSeconds, waitFor, waitForAny, plus, type Process } from './index.ts';

test('processes let time pass, wait for signals and time out', () => {
  const simulation = new Simulation();
  const doorOpens = new Signal('door opens');
  const never = new Signal('never');
  const log: string[] = [];
  function* guest(): Process {
    yield delay(seconds(1));
    log.push(`arrived ${toSeconds(simulation.now)}`);
    const opened = yield* waitFor(doorOpens, seconds(10));
    log.push(`opened ${opened} ${toSeconds(simulation.now)}`);
    log.push(`any ${yield* waitForAny([never, doorOpens])}`);
    log.push(`never ${yield* waitFor(never, seconds(2))} ${toSeconds(simulation.now)}`);
  }
  const handle = spawn(simulation, 'guest', guest());
  simulation.after(seconds(3), () => doorOpens.fire());
  expect(simulation.runUntil(plus(timeZero, hours(1)))).toBe('empty');
  expect(handle.ended.isFired).toBe(true);
  expect(log).toEqual(['arrived 1', 'opened true 3', 'any 1', 'never false 5']);
});
