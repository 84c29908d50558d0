/**
 * The published retry model (V6): what its own code gives, run once with its default calibration. Numbers are printed there
 * with two to five digits; within 1 % and half of the last digit means the same generator.
 */
import { describe, expect, it } from 'vitest';
import { retryOrbit, timeoutBound, type RetryOrbitOptions } from './retry-orbit.ts';

const published: Omit<RetryOrbitOptions, 'arrivalRate'> = {
  serviceRate: 10,
  timeoutSeconds: 3,
  retries: 4,
  queuePlaces: 100,
  orbitPlaces: 20,
};

/** Mean queue, 1 / |lambda 2|, full to drained, P(queue > 80), as printed. */
const rows: readonly (readonly [number, string, string, string, string])[] = [
  [6, '3.9', '40095', '4.1e4', '0.024'],
  [7, '94.0', '15611', '1.2e7', '0.971'],
  [8, '95.7', '682', '4.8e9', '0.994'],
  [9, '96.6', '86', '2.8e12', '0.999'],
  [9.5, '96.9', '41', '7.4e13', '0.999'],
];

function expectPrinted(name: string, value: number, printed: string): void {
  const number = Number(printed);
  const [, decimals = '', exponent = '0'] = /^\d+(?:\.(\d+))?(?:e(\d+))?$/.exec(printed)!;
  const halfDigit = 0.5 * 10 ** (Number(exponent) - decimals.length);
  expect(Math.abs(value - number), `${name}: expected ${printed}, got ${value}`).toBeLessThanOrEqual(
    0.01 * number + halfDigit,
  );
}

describe('the retry model', () => {
  it.each(rows)('gives the published row at %d requests a second', (arrivalRate, queue, gap, drained, above) => {
    const model = retryOrbit({ ...published, arrivalRate });
    expect(model.chain.states).toHaveLength(2_000);
    expectPrinted('mean queue', model.meanQueue, queue);
    expectPrinted('1 / gap', model.relaxationSeconds(), gap);
    expectPrinted('full to drained', model.recoverySeconds(), drained);
    expectPrinted('P(queue > 80)', model.queueAbove(80), above);
  });

  it('gives the published times of recovery for fewer retries and other timeouts', () => {
    const recovery = (options: Partial<RetryOrbitOptions>): number =>
      retryOrbit({ ...published, arrivalRate: 9.5, ...options }).recoverySeconds();
    for (const [retries, printed] of [
      [1, '2.8e10'],
      [2, '1.7e12'],
      [3, '1.7e13'],
    ] as const) {
      expectPrinted(`${retries} retries`, recovery({ retries }), printed);
    }
    for (const [timeoutSeconds, printed] of [
      [5, '1.8e9'],
      [9, '4.6e3'],
    ] as const) {
      expectPrinted(`timeout ${timeoutSeconds} s`, recovery({ timeoutSeconds }), printed);
    }
    // At 1 s and 2 s the published 9.4e15 and 9.8e14 come from a dense elimination with subtractions, which has few right
    // digits left at that size; the order is the same.
    expect(recovery({ timeoutSeconds: 2 })).toBeGreaterThan(recovery({}));
    expect(recovery({ timeoutSeconds: 1 })).toBeGreaterThan(recovery({ timeoutSeconds: 2 }));
  });

  it('jumps between 6 and 7 requests a second, where it leaves either life only after hours', () => {
    const [low, high] = [6, 7].map((arrivalRate) => retryOrbit({ ...published, arrivalRate }));
    expect(low!.meanQueue).toBeLessThan(10);
    expect(high!.meanQueue).toBeGreaterThan(90);
    for (const model of [low!, high!]) expect(model.relaxationSeconds()).toBeGreaterThan(10_000);
    expect(low!.escapeSeconds(90)).toBeGreaterThan(high!.escapeSeconds(90));
  });

  it('bounds the chance of a timeout by 1 as soon as the mean leaves no room', () => {
    expect([0, 9, 25, 40].map((queue) => timeoutBound(queue, 3, 10))).toEqual([
      0,
      expect.closeTo((0.3 / 2.1) ** 2, 12),
      1,
      1,
    ]);
  });

  it('refuses what is no model', () => {
    expect(() => retryOrbit({ ...published, arrivalRate: 0 })).toThrow('retry orbit: arrivalRate must be');
    expect(() => retryOrbit({ ...published, arrivalRate: 1, alpha: 2 })).toThrow(
      'retry orbit: alpha must be inside (0, 1), got 2',
    );
  });
});
