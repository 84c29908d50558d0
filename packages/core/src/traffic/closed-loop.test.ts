import { describe, expect, it } from 'vitest';
import { exponential } from '../random/distributions/exponential.ts';
import { durations } from '../random/durations.ts';
import { Simulation } from '../simulation.ts';
import { ms, plus, seconds, timeZero, type Instant } from '../time.ts';
import { ClosedLoop, type ClosedLoopOptions } from './closed-loop.ts';

function at(count: number): Instant {
  return plus(timeZero, seconds(count));
}

/** A loop whose answers come after a constant time; the log says who asked when. */
function loopWith(
  options: Omit<ClosedLoopOptions, 'name' | 'onAsk'>,
  answerAfter = ms(500),
): {
  simulation: Simulation;
  loop: ClosedLoop;
  log: string[];
} {
  const simulation = new Simulation({ seed: 3 });
  const log: string[] = [];
  const loop: ClosedLoop = new ClosedLoop(simulation, {
    ...options,
    name: 'users',
    onAsk: (client) => {
      log.push(`${client}@${simulation.now / 1e6}`);
      simulation.after(answerAfter, () => loop.answered(client));
    },
  });
  return { simulation, loop, log };
}

describe('closed loop', () => {
  it('asks, waits, thinks, and asks again', () => {
    const { simulation, loop, log } = loopWith({ clients: 2, thinkTime: seconds(1) });
    simulation.runUntil(at(3.2));
    expect(log).toEqual(['0@0', '1@0', '0@1.5', '1@1.5', '0@3', '1@3']);
    expect([loop.waiting, loop.thinking, loop.questions, loop.answers]).toEqual([2, 0, 6, 4]);
  });

  it('never has more questions open than clients', () => {
    const { simulation, loop } = loopWith(
      { clients: 50, thinkTime: durations(exponential(0.2), 'seconds') },
      seconds(30),
    );
    for (let second = 1; second < 200; second++) {
      simulation.runUntil(at(second));
      expect(loop.waiting + loop.thinking).toBe(50);
      expect(loop.questions).toBe(loop.answers + loop.waiting);
    }
  });

  it('throughput follows the interactive response-time law X = N / (R + Z)', () => {
    const { simulation, loop } = loopWith({ clients: 200, thinkTime: durations(exponential(4.5), 'seconds') });
    simulation.runUntil(at(1_000));
    // 200 clients, cycle 0.5 s + Exp(4.5 s): the count has mean 40,000 and variance about N * t * sigma^2 / mean^3.
    const spread = Math.sqrt((200 * 1_000 * 4.5 ** 2) / 5 ** 3);
    expect(Math.abs(loop.questions - 40_000)).toBeLessThan(3.3 * spread + 200);
  });

  it('a start delay spreads the first questions', () => {
    const { simulation, log } = loopWith({
      clients: 3,
      thinkTime: seconds(10),
      startDelay: durations(exponential(2), 'seconds'),
    });
    simulation.runUntil(at(9));
    expect(new Set(log.map((line) => line.split('@')[1])).size).toBe(3);
  });

  it('each client has its own luck: adding clients moves nobody else', () => {
    const few = loopWith({ clients: 2, thinkTime: durations(exponential(1), 'seconds') });
    const many = loopWith({ clients: 5, thinkTime: durations(exponential(1), 'seconds') });
    few.simulation.runUntil(at(20));
    many.simulation.runUntil(at(20));
    expect(many.log.filter((line) => Number(line.split('@')[0]) < 2)).toEqual(few.log);
  });

  it('clients come and go: a thinking one leaves at once, a waiting one after its answer', () => {
    const { simulation, loop, log } = loopWith({ clients: 2, thinkTime: seconds(1) });
    simulation.at(at(0.2), () => expect(loop.remove(0)).toBe(true));
    simulation.at(at(0.3), () => expect(loop.remove(0)).toBe(false));
    simulation.at(at(1), () => loop.remove(1));
    simulation.at(at(5), () => expect(loop.add(1)).toBe(2));
    simulation.runUntil(at(6));
    expect(log).toEqual(['0@0', '1@0', '2@5']);
    expect([loop.size, loop.waiting, loop.thinking, loop.answers]).toEqual([3, 0, 1, 3]);
  });

  it('a client leaves after its last round', () => {
    const { simulation, loop } = loopWith({ clients: 20, thinkTime: ms(10), roundLimit: 3 });
    expect(simulation.runUntil(at(1_000))).toBe('empty');
    expect([loop.questions, loop.answers, loop.thinking, loop.questionsOf(7)]).toEqual([60, 60, 0, 3]);
  });

  it('an answer nobody waits for is a bug and says so', () => {
    const { simulation, loop } = loopWith({ clients: 1, thinkTime: seconds(1) });
    expect(() => loop.answered(0)).toThrow('closed loop "users": client 0 was answered without having asked');
    simulation.runUntil(at(0.6));
    expect(() => loop.answered(0)).toThrow('was answered without having asked');
    expect(() => loop.answered(1)).toThrow('closed loop "users": client must be in 0..0, got 1');
    expect(() => loop.add(-1)).toThrow('closed loop "users": clients must be a whole number >= 0, got -1');
  });
});
