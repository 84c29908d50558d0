import { noRecord, type Trace, type TraceOptions, type TraceRecord } from '../trace.ts';

/** A run to be repeated: builds the model afresh, with a trace made from the given options, and returns that trace. */
export type TracedRun = (seed: string, options: TraceOptions) => Trace;

/** How runs are compared. */
export interface RunTwiceOptions {
  /** Default '1'. */
  readonly seed?: string;
  /** Records compared when the digests differ; default 1,000,000. */
  readonly keepLimit?: number;
}

/**
 * Runs the model twice with the same seed and returns the digest they share. When the digests differ it runs twice more
 * with records kept, and throws an error that shows the first record in which the two runs part, with its cause.
 */
export function runTwice(run: TracedRun, options: RunTwiceOptions = {}): string {
  const { seed = '1', keepLimit = 1_000_000 } = options;
  const first = run(seed, {});
  const second = run(seed, {});
  if (first.count === 0)
    throw new Error(`runTwice: the run with seed ${seed} made no record, so there is nothing to compare`);
  if (first.digest() === second.digest()) return first.digest();
  const again = [run(seed, { keep: 'all', keepLimit }), run(seed, { keep: 'all', keepLimit })] as const;
  throw new Error(
    `runTwice: two runs with seed ${seed} differ: digests ${first.digest()} and ${second.digest()}, ` +
      `records ${first.count} and ${second.count}\n${firstDifference(again[0], again[1], keepLimit)}`,
  );
}

function firstDifference(first: Trace, second: Trace, keepLimit: number): string {
  const right = second.records();
  let compared = 0;
  for (const record of first.records()) {
    const next = right.next();
    const other = next.done === true ? undefined : next.value;
    if (other === undefined || !isSame(record, other)) return parting(record, other, first);
    compared++;
  }
  const extra = right.next();
  if (extra.done !== true) return parting(undefined, extra.value, second);
  if (first.leftOut > 0) return `the first ${keepLimit} records are equal; raise keepLimit to see the difference`;
  return `with records kept, both runs made the same ${compared} records: the runs differ from time to time`;
}

function isSame(a: TraceRecord, b: TraceRecord): boolean {
  return (
    a.time === b.time &&
    a.kind === b.kind &&
    a.subject === b.subject &&
    (a.value === b.value || (Number.isNaN(a.value) && Number.isNaN(b.value))) &&
    a.causedBy === b.causedBy
  );
}

function parting(first: TraceRecord | undefined, second: TraceRecord | undefined, trace: Trace): string {
  const shown = first ?? second!;
  const cause = shown.causedBy === noRecord ? undefined : trace.get(shown.causedBy);
  return [
    `first difference at record ${shown.id}:`,
    `  first run:  ${describeRecord(first)}`,
    `  second run: ${describeRecord(second)}`,
    `  caused by:  ${cause === undefined ? 'nothing' : describeRecord(cause)}`,
  ].join('\n');
}

function describeRecord(record: TraceRecord | undefined): string {
  if (record === undefined) return 'no record, the run had ended';
  const { id, time, kind, subject, value, causedBy } = record;
  return `#${id} t=${(time / 1_000_000).toFixed(6)} s ${kind} subject ${subject} value ${value} caused by #${causedBy}`;
}
