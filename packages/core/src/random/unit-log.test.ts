import { describe, expect, it } from 'vitest';
import { Streams } from './stream.ts';
import { unitLog } from './unit-log.ts';

describe('unitLog', () => {
  it('is exactly zero at one and never positive', () => {
    expect(unitLog(1)).toBe(0);
    const stream = new Streams('1', 0).get('near one');
    for (let draw = 0; draw < 10_000; draw++) {
      const x = 1 - 2 ** -(1 + 52 * stream.uniform());
      expect(unitLog(x)).toBeLessThanOrEqual(0);
    }
  });

  it('agrees with Math.log within the errors it declares', () => {
    const stream = new Streams('1', 0).get('unit interval');
    let worst = 0;
    let worstRelative = 0;
    const compare = (x: number): void => {
      const error = Math.abs(unitLog(x) - Math.log(x));
      worst = Math.max(worst, error);
      if (x < 1) worstRelative = Math.max(worstRelative, error / -Math.log(x));
    };
    for (let draw = 0; draw < 200_000; draw++) {
      compare(1 - stream.uniform());
      compare(2 ** (-53 * stream.uniform()));
      compare(1 - 2 ** (-53 * stream.uniformOpen()));
    }
    for (let exponent = 0; exponent <= 60; exponent++) compare(2 ** -exponent);
    for (let interval = 0; interval <= 512; interval++) compare(0.5 + interval / 1024);
    expect(worst).toBeLessThan(8e-15);
    expect(worstRelative).toBeLessThan(1e-13);
  });

  it('keeps its bits from release to release', () => {
    expect([0.5, 0.3, 0.999, 1e-10].map(unitLog)).toEqual([
      -0.6931471805599453, -1.203972804325936, -0.0010005003335835344, -23.025850929940454,
    ]);
  });
});
