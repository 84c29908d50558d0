/** The kubelet's crash back-off, and kubelets that look only now and then. */
import { minutes, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { CrashBackoff } from './crash-backoff.ts';

const upstream = { backoffBase: seconds(10), backoffCap: minutes(5), backoffReset: minutes(10) };
const looks = new Simulation({ seed: 1 }).streams.get('looks');

function waits(syncPeriod?: ReturnType<typeof seconds>): number[] {
  const backoff = new CrashBackoff(syncPeriod === undefined ? upstream : { ...upstream, syncPeriod });
  return Array.from({ length: 2000 }, (_, death) => backoff.diedUnnoticed(death, looks));
}

it('without looks the wait is the back-off: a second after the first death, then it doubles from 10 s to 5 min', () => {
  expect(waits().slice(0, 8)).toEqual([1, 10, 20, 40, 80, 160, 300, 300].map(seconds));
});

it('ten minutes of life and earlier deaths are forgotten', () => {
  const backoff = new CrashBackoff(upstream);
  const waitOfDeathAt = (at: number): number => backoff.died(at) / seconds(1);
  expect([0, 0, 0].map(waitOfDeathAt)).toEqual([1, 10, 20]);
  backoff.started(seconds(20));
  expect(waitOfDeathAt(seconds(20) + minutes(10))).toBe(40);
  backoff.started(minutes(20));
  expect(waitOfDeathAt(minutes(30) + 1)).toBe(1);
  backoff.started(minutes(30) + 1);
  expect(waitOfDeathAt(minutes(30) + 2)).toBe(10);
});

it('a first wait of its own comes before those that double', () => {
  const backoff = new CrashBackoff({ ...upstream, firstWait: seconds(3) });
  expect([1, 2, 3].map((at) => backoff.died(at))).toEqual([3, 10, 20].map(seconds));
});

it('with a look every 10 to 15 s the wait ends with the first look after the back-off', () => {
  const [first, second, third, ...others] = waits(seconds(10)) as [number, number, number, ...number[]];
  expect(first).toBe(seconds(1));
  expect(second).toBeGreaterThanOrEqual(seconds(10));
  expect(second).toBeLessThanOrEqual(seconds(15));
  expect(third).toBeGreaterThanOrEqual(seconds(20));
  expect(third).toBeLessThanOrEqual(seconds(30));
  const late = others.slice(3).map((wait) => wait - minutes(5));
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThan(seconds(15));
  // What is left of an interval met at random: E[X^2] / 2 E[X] of a uniform X from 10 to 15 s is 6.33 s.
  expect(late.reduce((sum, one) => sum + one, 0) / late.length / seconds(1)).toBeCloseTo(6.33, 0);
});

it('servers that died together are not started together', () => {
  const simulation = new Simulation({ seed: 1 });
  const started = [0, 1, 2, 3, 4].map((server) => {
    const backoff = new CrashBackoff({ ...upstream, syncPeriod: seconds(10) });
    for (let deaths = 0; deaths < 5; deaths++) backoff.died(seconds(deaths));
    return backoff.diedUnnoticed(seconds(5), simulation.streams.get('looks', server));
  });
  expect(new Set(started).size).toBe(5);
  expect(Math.max(...started) - Math.min(...started)).toBeGreaterThan(seconds(1));
});
