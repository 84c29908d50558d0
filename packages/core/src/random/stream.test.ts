import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { keyOf, stateOf, stateOfMember } from './stream-key.ts';
import { Stream, Streams } from './stream.ts';

const streams = (seed = '1', replication = 0): Streams => new Streams(seed, replication);
const GOLDEN_BARE = [0.20460032086840496, 0.5869300148939098, 0.524321740891283];
const GOLDEN_MEMBER = [0.12677181128352555, 0.4161862847079879, 0.7927731053121833];

const firstDraws = (stream: Stream, count: number): number[] => Array.from({ length: count }, () => stream.uniform());

describe('a stream', () => {
  it('gives the numbers of seedrandom.alea from the same state, bit for bit', () => {
    for (const index of [0, 1, 4711, 4294967295]) {
      const stream = streams().get('node/lease', index);
      const [s0, s1, s2, c] = stream.state();
      const reference = seedrandom.alea('', { state: { s0, s1, s2, c } });
      for (let draw = 0; draw < 1_000; draw++) expect(stream.uniform()).toBe(reference.double());
    }
  });

  it('keeps its numbers from release to release', () => {
    expect(firstDraws(streams('7', 3).get('store/commit'), 3)).toEqual(GOLDEN_BARE);
    expect(firstDraws(streams('7', 3).get('node/lease', 4711), 3)).toEqual(GOLDEN_MEMBER);
  });

  it('draws 53-bit numbers in [0, 1), so that 1 - u is exact', () => {
    const stream = streams().get('bits');
    let fine = 0;
    for (let draw = 0; draw < 10_000; draw++) {
      const u = stream.uniform();
      expect(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53)).toBe(true);
      if (!Number.isInteger(u * 2 ** 52)) fine++;
    }
    expect(fine).toBeGreaterThan(4_500);
  });

  it('takes exactly one uniform for every kind of draw', () => {
    const draws: ((stream: Stream) => unknown)[] = [
      (s) => s.uniformOpen(),
      (s) => s.integer(10),
      (s) => s.bernoulli(0.5),
      (s) => s.exponential(2),
      (s) => s.normal(),
    ];
    for (const draw of draws) {
      const drawn = streams().get('x');
      const plain = streams('1').get('x');
      draw(drawn);
      plain.uniform();
      expect(drawn.state()).toEqual(plain.state());
    }
  });

  it('replaces the zero that an open uniform must not return', () => {
    const zeroNext = new Stream('zero', -1, [0, 0, 0.5, 0]);
    expect(zeroNext.uniformOpen()).toBe(2 ** -54);
  });

  it('continues from a state taken earlier', () => {
    const stream = streams().get('branch');
    stream.uniform();
    const state = stream.state();
    const past = firstDraws(stream, 5);
    stream.restore(JSON.parse(JSON.stringify(state)));
    expect(firstDraws(stream, 5)).toEqual(past);
  });

  it('draws whole numbers below the count, also for the largest uniform', () => {
    const largest = 1 - 2 ** -53;
    for (const count of [1, 3, 7, 1e6, 2 ** 31 + 1, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER]) {
      expect(Math.floor(largest * count)).toBe(count - 1);
    }
    const stream = streams().get('die');
    const seen = new Set(Array.from({ length: 1_000 }, () => stream.integer(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('answers bernoulli(0) never and bernoulli(1) always', () => {
    const stream = streams().get('coin');
    for (let draw = 0; draw < 1_000; draw++) {
      expect(stream.bernoulli(0)).toBe(false);
      expect(stream.bernoulli(1)).toBe(true);
    }
  });

  it('names itself in the error of a bad argument', () => {
    const stream = streams().get('agent/jitter', 3);
    expect(() => stream.integer(0)).toThrow(
      new RangeError('stream "agent/jitter#3": integer expects a count >= 1, got 0'),
    );
    expect(() => stream.bernoulli(1.5)).toThrow(
      'stream "agent/jitter#3": bernoulli expects a probability in [0, 1], got 1.5',
    );
  });
});

describe('streams', () => {
  it('hand out the same stream for the same name and index', () => {
    const source = streams();
    expect(source.get('a')).toBe(source.get('a'));
    expect(source.get('a', 5)).toBe(source.get('a', 5));
    expect(source.get('a').name).toBe('a');
    expect(source.get('a', 5).name).toBe('a#5');
  });

  it('do not depend on the order in which they are asked for', () => {
    const forwards = streams();
    const backwards = streams();
    const a = firstDraws(forwards.get('a'), 3);
    const b = firstDraws(forwards.get('b', 1), 3);
    expect(firstDraws(backwards.get('b', 1), 3)).toEqual(b);
    expect(firstDraws(backwards.get('a'), 3)).toEqual(a);
  });

  it('differ by seed, replication, name and index, and never by spelling alone', () => {
    const first = (source: Streams, name: string, index?: number): number => source.get(name, index).uniform();
    const draws = [
      first(streams('1', 0), 'a'),
      first(streams('1', 0), 'a', 0),
      first(streams('1', 0), 'a', 1),
      first(streams('1', 0), 'a#0'),
      first(streams('1', 0), 'b'),
      first(streams('1', 1), 'a'),
      first(streams('2', 0), 'a'),
      first(streams('1\x00000', 0), 'a'),
      first(streams('1', 0), '0\0a'),
      first(streams('1', 0), '\u0161'),
      first(streams('1', 0), '\u0061\u0061'),
      first(streams('1', 0), '%0161'),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });

  it('refuse an empty name, a fractional index and a negative replication', () => {
    expect(() => streams().get('')).toThrow('streams: a stream needs a name, got an empty string');
    expect(() => streams().get('a', 1.5)).toThrow(
      'stream "a": index must be a whole number from 0 to 4294967295, got 1.5',
    );
    expect(() => streams().get('a', -1)).toThrow('got -1');
    expect(() => streams('1', -1)).toThrow('streams: replication must be a whole number >= 0, got -1');
  });
});

describe('streams are independent of each other', () => {
  const COUNT = 4_000;
  const sources: Readonly<Record<string, (i: number) => Stream>> = {
    'names that differ in a number': (() => {
      const source = streams('20241211');
      return (i: number) => source.get(`svc/api-${i}`);
    })(),
    'members of a family': (() => {
      const source = streams('20241211');
      return (i: number) => source.get('node/lease', i);
    })(),
    'members far apart by powers of two': (i: number) =>
      new Stream('family', i, stateOfMember(keyOf('1', 0, 'family'), (i << 20) >>> 0)),
    'the same name in successive replications': (i: number) => new Stream('a', -1, stateOf(keyOf('1', i, 'a'))),
    'the same name under successive seeds': (i: number) => new Stream('a', -1, stateOf(keyOf(String(i), 0, 'a'))),
  };

  it.each(Object.keys(sources))('%s', (kind) => {
    const of = sources[kind]!;
    const draws = Array.from({ length: COUNT }, (_, i) => firstDraws(of(i), 32));
    // 19 degrees of freedom: above 43.8 once in a thousand.
    for (const draw of [0, 1, 2, 3, 31]) expect(chiSquare(draws.map((row) => row[draw]!))).toBeLessThan(43.8);
    for (const distance of [1, 2, 256]) {
      for (const lag of [0, 1, 2]) {
        expect(Math.abs(correlationZ(draws, distance, lag))).toBeLessThan(3.3);
      }
    }
    for (const lag of [1, 2, 3]) expect(Math.abs(correlationZ(draws, 0, lag))).toBeLessThan(3.3);
  });
});

/** Pearson's statistic of 20 equal bins. */
function chiSquare(values: readonly number[]): number {
  const bins = new Float64Array(20);
  for (const value of values) bins[Math.floor(value * 20)]!++;
  const expected = values.length / 20;
  return bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Correlation of row i, draw j with row i + distance, draw j + lag, in standard deviations of no correlation. */
function correlationZ(rows: readonly (readonly number[])[], distance: number, lag: number): number {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i + distance < rows.length; i++) {
    for (let j = 0; j + lag < rows[i]!.length; j++) {
      sum += (rows[i]![j]! - 0.5) * (rows[i + distance]![j + lag]! - 0.5);
      pairs++;
    }
  }
  return (sum * 12) / Math.sqrt(pairs);
}
