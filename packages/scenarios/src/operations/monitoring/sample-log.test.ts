import fc from 'fast-check';
import { expect, it } from 'vitest';
import { perSecond } from './metric-reader.ts';
import { SampleLog } from './sample-log.ts';

it('a value is taken against the latest snapshot that is at least a window old, or the first', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 0, max: 120 }), (steps, window) => {
      let now = 0;
      // A count that is the square of the time: its rate between two instants is their sum.
      const log = new SampleLog(
        perSecond(() => now * now),
        window * 1_000_000,
      );
      const times: number[] = [0];
      log.take(0);
      expect(log.value).toBeNaN();
      for (const step of steps) {
        now += step;
        times.push(now);
        log.take(now * 1_000_000);
        const old = times.slice(0, -1).filter((time) => time <= now - window);
        expect(log.value).toBeCloseTo(now + (old.at(-1) ?? 0), 6);
      }
    }),
  );
});
