import { describe, expect, it } from 'vitest';
import { Digest } from './digest.ts';
import { Simulation } from './simulation.ts';
import { seconds, type Instant } from './time.ts';
import { noRecord, Trace, type RecordId, type TraceKind, type TraceOptions } from './trace.ts';

const clockAt = (time: number): { now: Instant } => ({ now: time as Instant });

/** One record of each given row: time, kind, subject, value, cause. */
type Row = readonly [time: number, kind: string, subject: number, value: number, cause: number];

function traceOf(rows: readonly Row[], options?: TraceOptions): Trace {
  const clock = clockAt(0);
  const trace = new Trace(clock, options);
  for (const [time, kind, subject, value, cause] of rows) {
    clock.now = time as Instant;
    trace.record(trace.kind(kind), subject, value, cause as RecordId);
  }
  return trace;
}

const rows: readonly Row[] = [
  [1_000, 'arrived', 7, 0, -1],
  [1_000, 'queued', 7, 1.5, 0],
  [5_000_000_000, 'served', 7, 0.1, 1],
];

describe('the digest of a trace', () => {
  const digest = traceOf(rows).digest();

  it('can be asked what it would be after more records, and stays what it is', () => {
    const trace = traceOf(rows);
    const kind = trace.kind('book');
    const more = [
      [1, 2.5],
      [-1, 7],
    ] as const;
    const expected = traceOf([
      ...rows,
      ...more.map(([subject, value]) => [5_000_000_000, 'book', subject, value, -1] as const),
    ]);
    expect(trace.digestAfter(kind, more)).toBe(expected.digest());
    expect(trace.digestAfter(kind, more)).toBe(expected.digest());
    expect(trace.digest()).toBe(digest);
    expect(trace.count).toBe(rows.length);
  });

  it('is 16 hexadecimal digits, the same on every repeat and in every release', () => {
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(traceOf(rows).digest()).toBe(digest);
    expect(digest).toBe('877540fe27de22df');
  });

  it.each<[string, Row]>([
    ['time', [1_001, 'queued', 7, 1.5, 0]],
    ['time beyond 32 bits', [1_000 + 2 ** 32, 'queued', 7, 1.5, 0]],
    ['kind', [1_000, 'rejected', 7, 1.5, 0]],
    ['subject', [1_000, 'queued', 8, 1.5, 0]],
    ['value, by one bit', [1_000, 'queued', 7, 1.5 + 2 ** -52, 0]],
    ['value, by its sign', [1_000, 'queued', 7, -1.5, 0]],
    ['cause', [1_000, 'queued', 7, 1.5, -1]],
  ])('changes with the %s of one record', (_, changed) => {
    expect(traceOf([rows[0]!, changed, rows[2]!]).digest()).not.toBe(digest);
    expect(traceOf([rows[0]!, changed]).digest()).not.toBe(traceOf(rows.slice(0, 2)).digest());
  });

  it('changes with the order of two records and with their number', () => {
    const a: Row = [0, 'a', 1, 2, -1];
    const b: Row = [0, 'b', 2, 1, -1];
    const all = [[a, b], [b, a], [a], [a, a], [a, b, b], []].map((list) => traceOf(list).digest());
    expect(new Set(all).size).toBe(all.length);
  });

  it('does not see what fields exchanged with each other would hide', () => {
    const all = [
      traceOf([[1, 'a', 2, 3, -1]]),
      traceOf([[2, 'a', 1, 3, -1]]),
      traceOf([[3, 'a', 2, 1, -1]]),
      traceOf([[1, 'a', 3, 2, -1]]),
    ].map((trace) => trace.digest());
    expect(new Set(all).size).toBe(all.length);
  });

  it('has no collision among ninety thousand neighbouring records', () => {
    const seen = new Set<string>();
    for (let subject = 0; subject < 300; subject++) {
      for (let value = 0; value < 300; value++) {
        const one = new Digest();
        one.add(0, 1, subject, value, -1);
        seen.add(one.toString());
      }
    }
    expect(seen.size).toBe(90_000);
  });

  it('covers everything whatever is kept, and kinds in whatever order they were registered', () => {
    expect(traceOf(rows, { keep: 'all' }).digest()).toBe(digest);
    expect(traceOf(rows, { keep: { last: 1 } }).digest()).toBe(digest);
    expect(traceOf(rows, { keep: { kinds: ['served'] } }).digest()).toBe(digest);
    const trace = new Trace(clockAt(0));
    trace.kind('never used');
    trace.record(trace.kind('a'), 1, 2, noRecord);
    expect(trace.digest()).toBe(traceOf([[0, 'a', 1, 2, -1]]).digest());
  });

  it('takes -0 for 0 and every NaN for the same', () => {
    expect(traceOf([[0, 'a', 1, -0, -1]]).digest()).toBe(traceOf([[0, 'a', 1, 0, -1]]).digest());
    expect(traceOf([[0, 'a', 1, NaN, -1]]).digest()).toBe(traceOf([[0, 'a', 1, 0 / 0, -1]]).digest());
  });
});

