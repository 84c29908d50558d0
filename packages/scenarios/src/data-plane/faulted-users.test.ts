import { type Duration, minutes, seconds, Simulation, type Stream } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { FaultedUsers } from './faulted-users.ts';
import { PlainUsers } from './plain-users.ts';
import { type RequestFate, RequestFaults } from './request-faults.ts';

const products = [
  { id: 'chat', title: 'Chat', requestsPerSecond: 60, lookups: 8 },
  { id: 'api', title: 'API', requestsPerSecond: 40, lookups: 5 },
];
const evenly = { sample: (stream: Stream): Duration => Math.floor(stream.uniform() * seconds(100)) as Duration };

function setUp(samplesPerSecond = 0, isAsleep = false) {
  const simulation = new Simulation({ seed: 1 });
  let nameFailure = 0;
  const sites = [3, 1].map((traffic) => ({ traffic, cluster: { nameFailureShare: () => nameFailure } }));
  const behind = new PlainUsers(simulation, { products, headroom: 0.3 }, sites, () => {});
  const faults = new RequestFaults(2, [undefined, evenly], (product) => simulation.streams.get(`patience ${product}`));
  const lost: RequestFate[] = [];
  const users = new FaultedUsers(simulation, behind, faults, {
    samplesPerSecond,
    observer: { requestLost: (_site, _product, fate) => lost.push(fate) },
    isAsleep,
  });
  const failNames = (share: number): void => {
    nameFailure = share;
  };
  return { simulation, behind, faults, users, lost, failNames };
}

const refusal = {
  kind: 'refusal',
  share: 1,
  appliesTo: (_: number, product: number) => product === 1,
  note: 4,
} as const;
const stall = {
  kind: 'stall',
  share: 1,
  wait: seconds(30),
  hasStaleAddress: true,
  appliesTo: () => true,
  note: 5,
} as const;

describe('users behind faults', () => {
  it('are as those in front of the data plane while there is no fault', () => {
    const { simulation, behind, users, failNames } = setUp();
    failNames(0.2);
    advance(simulation, minutes(1));
    expect([...users.requests]).toEqual([...behind.requests]);
    expect([...users.failures]).toEqual([...behind.failures]);
    expect(users.failureShare(0)).toBe(behind.failureShare(0));
  });

  it('asleep are no event of the run, and once awake they lose what they would have lost awake all the time', () => {
    const runs = [false, true].map((isAsleep) => {
      const { simulation, faults, users, failNames } = setUp(0, isAsleep);
      failNames(0.2);
      advance(simulation, seconds(10.5));
      const { eventCount } = simulation;
      const before = [...users.requests, ...users.failures];
      users.wake();
      faults.begin(refusal);
      advance(simulation, seconds(4));
      faults.end(refusal);
      advance(simulation, seconds(20));
      return { eventCount, before, after: [...users.requests, ...users.failures].map((one) => one.toFixed(6)) };
    });
    const [awake, asleep] = runs;
    expect(awake!.eventCount - asleep!.eventCount).toBe(10);
    expect(asleep!.before).toEqual(awake!.before);
    expect(asleep!.after).toEqual(awake!.after);
  });

  it('lose exactly the requests of the seconds for which a fault lasts', () => {
    const { simulation, faults, users } = setUp();
    simulation.after(seconds(10), () => faults.begin(refusal));
    simulation.after(seconds(14), () => faults.end(refusal));
    advance(simulation, minutes(1));
    expect([...users.failures]).toEqual([0, 4 * 30, 0, 4 * 10]);
    expect([...users.requests]).toEqual([60 * 45, 60 * 30, 60 * 15, 60 * 10]);
  });

  it('lose of what would have failed anyway nothing twice', () => {
    const { simulation, faults, users, failNames } = setUp();
    failNames(0.5);
    faults.begin({ ...refusal, share: 0.5 });
    advance(simulation, seconds(101));
    // The first second was under way when the fault was there: 1 * 0.5 + 100 * 0.75.
    expect(users.failures[1]! / 30).toBeCloseTo(75.5, 9);
    expect(users.failureShare(0)).toBeCloseTo(1 - 0.5 * (1 - 0.4 * 0.5), 12);
  });

  it('sampled requests agree with the rates, and asked = ended + inside at any time', () => {
    const { simulation, faults, users, lost } = setUp(20);
    simulation.after(seconds(1), () => faults.begin(stall));
    for (let minute = 0; minute < 10; minute++) {
      advance(simulation, minutes(1));
      users.checkBooks();
    }
    const { asked, served, refused, abandoned, unresolved, inside } = users.counts(1);
    expect(served + refused + abandoned + unresolved + inside).toBe(asked);
    expect(asked).toBeGreaterThan(10_000);
    expect([refused, unresolved]).toEqual([0, 0]);
    // 20 a second, of which those of the last 30 s are inside unless they were abandoned.
    expect(inside).toBeGreaterThan(20 * 30 * 0.7 * 0.9);
    const share = faults.lostShare(0, 1);
    const early = lost.filter(({ ending }) => ending === 'abandoned').length;
    expect(early).toBe(abandoned);
    expect(Math.abs(abandoned / (asked - inside) - share)).toBeLessThan(0.03);
    // Users of the other product wait for ever.
    expect(users.counts(0)).toMatchObject({ abandoned: 0, refused: 0, unresolved: 0 });
  });
});
