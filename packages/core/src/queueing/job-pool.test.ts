import { expect, test } from 'vitest';
import { JobPool } from './job-pool.ts';

test('numbers are dense, distinct while in use, and reused last out first in', () => {
  const pool = new JobPool('requests');
  const taken = Array.from({ length: 200 }, () => pool.take());
  expect(taken).toEqual(Array.from({ length: 200 }, (_, index) => index));
  pool.release(7);
  pool.release(150);
  expect([pool.inUse, pool.take(), pool.take(), pool.take(), pool.highWater]).toEqual([198, 150, 7, 200, 201]);
});

test('a number that is not in use cannot be returned', () => {
  const pool = new JobPool('requests');
  pool.release(pool.take());
  expect(() => pool.release(0)).toThrow(new RangeError('job pool "requests": job 0 is not in use'));
  expect(() => pool.release(-1)).toThrow('job -1 is not in use');
});
