/**
 * The answer of Prometheus to `query_range` (or `query`) for a rate of requests by verb and resource, such as
 * `sum by (verb, resource) (rate(apiserver_request_total[5m]))`. Other labels are not read.
 */
import { Cursor } from './cursor.ts';

/** Requests per second of one verb and resource, on average over the answer. */
export interface RateFact {
  readonly verb: string;
  readonly resource: string;
  readonly perSecond: number;
  readonly points: number;
}

/** What an answer says. */
export interface RatesPart {
  readonly kind: 'rates';
  readonly file: string;
  readonly rates: readonly RateFact[];
}

/** Reads an answer. */
export function readQueryRange(file: string, data: unknown): RatesPart {
  const root = new Cursor(file, data);
  if (root.key('status').value !== 'success') root.key('status').refuse('"success"');
  const type = root.key('data').key('resultType');
  if (type.value !== 'matrix' && type.value !== 'vector') type.refuse('"matrix" or "vector"');
  const series = root.key('data').key('result').items();
  if (series.length === 0) root.key('data').key('result').refuse('at least one series');
  const seen = new Set<string>();
  const rates = series.map((one) => {
    const metric = one.key('metric');
    const [verb, resource] = [metric.key('verb').name().toUpperCase(), metric.key('resource').nameIfAny() ?? ''];
    const id = `${verb} ${resource}`;
    if (seen.has(id)) metric.refuse(`one series per verb and resource (sum by (verb, resource)); ${id} stands twice;`);
    seen.add(id);
    const points = type.value === 'matrix' ? one.key('values').items() : [one.key('value')];
    if (points.length === 0) one.key('values').refuse('at least one point');
    const values = points.map(valueOf);
    const perSecond = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { verb, resource, perSecond, points: values.length };
  });
  return { kind: 'rates', file, rates };
}

function valueOf(point: Cursor): number {
  const [time, value] = point.items();
  if (time === undefined || value === undefined) return point.refuse('a time and a value');
  time.amount();
  const number = Number(value.name());
  return number >= 0 && number <= 1e9 ? number : value.refuse('a rate per second from 0 to 1e9, as text');
}
