import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { minutes, plus, seconds, timeZero, us } from '../time.ts';
import { AdaptiveThrottle } from './adaptive-throttle.ts';
import { noPermit } from './circuit-breaker.ts';

const options = {
  name: 'to-db',
  sentPerAccepted: 2,
  window: minutes(2),
  stream: new Streams('1', 0).get('throttle'),
};

describe('adaptive throttle', () => {
  it('refuses nothing while the backend accepts at least every second request', () => {
    const throttle = new AdaptiveThrottle(options);
    for (let i = 0; i < 1_000; i++) {
      const now = plus(timeZero, us(i * 1_000));
      expect(throttle.tryPass(now)).not.toBe(noPermit);
      throttle.record(now, 0, i % 2 === 0);
    }
    expect(throttle.refusalProbability(plus(timeZero, seconds(1)))).toBe(0);
  });

  it('follows the formula of the source', () => {
    const throttle = new AdaptiveThrottle(options);
    for (let i = 0; i < 100; i++) {
      throttle.tryPass(timeZero);
      throttle.record(timeZero, 0, i < 10);
    }
    expect(throttle.refusalProbability(timeZero)).toBeCloseTo((100 - 2 * 10) / 101, 12);
  });

  it('forgets after its window', () => {
    const throttle = new AdaptiveThrottle(options);
    for (let i = 0; i < 100; i++) throttle.tryPass(plus(timeZero, seconds(i)));
    expect(throttle.refusalProbability(plus(timeZero, seconds(119)))).toBeCloseTo(100 / 101, 12);
    expect(throttle.refusalProbability(plus(timeZero, seconds(180)))).toBeCloseTo(34 / 35, 12);
    expect(throttle.refusalProbability(plus(timeZero, seconds(300)))).toBe(0);
  });

  it('refuses what cannot be meant', () => {
    expect(() => new AdaptiveThrottle({ ...options, sentPerAccepted: 0.5 })).toThrow(
      'adaptive throttle "to-db": sentPerAccepted must be finite and >= 1, got 0.5',
    );
    expect(() => new AdaptiveThrottle({ ...options, window: us(3) })).toThrow(
      'adaptive throttle "to-db": window must be finite and >= 20 us, got 3 us',
    );
  });
});
