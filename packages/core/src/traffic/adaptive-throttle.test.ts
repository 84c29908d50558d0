import fc from 'fast-check';
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

  it('counts what a plain recount of its window counts, whatever the slices', () => {
    const happening = fc.record({
      gap: fc.oneof(fc.nat(40), fc.nat(400)),
      kind: fc.constantFrom('pass', 'pass', 'good', 'bad', 'gone'),
    });
    fc.assert(
      fc.property(
        fc.array(happening, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 12, max: 300 }),
        fc.constantFrom(1, 1.1, 2),
        (happenings, slices, window, sentPerAccepted) => {
          const stream = new Streams('1', 0).get('throttle');
          const uniforms = new Streams('1', 0).get('throttle');
          const throttle = new AdaptiveThrottle({ name: 't', sentPerAccepted, window: us(window), slices, stream });
          const requests: number[] = [];
          const accepts: number[] = [];
          let at = 0;
          for (const { gap, kind } of happenings) {
            at += gap;
            const now = plus(timeZero, us(at));
            const sliceOf = (instant: number): number => Math.floor(instant / (window / slices));
            const count = (instants: readonly number[]): number =>
              instants.filter((instant) => sliceOf(at) - sliceOf(instant) < slices).length;
            const expected = Math.max(0, (count(requests) - sentPerAccepted * count(accepts)) / (count(requests) + 1));
            expect(throttle.refusalProbability(now)).toBeCloseTo(expected, 12);
            if (kind === 'pass') {
              expect(throttle.tryPass(now) === noPermit).toBe(uniforms.uniform() < expected);
              requests.push(at);
            } else if (kind === 'gone') throttle.forget();
            else throttle.record(now, 0, kind === 'good');
            if (kind === 'good') accepts.push(at);
          }
        },
      ),
      { seed: 8, numRuns: 300 },
    );
  });

  it('has the numbers of the source as defaults', () => {
    const throttle = new AdaptiveThrottle({ name: 'to-db', stream: options.stream });
    for (let i = 0; i < 100; i++) throttle.tryPass(timeZero);
    for (let i = 0; i < 30; i++) throttle.record(timeZero, 0, true);
    expect(throttle.refusalProbability(plus(timeZero, us(119_999_999)))).toBeCloseTo((100 - 2 * 30) / 101, 12);
    expect(throttle.refusalProbability(plus(timeZero, seconds(120)))).toBe(0);
  });

  it('refuses what cannot be meant', () => {
    expect(() => new AdaptiveThrottle({ ...options, sentPerAccepted: 0.5 })).toThrow(
      'adaptive throttle "to-db": sentPerAccepted must be finite and >= 1, got 0.5',
    );
    expect(() => new AdaptiveThrottle({ ...options, slices: 1 })).toThrow(
      'adaptive throttle "to-db": slices must be a whole number >= 2, got 1',
    );
    expect(() => new AdaptiveThrottle({ ...options, window: us(3) })).toThrow(
      'adaptive throttle "to-db": window must be finite and >= 20 us, got 3 us',
    );
  });
});
