/**
 * Unit costs from scrapes of one API server: how long requests of each verb and resource take on a server with little to do, and
 * how much CPU they take where enough scrapes tell them apart. Both with intervals; what cannot be determined is said, with why.
 */
import { refusal } from './input.ts';
import { pairOf, type RequestDelta, type ScrapePair } from './scrape-pair.ts';
import type { ScrapePart } from './exposition.ts';
import { fitCosts } from './fit-costs.ts';

/** A number and its 95 % interval. */
export interface CalibratedValue {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Requests of one verb and resource. */
export interface CalibratedRequest {
  readonly verb: string;
  readonly resource: string;
  readonly count: number;
  /** Mean milliseconds inside the server; undefined when it could not be determined, and `why` says why. */
  readonly milliseconds: CalibratedValue | undefined;
  /** CPU milliseconds of the API server; likewise. */
  readonly cpuMilliseconds: CalibratedValue | undefined;
  readonly why: readonly string[];
}

/** What scrapes say about costs. */
export interface Calibration {
  readonly seconds: number;
  readonly clock: string;
  /** Cores the process used on average; undefined where the pages do not say. */
  readonly coresUsed: number | undefined;
  readonly cores: number | undefined;
  readonly requests: readonly CalibratedRequest[];
  /** What holds for all of them. */
  readonly notes: readonly string[];
}

/** Fewer requests give no cost. */
const fewest = 10;
/** Wider intervals are no answer. Share of the value. */
const widest = 0.5;
/** Above this share of its cores a server makes requests wait. */
const busiest = 0.3;
/** 97.5 % quantile of the standard normal distribution. */
const z975 = 1.959_964;

/** Calibrates from two pages or more, in any order. `seconds` lies between two of them; default as the pages say. */
export function calibrate(pages: readonly ScrapePart[], seconds?: number): Calibration {
  if (pages.length < 2) {
    throw refusal(pages[0]?.file ?? 'calibrate', `expected two scrapes of /metrics or more, got ${pages.length}`);
  }
  const pairs = consecutive(pages, seconds);
  const whole = pairOf(
    pages[0]!,
    pages.at(-1)!,
    pairs.reduce((sum, pair) => sum + pair.seconds, 0),
  );
  const ends = pairs.length === 1 ? pairs[0]! : { ...whole, requests: summed(pairs) };
  const cores = ends.after.samples.get('go_sched_gomaxprocs_threads')?.[0]?.value;
  const used = ends.cpuSeconds === undefined ? undefined : ends.cpuSeconds / ends.seconds;
  const isBusy = used !== undefined && cores !== undefined && used / cores > busiest;
  const fit = fitCosts(pairs, fewest);
  const requests = ends.requests.map((row) =>
    requestOf(row, isBusy, fit.costs.get(keyOf(row)), fit.reasons.get(keyOf(row))),
  );
  return {
    seconds: ends.seconds,
    clock: pairs[0]!.clock,
    coresUsed: used,
    cores,
    requests,
    notes: [...notesOf(ends, used, isBusy), ...fit.notes],
  };
}

/** Verb and resource as one text. */
export function keyOf({
  verb,
  resource,
  subresource,
}: Pick<RequestDelta, 'verb' | 'resource' | 'subresource'>): string {
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
}

function consecutive(pages: readonly ScrapePart[], seconds: number | undefined): readonly ScrapePair[] {
  const count = (page: ScrapePart): number =>
    (page.samples.get('apiserver_request_duration_seconds_count') ?? []).reduce((sum, { value }) => sum + value, 0);
  const sorted = [...pages].sort((a, b) => count(a) - count(b));
  return sorted.slice(1).map((page, index) => pairOf(sorted[index]!, page, seconds));
}

function summed(pairs: readonly ScrapePair[]): readonly RequestDelta[] {
  const rows = new Map<string, RequestDelta>();
  for (const row of pairs.flatMap(({ requests }) => requests)) {
    const known = rows.get(keyOf(row));
    const buckets = row.buckets.map(
      ([bound, count], index) => [bound, count + (known?.buckets[index]?.[1] ?? 0)] as const,
    );
    rows.set(keyOf(row), {
      ...row,
      buckets,
      count: row.count + (known?.count ?? 0),
      seconds: row.seconds + (known?.seconds ?? 0),
    });
  }
  return [...rows.values()].sort((a, b) => b.count - a.count);
}

function requestOf(
  row: RequestDelta,
  isBusy: boolean,
  cpu: CalibratedValue | undefined,
  whyNot: string | undefined,
): CalibratedRequest {
  const why: string[] = [];
  const milliseconds = durationOf(row, isBusy, why);
  if (cpu === undefined && whyNot !== undefined) why.push(`CPU: ${whyNot}`);
  const resource = row.subresource === '' ? row.resource : `${row.resource}/${row.subresource}`;
  return { verb: row.verb, resource, count: row.count, milliseconds, cpuMilliseconds: cpu, why };
}

/** The mean is exact; how far the true one may be from it follows from the widest spread that the buckets allow. */
function durationOf(row: RequestDelta, isBusy: boolean, why: string[]): CalibratedValue | undefined {
  if (isBusy) why.push('duration: the server was busy, so it contains waiting');
  else if (row.count < fewest) why.push(`duration: ${row.count} requests; ${fewest} are needed`);
  if (why.length > 0) return undefined;
  const mean = row.seconds / row.count;
  const variance = largestVariance(row, mean);
  if (variance === undefined) {
    why.push('duration: requests above the last bound of the buckets');
    return undefined;
  }
  const half = z975 * Math.sqrt(variance / row.count);
  if (half > widest * mean) {
    why.push(
      `duration: ${row.count} requests in buckets this coarse leave ${short(mean * 1000)} ms +- ${short(half * 1000)} ms`,
    );
    return undefined;
  }
  return { value: mean * 1000, low: Math.max(0, mean - half) * 1000, high: (mean + half) * 1000 };
}

/**
 * Within a bucket from l to u, x * x is at most (l + u) x - l u; so the mean of squares is largest when the sum of all durations
 * lies as far up as it can. Undefined when a duration has no upper bound.
 */
function largestVariance({ buckets, count, seconds }: RequestDelta, mean: number): number | undefined {
  let lower = 0;
  const filled = buckets.flatMap(([upper, requests]) => {
    const bucket = { lower, upper, requests };
    lower = upper;
    return requests > 0 ? [bucket] : [];
  });
  if (filled.length === 0 || filled.some(({ upper }) => upper === Infinity)) return undefined;
  let rest = seconds - filled.reduce((sum, bucket) => sum + bucket.requests * bucket.lower, 0);
  let squares = 0;
  for (const bucket of filled.reverse()) {
    const room = bucket.requests * (bucket.upper - bucket.lower);
    const above = Math.max(0, Math.min(room, rest));
    rest -= above;
    const sum = bucket.requests * bucket.lower + above;
    squares += (bucket.lower + bucket.upper) * sum - bucket.requests * bucket.lower * bucket.upper;
  }
  return Math.max(0, squares / count - mean * mean);
}

function notesOf(pair: ScrapePair, used: number | undefined, isBusy: boolean): readonly string[] {
  const inRequests = pair.requests.reduce((sum, { seconds }) => sum + seconds, 0);
  const notes = [
    isBusy
      ? 'the server was busy: save the pages while it has little to do'
      : 'durations are costs only while requests wait for nobody; for writes they contain the commit of etcd',
  ];
  if (used === undefined) notes.push('no process_cpu_seconds_total: whether the server was busy is not known');
  else {
    notes.push(
      `requests lasted ${short(inRequests)} s together, the process used ${short(used * pair.seconds)} s of CPU`,
    );
  }
  return notes;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
