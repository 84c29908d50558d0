/** Columns of instances against a list of objects. */
import { Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Instances } from './instances.ts';

const steps = fc.array(fc.tuple(fc.nat({ max: 11 }), fc.boolean(), fc.boolean()), { maxLength: 60 });

it('counts and choices are those of a naive list, whatever happens to the instances', () => {
  fc.assert(
    fc.property(steps, fc.nat(), (changes, seed) => {
      const stream = new Simulation({ seed }).streams.get('picks');
      const instances = new Instances(3, 4);
      const naive = Array.from({ length: 12 }, () => ({ isReady: true, isListed: true }));
      for (const [instance, isReady, value] of changes) {
        if (isReady) {
          instances.setReady(instance, value);
          naive[instance]!.isReady = value;
        } else {
          instances.setListed(instance, value);
          naive[instance]!.isListed = value;
        }
        for (let service = 0; service < 3; service++) {
          const own = naive.slice(service * 4, service * 4 + 4);
          expect(instances.ready(service)).toBe(own.filter((one) => one.isReady).length);
          expect(instances.listed(service)).toBe(own.filter((one) => one.isListed).length);
          const ready = instances.pickReady(service, stream);
          if (ready < 0) expect(own.some((one) => one.isReady)).toBe(false);
          else expect(naive[ready]!.isReady && instances.serviceOf(ready) === service).toBe(true);
          const listed = instances.pickListed(service, stream);
          if (listed < 0) expect(own.some((one) => one.isListed)).toBe(false);
          else expect(naive[listed]!.isListed && instances.serviceOf(listed) === service).toBe(true);
        }
      }
    }),
    { seed: 20241211, numRuns: 100 },
  );
});

it('one wanted instance among many is found, and each of several is as likely as the others', () => {
  const stream = new Simulation({ seed: 1 }).streams.get('picks');
  const instances = new Instances(1, 1000);
  for (let instance = 0; instance < 1000; instance++) if (instance % 250 !== 7) instances.setReady(instance, false);
  const seen = new Map<number, number>();
  for (let i = 0; i < 4000; i++) {
    const instance = instances.pickReady(0, stream);
    seen.set(instance, (seen.get(instance) ?? 0) + 1);
  }
  expect([...seen.keys()].sort((a, b) => a - b)).toEqual([7, 257, 507, 757]);
  // 1,000 each, standard deviation 27.
  for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * 28);
});

it('refuses a service without instances', () => {
  expect(() => new Instances(1, 0)).toThrow('instances: replicas must be a whole number >= 1, got 0');
});
