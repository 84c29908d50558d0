import { describe, expect, it } from 'vitest';
import { Streams } from '../random/stream.ts';
import { meanInterval } from './interval.ts';
import { medianInterval } from './median.ts';
import { type Stopped, type StoppingRule, untilPrecise } from './stopping.ts';

/** Runs the rule on values from `draw`; what it asked for, step by step, and where it stopped. */
function follow(rule: StoppingRule, draw: (index: number) => number): { readonly asked: number[]; stopped: Stopped } {
  const study = untilPrecise(rule);
  const asked: number[] = [];
  let made = 0;
  let step = study.next();
  while (step.done !== true) {
    asked.push(step.value);
    step = study.next(Array.from({ length: step.value }, () => draw(made++)));
  }
  return { asked, stopped: step.value };
}

/** The trap: look after every value from the second on, stop at the first narrow interval. */
function naive(halfWidth: number, draw: () => number): { readonly low: number; readonly high: number } {
  const values = [draw(), draw()];
  let interval = meanInterval(values, 0.95);
  while (interval.halfWidth > halfWidth) {
    values.push(draw());
    interval = meanInterval(values, 0.95);
  }
  return interval;
}

describe('replications until precise enough', () => {
  const noise = (seed: string): (() => number) => {
    const stream = new Streams(seed, 0).get('noise');
    return () => 20 + stream.normal();
  };

  it('begin with the minimum, grow by what is missing and end with a batch that confirms', () => {
    const { asked, stopped } = follow({ halfWidth: 0.25, maximum: 1_000 }, noise('1'));
    expect(asked[0]).toBe(10);
    expect(asked.at(-1)).toBeGreaterThanOrEqual(5);
    expect(stopped.outcome).toBe('reached');
    expect((stopped.high - stopped.low) / 2).toBeLessThanOrEqual(0.25);
    expect(stopped).toMatchObject({ low: meanInterval(stopped.values, 0.95).low, level: 0.95 });
    // About (1.96 / 0.25)^2 = 61 are needed.
    expect(stopped.values.length).toBeGreaterThan(40);
    expect(stopped.values.length).toBeLessThan(110);
    let before = 0;
    for (const step of asked) {
      expect(step).toBeLessThanOrEqual(Math.max(10, before));
      before += step;
    }
  });

  it('take a relative half-width as a share of the true value', () => {
    const { stopped } = follow({ relativeHalfWidth: 0.01, maximum: 10_000 }, noise('2'));
    expect((stopped.high - stopped.low) / 2).toBeLessThanOrEqual((20.5 * 0.01) / 1.01);
    expect(stopped.outcome).toBe('reached');
  });

  it('say when the maximum came first, and when it came before the confirmation', () => {
    expect(follow({ halfWidth: 0.001, maximum: 25 }, noise('3')).stopped).toMatchObject({ outcome: 'maximum' });
    const brief = follow({ halfWidth: 5, maximum: 10 }, noise('3'));
    expect(brief.asked).toEqual([10]);
    expect(brief.stopped.outcome).toBe('unconfirmed');
    expect(follow({ relativeHalfWidth: 0.1, maximum: 40 }, (i) => (i % 2 === 0 ? 1 : -1)).stopped).toMatchObject({
      outcome: 'maximum',
    });
  });

  it('go on when a batch does not confirm', () => {
    const { asked, stopped } = follow({ halfWidth: 0.5, maximum: 500 }, (i) => (i === 12 ? 30 : 20 + (i % 3) / 10));
    expect(asked.slice(0, 2)).toEqual([10, 5]);
    // One value 10 off among n others: a deviation of 10 / sqrt(n), a half-width of some 20 / n.
    expect(stopped.values.length).toBeGreaterThan(40);
    expect(stopped.outcome).toBe('reached');
  });

  it('trust equal values only when a rare other one would have been seen', () => {
    const { stopped } = follow({ halfWidth: 0.1, maximum: 1_000 }, () => 7);
    expect(stopped).toMatchObject({ outcome: 'reached', low: 7, high: 7 });
    expect(stopped.values.length).toBeGreaterThanOrEqual(59);
    expect(stopped.values.length).toBeLessThan(70);
  });

  it('work with medians of values that may never come', () => {
    const draw = noise('4');
    const rule = { halfWidth: 0.5, maximum: 400, interval: medianInterval };
    const { stopped } = follow(rule, (i) => (i % 4 === 0 ? Infinity : draw()));
    expect(stopped.outcome).toBe('reached');
    expect(stopped.high - stopped.low).toBeLessThanOrEqual(1);
    const never = follow(rule, () => Infinity);
    expect(never.asked).toEqual([10, 10, 20, 40, 80, 160, 80]);
    expect(never.stopped.outcome).toBe('maximum');
  });

  it('cover the truth nearly as often as they say, where the naive rule does not', () => {
    // The numbers in the comment of stopping.ts, with 1000 experiments each: binomial deviations of 0.7 %.
    const stream = new Streams('6', 0).get('coverage');
    const share = (experiment: () => { readonly low: number; readonly high: number }, truth: number): number => {
      let covered = 0;
      for (let i = 0; i < 1_000; i++) {
        const { low, high } = experiment();
        if (low <= truth && truth <= high) covered++;
      }
      return covered / 1_000;
    };
    const normal = (): number => stream.normal();
    const exponential = (): number => -Math.log(stream.uniform());
    const rule = { halfWidth: 0.5, maximum: 10_000 };
    const normally = share(() => follow(rule, normal).stopped, 0);
    expect(normally).toBeGreaterThan(0.93);
    expect(normally).toBeLessThan(0.97);
    expect(share(() => naive(0.5, normal), 0)).toBeLessThan(0.92);
    const skewed = share(() => follow(rule, exponential).stopped, 1);
    expect(skewed).toBeGreaterThan(0.88);
    expect(skewed).toBeGreaterThan(share(() => naive(0.5, exponential), 1) + 0.08);
  });

  it('refuse rules that cannot work, and the wrong number of values', () => {
    const start = (rule: StoppingRule): unknown => untilPrecise(rule).next();
    expect(() => start({ maximum: 20 })).toThrow('untilPrecise: expected half-widths > 0, got []');
    expect(() => start({ halfWidth: 0, maximum: 20 })).toThrow('half-widths > 0, got [0]');
    expect(() => start({ halfWidth: 1, maximum: 5 })).toThrow('2 <= minimum <= maximum, got 10 and 5');
    expect(() => start({ halfWidth: 1, maximum: 20, level: 1 })).toThrow('level must be inside (0, 1), got 1');
    const study = untilPrecise({ halfWidth: 1, minimum: 2, maximum: 20 });
    study.next();
    expect(() => study.next([1])).toThrow('untilPrecise: expected 2 numbers, got [1]');
  });
});
