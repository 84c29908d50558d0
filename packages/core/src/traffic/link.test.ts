import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential } from '../random/distributions/exponential.ts';
import { durations } from '../random/durations.ts';
import { Simulation } from '../simulation.ts';
import { ms, plus, timeZero, us, type Instant } from '../time.ts';
import { Link, type LinkOptions } from './link.ts';

function at(milliseconds: number): Instant {
  return plus(timeZero, ms(milliseconds));
}

function linkWith(
  options: Omit<LinkOptions, 'name' | 'onDelivered' | 'onLost'>,
  seed = 1,
): {
  simulation: Simulation;
  link: Link;
  log: string[];
} {
  const simulation = new Simulation({ seed });
  const log: string[] = [];
  const link = new Link(simulation, {
    ...options,
    name: 'wire',
    onDelivered: (message) => log.push(`${message} delivered @${simulation.now / 1e3}`),
    onLost: (message, reason) => log.push(`${message} lost by ${reason} @${simulation.now / 1e3}`),
  });
  return { simulation, link, log };
}

describe('link', () => {
  it('delivers after its delay', () => {
    const { simulation, link, log } = linkWith({ delay: ms(3) });
    link.send(7);
    simulation.runUntil(at(100));
    expect(log).toEqual(['7 delivered @3']);
  });

  it('puts one message after the other on the wire, and drops what would wait too long', () => {
    const { simulation, link, log } = linkWith({ delay: ms(10), bytesPerSecond: 1_000_000, backlogLimit: ms(2) });
    for (let message = 0; message < 4; message++) link.send(message, 1_500);
    simulation.runUntil(at(100));
    expect(log).toEqual(['2 lost by backlog @0', '3 lost by backlog @0', '0 delivered @11.5', '1 delivered @13']);
  });

  it('loses by chance with its probability, told when the message would have arrived', () => {
    const { simulation, link, log } = linkWith({ delay: ms(1), lossProbability: 0.2 });
    const messages = 20_000;
    for (let i = 0; i < messages; i++) link.send(i);
    simulation.runUntil(at(1));
    expect(Math.abs(link.lost - 0.2 * messages)).toBeLessThan(3.3 * Math.sqrt(messages * 0.2 * 0.8));
    expect(log.every((line) => line.endsWith('@1'))).toBe(true);
  });

  it('a higher loss probability loses all that a lower one lost: the same uniforms decide', () => {
    const lostAt = (lossProbability: number): Set<number> => {
      const { simulation, link, log } = linkWith({ delay: ms(1), lossProbability });
      for (let i = 0; i < 500; i++) link.send(i);
      simulation.runUntil(at(1));
      return new Set(log.filter((line) => line.includes('lost')).map((line) => parseInt(line)));
    };
    const many = lostAt(0.3);
    for (const message of lostAt(0.1)) expect(many.has(message)).toBe(true);
  });

  it.each([
    ['lost', ['1 lost by partition @5', '2 lost by partition @12', '3 delivered @25']],
    ['held', ['1 delivered @23', '2 delivered @23', '3 delivered @25']],
  ] as const)('messages that meet a partition are %s', (duringPartition, expected) => {
    const { simulation, link, log } = linkWith({ delay: ms(5), duringPartition });
    link.send(1);
    simulation.at(at(2), () => link.partition());
    simulation.at(at(7), () => link.send(2));
    simulation.at(at(18), () => link.heal());
    simulation.at(at(20), () => link.send(3));
    simulation.runUntil(at(100));
    expect(log).toEqual(expected);
  });

  it('in order "fifo" a short delay cannot overtake a long one', () => {
    const overtakes = (order: 'fifo' | 'any'): boolean => {
      const { simulation, link, log } = linkWith({ delay: durations(exponential(5), 'milliseconds'), order }, 9);
      for (let i = 0; i < 200; i++) simulation.at(at(i), () => link.send(i));
      simulation.runUntil(at(10_000));
      return log.some((line, i) => parseInt(line) !== i);
    };
    expect(overtakes('any')).toBe(true);
    expect(overtakes('fifo')).toBe(false);
  });

  it('delay and loss can change on the way; messages under way keep theirs', () => {
    const { simulation, link, log } = linkWith({ delay: ms(5) });
    link.send(1);
    simulation.at(at(1), () => {
      link.setDelay(ms(50));
      link.send(2);
      link.setLossProbability(1);
      link.send(3);
    });
    simulation.runUntil(at(100));
    expect(log).toEqual(['1 delivered @5', '2 delivered @51', '3 lost by chance @51']);
  });

  it('refuses what cannot be meant', () => {
    expect(() => linkWith({ delay: us(-1) })).toThrow('link "wire": delay must be a finite duration >= 0, got -1 us');
    expect(() => linkWith({ delay: ms(1), lossProbability: 1.5 })).toThrow(
      'link "wire": lossProbability must be in [0, 1], got 1.5',
    );
    expect(() => linkWith({ delay: ms(1), bytesPerSecond: 0 })).toThrow(
      'link "wire": bytesPerSecond must be > 0, got 0',
    );
    expect(() => linkWith({ delay: ms(1) }).link.send(1, -5)).toThrow('link "wire": bytes must be >= 0, got -5');
  });

  it('conserves messages: sent = delivered + lost + held + in flight, each told once', () => {
    const action = fc.record({
      kind: fc.constantFrom('send', 'send', 'send', 'partition', 'heal', 'loss'),
      gap: fc.integer({ min: 0, max: 6_000 }),
      bytes: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 80 }),
        fc.constantFrom('lost' as const, 'held' as const),
        fc.constantFrom('fifo' as const, 'any' as const),
        (actions, duringPartition, order) => {
          const delay = durations(exponential(2), 'milliseconds');
          const { simulation, link, log } = linkWith({
            delay,
            duringPartition,
            order,
            bytesPerSecond: 1e6,
            backlogLimit: ms(4),
          });
          let sent = 0;
          for (const { kind, gap, bytes } of actions) {
            simulation.runUntil(plus(simulation.now, us(gap)));
            if (kind === 'send') link.send(sent++, bytes);
            else if (kind === 'partition') link.partition();
            else if (kind === 'heal') link.heal();
            else link.setLossProbability(bytes / 6_000);
            expect(link.sent).toBe(link.delivered + link.lost + link.held + link.inFlight);
            expect(link.inFlight).toBe(simulation.pendingCount);
          }
          link.heal();
          simulation.runUntil(plus(simulation.now, ms(1_000)));
          expect([link.sent, link.held, link.inFlight]).toEqual([sent, 0, 0]);
          expect(log.length).toBe(sent);
          expect(new Set(log.map((line) => parseInt(line))).size).toBe(sent);
        },
      ),
      { seed: 20_241_211, numRuns: 200 },
    );
  });
});
