/** What two scrapes of one API server say together: rates, mean durations, how long lies between them. */
import { DocumentError } from '../scenario/document-error.ts';
import type { Sample, ScrapePart } from './exposition.ts';

/** Requests of one verb and resource between two scrapes. */
export interface RequestDelta {
  /** As the metric has it: LIST, GET, POST, PUT, PATCH, APPLY, DELETE. */
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly group: string;
  readonly count: number;
  /** Sum of their durations inside the server, in seconds. */
  readonly seconds: number;
  /** Requests by upper bound of the duration bucket they fell into, in seconds, ascending; the last is Infinity. */
  readonly buckets: readonly (readonly [upTo: number, count: number])[];
}

/** Two scrapes. */
export interface ScrapePair {
  readonly before: ScrapePart;
  readonly after: ScrapePart;
  readonly seconds: number;
  /** Where `seconds` comes from. */
  readonly clock: string;
  readonly requests: readonly RequestDelta[];
  /** CPU seconds that the process used in between; undefined where the page does not say. */
  readonly cpuSeconds: number | undefined;
}

/**
 * Flow control weighs its utilisation by time, in nanoseconds, for every level from the start of the process: its count is a clock
 * (component-base, metrics/prometheusextension, timing_histogram.go).
 */
const clockMetric = 'apiserver_flowcontrol_priority_level_request_utilization_count';

/** Puts two pages in order and takes one from the other. `seconds` is stated by the user; else the pages say it. */
export function pairOf(one: ScrapePart, other: ScrapePart, seconds?: number): ScrapePair {
  const [before, after] = ordered(one, other);
  const start = (part: ScrapePart): number | undefined => total(part, 'process_start_time_seconds');
  if (start(before) !== start(after)) {
    throw problem(
      after,
      `process_start_time_seconds: expected that of ${before.file}, got another: two processes, or one that restarted; save both pages from one process`,
    );
  }
  const clock = clockOf(before, after);
  if (seconds === undefined && clock === undefined) {
    throw problem(after, `how long after ${before.file} this page was saved cannot be told; state it with --seconds`);
  }
  const cpu = [before, after].map((part) => total(part, 'process_cpu_seconds_total'));
  return {
    before,
    after,
    seconds: seconds ?? clock!,
    clock: seconds === undefined ? `${clockMetric}, which counts nanoseconds` : 'stated',
    requests: deltas(before, after),
    cpuSeconds: cpu.includes(undefined) ? undefined : Math.max(0, cpu[1]! - cpu[0]!),
  };
}

/** Sum of the samples of a name; undefined when there is none. */
export function total(part: ScrapePart, name: string): number | undefined {
  return part.samples.get(name)?.reduce((sum, { value }) => sum + value, 0);
}

/** Mean seconds of a kind of etcd request for a resource between two scrapes; undefined when there was none. */
export function etcdMean({ before, after }: ScrapePair, operation: string, resource: string): number | undefined {
  const of = (part: ScrapePart, name: string): number =>
    (part.samples.get(`etcd_request_duration_seconds_${name}`) ?? [])
      .filter(({ labels }) => labels['operation'] === operation && labels['type']?.split('.', 1)[0] === resource)
      .reduce((sum, { value }) => sum + value, 0);
  const count = of(after, 'count') - of(before, 'count');
  return count > 0 ? (of(after, 'sum') - of(before, 'sum')) / count : undefined;
}

function ordered(one: ScrapePart, other: ScrapePart): readonly [before: ScrapePart, after: ScrapePart] {
  const count = (part: ScrapePart): number => total(part, 'apiserver_request_duration_seconds_count') ?? 0;
  const [a, b] = [count(one), count(other)];
  if (a === b)
    throw problem(other, `expected requests between this page and ${one.file}, got none: the same page twice?`);
  return a < b ? [one, other] : [other, one];
}

function clockOf(before: ScrapePart, after: ScrapePart): number | undefined {
  const largest = (part: ScrapePart): number =>
    (part.samples.get(clockMetric) ?? []).reduce((most, { value }) => Math.max(most, value), 0);
  const seconds = (largest(after) - largest(before)) / 1e9;
  return seconds > 0 ? seconds : undefined;
}

function deltas(before: ScrapePart, after: ScrapePart): readonly RequestDelta[] {
  const rows = new Map<
    string,
    { labels: Sample['labels']; count: number; seconds: number; upTo: Map<number, number> }
  >();
  const take = (part: ScrapePart, sign: 1 | -1): void => {
    for (const name of ['count', 'sum', 'bucket'] as const) {
      for (const { labels, value } of part.samples.get(`apiserver_request_duration_seconds_${name}`) ?? []) {
        if (labels['verb'] === 'WATCH' || labels['verb'] === 'CONNECT' || (labels['resource'] ?? '') === '') continue;
        const key = ['verb', 'resource', 'subresource', 'group'].map((one) => labels[one] ?? '').join('\u0000');
        const row = rows.get(key) ?? { labels, count: 0, seconds: 0, upTo: new Map<number, number>() };
        rows.set(key, row);
        if (name === 'count') row.count += sign * value;
        else if (name === 'sum') row.seconds += sign * value;
        else {
          const bound = Number((labels['le'] ?? '').replace('+Inf', 'Infinity'));
          row.upTo.set(bound, (row.upTo.get(bound) ?? 0) + sign * value);
        }
      }
    }
  };
  take(after, 1);
  take(before, -1);
  return [...rows.values()]
    .filter(({ count, labels }) => {
      if (count >= 0) return count > 0;
      throw problem(
        after,
        `apiserver_request_duration_seconds_count of ${labels['verb'] ?? ''} ${labels['resource'] ?? ''}: expected at least what ${before.file} says, got less: not the same process`,
      );
    })
    .map(({ labels, count, seconds, upTo }) => ({
      verb: labels['verb'] ?? '',
      resource: labels['resource'] ?? '',
      subresource: labels['subresource'] ?? '',
      group: labels['group'] ?? '',
      count,
      seconds: Math.max(0, seconds),
      buckets: bucketsOf(upTo),
    }))
    .sort((a, b) => b.count - a.count || (`${a.resource}${a.verb}` < `${b.resource}${b.verb}` ? -1 : 1));
}

/** From cumulative to separate. */
function bucketsOf(upTo: ReadonlyMap<number, number>): readonly (readonly [number, number])[] {
  let below = 0;
  return [...upTo]
    .sort(([a], [b]) => a - b)
    .map(([bound, count]) => {
      const own = count - below;
      below = count;
      return [bound, own] as const;
    });
}

function problem(part: ScrapePart, message: string): DocumentError {
  return new DocumentError(part.file, [{ path: '', message }]);
}
