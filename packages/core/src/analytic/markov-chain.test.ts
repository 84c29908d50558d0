import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { birthDeath } from './birth-death.ts';
import { MarkovChain } from './markov-chain.ts';

/** M/M/1/K as a chain; K = capacity. */
function queue(arrivalRate: number, serviceRate: number, capacity: number): MarkovChain<number> {
  return new MarkovChain<number>({
    initial: 0,
    key: String,
    moves: (n) => [
      ...(n < capacity ? [[n + 1, arrivalRate] as const] : []),
      ...(n > 0 ? [[n - 1, serviceRate] as const] : []),
    ],
  });
}

describe('a Markov chain', () => {
  it('has the steady state that detailed balance gives, over hundreds of orders of magnitude', () => {
    const chain = queue(1, 40, 300);
    const expected = birthDeath(
      301,
      () => 1,
      () => 40,
    );
    const shares = chain.stationary();
    for (const n of [0, 1, 10, 100, 190]) {
      expect(shares[chain.indexOf(n)]! / expected[n]!, `state ${n}`).toBeCloseTo(1, 12);
    }
    const full = queue(40, 1, 300).stationary();
    expect(full.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('has rates in and out of every state in balance, whatever the chain', () => {
    const arbitraryRates = fc.array(
      fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 7, maxLength: 7 }),
      {
        minLength: 7,
        maxLength: 7,
      },
    );
    fc.assert(
      fc.property(arbitraryRates, (rates) => {
        // A ring of small rates makes every state reachable from every other.
        const rate = (from: number, to: number): number => rates[from]![to]! + (to === (from + 1) % 7 ? 0.01 : 0);
        const all = [0, 1, 2, 3, 4, 5, 6];
        const chain = new MarkovChain<number>({
          initial: 0,
          key: String,
          moves: (from) => all.map((to) => [to, rate(from, to)] as const),
        });
        const share = chain.stationary();
        const of = (n: number): number => share[chain.indexOf(n)]!;
        const others = (n: number): number[] => all.filter((other) => other !== n);
        return all.every((n) => {
          const flowOut = others(n).reduce((sum, to) => sum + of(n) * rate(n, to), 0);
          const flowIn = others(n).reduce((sum, from) => sum + of(from) * rate(from, n), 0);
          return Math.abs(flowOut - flowIn) <= 1e-12 * (1 + flowOut);
        });
      }),
    );
  });

  it('knows how long it takes to get somewhere: the busy period, and climbs against the stream', () => {
    const times = queue(0.5, 1, 400);
    // A busy period of M/M/1 lasts 1 / (mu - lambda) on average (L. Kleinrock, Queueing Systems I, 5.8).
    expect(times.hittingTimes((n) => n === 0)[times.indexOf(1)]).toBeCloseTo(2, 10);
    // From empty to n: the sum over j < n of (1 / lambda) times the sum of (mu / lambda) to the powers 0 to j.
    const climb = queue(1, 10, 20);
    let expected = 0;
    for (let j = 0; j < 15; j++) for (let i = 0; i <= j; i++) expected += 10 ** i;
    expect(climb.hittingTimes((n) => n === 15)[climb.indexOf(0)]! / expected).toBeCloseTo(1, 12);
    expect(climb.hittingTimes(() => true)).toEqual(new Float64Array(21));
  });

  it('says so when a target is never reached', () => {
    const trap = new MarkovChain<number>({
      initial: 0,
      key: String,
      moves: (n) =>
        n === 0
          ? [
              [1, 1],
              [2, 1],
            ]
          : n === 1
            ? [[0, 1]]
            : [],
    });
    const times = trap.hittingTimes((n) => n === 1);
    expect([0, 1, 2].map((n) => times[trap.indexOf(n)])).toEqual([Infinity, 0, Infinity]);
    expect(() => trap.stationary()).toThrow('expected every state to lead back to every other');
  });

  it('has the spectral gap of M/M/1/K, and that of two states', () => {
    // Eigenvalues of M/M/1/K: 0 and lambda + mu - 2 sqrt(lambda mu) cos(pi k / (K + 1)) (Takacs 1962).
    const gap = 0.8 + 1 - 2 * Math.sqrt(0.8) * Math.cos(Math.PI / 31);
    expect(queue(0.8, 1, 30).relaxation().rate).toBeCloseTo(gap, 6);
    const two = queue(0.3, 0.5, 1).relaxation();
    expect([two.rate, two.seconds]).toEqual([expect.closeTo(0.8, 12), expect.closeTo(1.25, 12)]);
  });

  it('decays as its complex pair does, where the slowest modes are one', () => {
    // Three states in a ring at rate 1: eigenvalues -3/2 +- i sqrt(3) / 2.
    const ring = new MarkovChain<number>({ initial: 0, key: String, moves: (n) => [[(n + 1) % 3, 1]] });
    expect(ring.relaxation().rate).toBeCloseTo(1.5, 9);
  });

  it('refuses rates below 0, too many states, and states it does not have', () => {
    const line = (rate: number) => ({ initial: 0, key: String, moves: (n: number) => [[n + 1, rate] as const] });
    expect(() => new MarkovChain(line(-1))).toThrow('chain: rate from 0 to 1 must be >= 0, got -1');
    expect(() => new MarkovChain({ ...line(1), stateLimit: 50 })).toThrow(
      'chain: expected at most 50 states, got more',
    );
    expect(() => queue(1, 1, 3).indexOf(4)).toThrow('chain: no state 4');
  });
});