describe('a trace', () => {
  it('stamps records with the clock of a simulation', () => {
    const simulation = new Simulation();
    const trace = new Trace(simulation, { keep: 'all' });
    const kind = trace.kind('tick');
    simulation.after(seconds(2), () => trace.record(kind, 5, 6, noRecord));
    simulation.step();
    expect([...trace.records()]).toEqual([
      { id: 0, time: 2_000_000, kind: 'tick', subject: 5, value: 6, causedBy: -1 },
    ]);
  });

  it('walks from an effect back to the trigger', () => {
    const trace = traceOf(
      [
        [0, 'rollout', 0, 0, -1],
        [5, 'list', 1, 0, 0],
        [6, 'unrelated', 1, 0, -1],
        [9, 'out of memory', 2, 0, 1],
        [12, 'user error', 3, 0, 3],
      ],
      { keep: 'all' },
    );
    expect(trace.causes(4 as RecordId).map((record) => record.kind)).toEqual([
      'user error',
      'out of memory',
      'list',
      'rollout',
    ]);
    expect(trace.causes(noRecord)).toEqual([]);
  });

  it('walks only as far as records were kept', () => {
    const chain: Row[] = Array.from({ length: 10 }, (_, i) => [i, 'step', i, 0, i - 1]);
    const ids = (trace: Trace): number[] => trace.causes(9 as RecordId).map((record) => record.id);
    expect(ids(traceOf(chain, { keep: 'all' }))).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(ids(traceOf(chain, { keep: { last: 3 } }))).toEqual([9, 8, 7]);
    expect(ids(traceOf(chain))).toEqual([]);
  });

  it('keeps the kinds it was asked to keep', () => {
    const trace = traceOf(rows, { keep: { kinds: ['arrived', 'served'] } });
    expect([...trace.records()].map((record) => [record.id, record.kind])).toEqual([
      [0, 'arrived'],
      [2, 'served'],
    ]);
    expect(trace.get(1 as RecordId)).toBeUndefined();
    expect(trace.get(2 as RecordId)?.value).toBe(0.1);
    expect(trace.leftOut).toBe(0);
  });

  it('never keeps more than it was allowed, and says how much it left out', () => {
    const many: Row[] = Array.from({ length: 5_000 }, (_, i) => [i, 'step', i, i / 8, i - 1]);
    const first = traceOf(many, { keep: 'all', keepLimit: 1_500 });
    expect([...first.records()].map((record) => record.id)).toEqual(Array.from({ length: 1_500 }, (_, i) => i));
    expect(first.leftOut).toBe(3_500);
    const last = traceOf(many, { keep: { last: 1_500 } });
    expect([...last.records()].map((record) => record.subject)).toEqual(
      Array.from({ length: 1_500 }, (_, i) => 3_500 + i),
    );
    expect(last.get(3_499 as RecordId)).toBeUndefined();
    expect(last.get(3_500 as RecordId)?.value).toBe(437.5);
    expect([first.count, last.count]).toEqual([5_000, 5_000]);
  });

  it('tells observers of a kind, in the order they came, and nobody else', () => {
    const trace = new Trace(clockAt(0));
    const kind = trace.kind('a');
    const other = trace.kind('b');
    const heard: string[] = [];
    trace.observe(kind, (subject, value, id) => heard.push(`first ${subject} ${value} #${id}`));
    trace.observe(kind, (subject) => heard.push(`second ${subject}`));
    trace.record(other, 1, 2, noRecord);
    trace.record(kind, 3, 4, noRecord);
    expect(heard).toEqual(['first 3 4 #1', 'second 3']);
  });

  it('has room for more kinds than it started with', () => {
    const trace = new Trace(clockAt(0), { keep: { kinds: ['kind 150'] } });
    const kinds = Array.from({ length: 200 }, (_, i) => trace.kind(`kind ${i}`));
    for (const kind of kinds) trace.record(kind, kind, 0, noRecord);
    expect([...trace.records()].map((record) => record.kind)).toEqual(['kind 150']);
    expect(trace.kind('kind 150')).toBe(kinds[150]);
  });

  it('refuses unknown kinds, causes from the future and empty limits', () => {
    const trace = new Trace(clockAt(0));
    const kind = trace.kind('a');
    trace.record(kind, 0, 0, noRecord);
    expect(() => trace.record(1 as TraceKind, 0, 0, noRecord)).toThrow(
      new RangeError('trace: expected a kind made by kind() (there are 1), got 1'),
    );
    expect(() => trace.record(kind, 0, 0, 1 as RecordId)).toThrow(
      new RangeError('trace: "a" expects an earlier record (0 to 0) or noRecord as its cause, got 1'),
    );
    expect(trace.count).toBe(1);
    expect(() => trace.kind('')).toThrow('trace: a kind needs a name, got an empty string');
    expect(() => new Trace(clockAt(0), { keep: { last: 0 } })).toThrow(
      'trace: keep.last must be a whole number >= 1, got 0',
    );
    expect(() => new Trace(clockAt(0), { keepLimit: 1.5 })).toThrow(
      'trace: keepLimit must be a whole number >= 1, got 1.5',
    );
  });
});
