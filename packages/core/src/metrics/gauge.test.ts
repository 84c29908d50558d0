import { describe, expect, it } from 'vitest';
import { seconds, timeZero, type Instant } from '../time.ts';
import { Counter } from './counter.ts';
import { Gauge } from './gauge.ts';

const at = (count: number): Instant => (timeZero + seconds(count)) as Instant;

describe('a gauge', () => {
  it('averages over time, not over changes', () => {
    const gauge = new Gauge('busy');
    gauge.set(10, at(1));
    gauge.set(0, at(2));
    gauge.set(3, at(9));
    expect(gauge.area(at(10))).toBe(13);
    expect(gauge.mean(at(10))).toBe(1.3);
    expect([gauge.level, gauge.max, gauge.min]).toEqual([3, 10, 0]);
  });

  it('goes on holding its level after the last change', () => {
    const gauge = new Gauge('busy', { level: 2 });
    expect(gauge.mean(at(0))).toBe(2);
    expect(gauge.mean(at(5))).toBe(2);
    gauge.add(-1, at(5));
    expect(gauge.area(at(7))).toBe(12);
  });

  it('takes several changes at one instant, and remembers the highest', () => {
    const gauge = new Gauge('queue');
    gauge.add(5, at(1));
    gauge.add(-5, at(1));
    expect(gauge.area(at(3))).toBe(0);
    expect(gauge.max).toBe(5);
  });

  it('forgets a warm-up but not its level', () => {
    const gauge = new Gauge('queue', { level: 8 });
    gauge.set(4, at(10));
    gauge.restart(at(20));
    gauge.set(0, at(30));
    expect(gauge.area(at(40))).toBe(40);
    expect(gauge.mean(at(40))).toBe(2);
    expect([gauge.max, gauge.min]).toEqual([4, 0]);
  });

  it('starts where it is told to', () => {
    const gauge = new Gauge('late', { from: at(100), level: 1 });
    expect(gauge.mean(at(110))).toBe(1);
  });

  it('refuses to go back in time', () => {
    const gauge = new Gauge('busy');
    gauge.set(1, at(5));
    const message = 'gauge "busy": expected an instant from 5 s on, got 4 s';
    expect(() => gauge.set(1, at(4))).toThrow(new RangeError(message));
    expect(() => gauge.area(at(4))).toThrow(message);
    expect(() => gauge.restart(at(4))).toThrow(message);
  });
});

describe('a counter', () => {
  it('goes up, also by fractions, and never down', () => {
    const counter = new Counter('requests');
    counter.add();
    counter.add(2.5);
    expect(counter.count).toBe(3.5);
    expect(() => counter.add(-1)).toThrow(new RangeError('counter "requests": can only go up, got -1'));
  });
});
