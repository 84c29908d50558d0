import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Overlaps } from './overlaps.ts';

const slower = () => new Overlaps<number>((one, other) => one > other);

it('the worst of the settings that last is in force, and none when all are over', () => {
  const disks = slower();
  expect(disks.begin('a', 50)).toBe(50);
  expect(disks.begin('a', 10)).toBe(50);
  expect(disks.begin('b', 2)).toBe(2);
  expect(disks.end('a', 50)).toBe(10);
  expect([disks.lasts('a'), disks.lasts('b'), disks.lasts('c')]).toEqual([true, true, false]);
  expect(disks.end('a', 10)).toBeUndefined();
  expect([disks.lasts('a'), disks.lasts('b')]).toEqual([false, true]);
});

it('two equal settings end one by one', () => {
  const disks = slower();
  disks.begin('a', 3);
  disks.begin('a', 3);
  expect([disks.end('a', 3), disks.end('a', 3)]).toEqual([3, undefined]);
});

it('refuses the end of what never began', () => {
  expect(() => slower().end('a', 3)).toThrow('overlaps: expected a setting of "a" that lasts, got 3');
});

it('is the largest of whatever lasts, in whatever order settings begin and end', () => {
  const step = fc.record({
    thing: fc.constantFrom('a', 'b'),
    setting: fc.integer({ min: 1, max: 4 }),
    isEnd: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const disks = slower();
      const plain: Record<string, number[]> = { a: [], b: [] };
      for (const { thing, setting, isEnd } of steps) {
        const lasting = plain[thing]!;
        const place = lasting.indexOf(setting);
        if (isEnd && place < 0) continue;
        if (isEnd) lasting.splice(place, 1);
        else lasting.push(setting);
        const inForce = isEnd ? disks.end(thing, setting) : disks.begin(thing, setting);
        expect(inForce).toBe(lasting.length === 0 ? undefined : Math.max(...lasting));
        expect(disks.lasts(thing)).toBe(lasting.length > 0);
      }
    }),
  );
});
