import { type Duration, seconds, Simulation, type Stream } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { RequestFaults } from './request-faults.ts';

const everywhere = (): boolean => true;
const stale = (share: number, wait: number) =>
  ({ kind: 'stall', share, wait: seconds(wait), hasStaleAddress: true, appliesTo: everywhere, note: 7 }) as const;
const evenly = { sample: (stream: Stream): Duration => Math.floor(stream.uniform() * seconds(100)) as Duration };

function setUp(patience: readonly ({ sample(stream: Stream): Duration } | undefined)[] = [undefined]) {
  const simulation = new Simulation({ seed: 1 });
  const faults = new RequestFaults(2, patience, (product) => simulation.streams.get(`patience ${product}`));
  return { faults, dice: simulation.streams.get('dice') };
}

describe('shares that are lost', () => {
  it('are none without a fault, and none again when it is over', () => {
    const { faults } = setUp();
    const refusal = { kind: 'refusal', share: 0.4, appliesTo: everywhere, note: 0 } as const;
    expect(faults.lostShare(0, 0)).toBe(0);
    faults.begin(refusal);
    expect(faults.lostShare(0, 0)).toBeCloseTo(0.4, 12);
    faults.end(refusal);
    expect([faults.lostShare(0, 0), faults.isAny]).toEqual([0, false]);
  });

  it('keep to the sites and products of the fault', () => {
    const { faults } = setUp([undefined, undefined]);
    faults.begin({ kind: 'refusal', share: 1, appliesTo: (site, product) => site === 1 && product === 0, note: 0 });
    expect([0, 1].map((site) => [0, 1].map((product) => faults.lostShare(site, product)))).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('are nothing for patient users with an old address, and everything without one', () => {
    const { faults } = setUp();
    faults.begin(stale(1, 30));
    expect(faults.lostShare(0, 0)).toBe(0);
    faults.begin({ ...stale(1, 30), hasStaleAddress: false });
    expect(faults.lostShare(0, 0)).toBe(1);
  });

  it('are those whose patience is shorter than the wait: 30 of 100 where it is even up to 100 s and the wait 30 s', () => {
    const { faults } = setUp([evenly]);
    faults.begin(stale(1, 30));
    // 4,000 users: a standard error of 0.0072; the seed is fixed.
    expect(Math.abs(faults.lostShare(0, 0) - 0.3)).toBeLessThan(0.0217);
  });

  it('of two waits, one for half of the requests: 0.5 * 0.3 + 0.5 * 0.5', () => {
    const { faults } = setUp([evenly]);
    faults.begin(stale(1, 30));
    faults.begin(stale(0.5, 20));
    const [one, both] = [30, 50].map((wait) => faults.shareWithPatienceBelow(0, seconds(wait)));
    expect(faults.lostShare(0, 0)).toBeCloseTo(0.5 * one! + 0.5 * both!, 12);
  });
});

it('single requests are lost as often as the shares say, at the time and for the fault that lost them', () => {
  const { faults, dice } = setUp([evenly]);
  faults.begin({ kind: 'refusal', share: 0.25, appliesTo: everywhere, note: 3 });
  faults.begin(stale(0.5, 30));
  const fates = Array.from({ length: 20_000 }, () => faults.draw(0, 0, dice));
  const lost = fates.filter(({ ending }) => ending !== 'served').length / fates.length;
  expect(Math.abs(lost - faults.lostShare(0, 0))).toBeLessThan(3 * Math.sqrt(0.25 / 20_000));
  for (const { ending, after, note } of fates) {
    if (ending === 'refused') expect([after, note]).toEqual([0, 3]);
    else if (ending === 'abandoned') expect([after < seconds(30), note]).toEqual([true, 7]);
    else expect([[0, seconds(30)].includes(after), note]).toEqual([true, -1]);
  }
});
