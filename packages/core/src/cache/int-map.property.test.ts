import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntMap } from './int-map.ts';

const key = fc.oneof(fc.integer({ min: -8, max: 40 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 65_536, 131_072));
const action = fc.record({
  kind: fc.constantFrom('set', 'set', 'delete', 'get', 'clear-rarely'),
  key,
  value: fc.nat({ max: 2 ** 31 - 1 }),
});

describe('integer map', () => {
  it('does what a Map does, through growth and deletion', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
        const map = new IntMap();
        const model = new Map<number, number>();
        actions.forEach(({ kind, key, value }, i) => {
          if (kind === 'set') {
            map.set(key, value);
            model.set(key, value);
          } else if (kind === 'delete') {
            expect(map.delete(key)).toBe(model.delete(key));
          } else if (kind === 'get') {
            expect(map.get(key)).toBe(model.get(key) ?? -1);
          } else if (i % 50 === 49) {
            map.clear();
            model.clear();
          }
          expect(map.size).toBe(model.size);
        });
        for (const [known, value] of model) expect(map.get(known)).toBe(value);
      }),
      { seed: 20_241_211, numRuns: 300 },
    );
  });
});
