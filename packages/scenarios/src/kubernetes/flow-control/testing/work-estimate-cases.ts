/**
 * Requests and the seats they take. Source: kubernetes/apiserver, tag kubernetes-1.36.3, pkg/util/flowcontrol/request,
 * width_test.go and list_work_estimator_test.go; the first rows are those of the reference page, section 4.7.
 */
import type { ListQuery, ListWork } from '../work-estimate.ts';

const tenKilobytes = { averageObjectBytes: 10_000 };

/** Lists by size, in a cluster whose etcd cannot say how far it is, as the original's test set-up has it. */
export const sizeCases: readonly {
  readonly title: string;
  readonly query: ListQuery;
  readonly work: Omit<ListWork, 'source'>;
  readonly seats: number;
}[] = [
  {
    title: 'RV 0 over 799 objects of 10 kB',
    query: { resourceVersion: '0' },
    work: { storedObjects: 799, ...tenKilobytes },
    seats: 10,
  },
  {
    title: 'RV 0 over 79 objects of 10 kB',
    query: { resourceVersion: '0' },
    work: { storedObjects: 79, ...tenKilobytes },
    seats: 8,
  },
  {
    title: 'RV 0, limit 20 of 399',
    query: { resourceVersion: '0', limit: 20 },
    work: { storedObjects: 399, limit: 20, ...tenKilobytes },
    seats: 2,
  },
  {
    title: 'RV 1, limit 399 of 699',
    query: { resourceVersion: '1', limit: 399 },
    work: { storedObjects: 699, limit: 399, ...tenKilobytes },
    seats: 40,
  },
  {
    title: 'one object of unknown size',
    query: { resourceVersion: '' },
    work: { storedObjects: 1 },
    seats: 15,
  },
  {
    title: 'RV "", limit 399 of 699',
    query: { resourceVersion: '', limit: 399 },
    work: { storedObjects: 699, limit: 399, ...tenKilobytes },
    seats: 40,
  },
  {
    title: 'RV 1 Exact over 5,000 objects in a level of 20 seats per request',
    query: { resourceVersion: '1', resourceVersionMatch: 'Exact' },
    work: { storedObjects: 5_000, levelSeatLimit: 20, ...tenKilobytes },
    seats: 20,
  },
  {
    title: 'a selector, RV "", over 799 objects of 10 kB',
    query: { resourceVersion: '' },
    work: { storedObjects: 799, hasSelector: true, ...tenKilobytes },
    seats: 80,
  },
  {
    title: 'a selector, RV "", limit 49 of 799',
    query: { resourceVersion: '', limit: 49 },
    work: { storedObjects: 799, limit: 49, hasSelector: true, ...tenKilobytes },
    seats: 40,
  },
  {
    title: 'a selector, RV "", limit 699 of 799',
    query: { resourceVersion: '', limit: 699 },
    work: { storedObjects: 799, limit: 699, hasSelector: true, ...tenKilobytes },
    seats: 70,
  },
  {
    title: 'a stale count, limit 1',
    query: { resourceVersion: '', limit: 1 },
    work: { storedObjects: 1, limit: 1, isStale: true },
    seats: 15,
  },
];

type EstimateRow = readonly [number, number, ListWork['source'], number, boolean, number, number];

/** Total bytes, objects, source, limit (0 = none), selector, seats by count, seats by size; caps not applied. */
const estimateRows: readonly EstimateRow[] = [
  [99_999, 99, 'etcd', 0, false, 2, 1],
  [99_999, 10, 'etcd', 0, false, 1, 1],
  [99_999, 99, 'cache', 0, false, 1, 1],
  [999_999, 1_000, 'etcd', 0, false, 20, 10],
  [999_999, 1_000, 'etcd', 100, false, 2, 1],
  [999_999, 1_000, 'etcd', 100, true, 11, 5],
  [999_999, 1_000, 'cache', 0, false, 10, 10],
  [999_999, 1_000, 'cache', 100, false, 10, 1],
  [999_999, 1_000, 'cache', 100, true, 10, 1],
  [999_999, 99, 'etcd', 0, false, 2, 10],
  [999_999, 99, 'etcd', 10, false, 1, 2],
  [999_999, 99, 'etcd', 10, true, 2, 5],
  [9_999_999, 1_000, 'etcd', 0, false, 20, 100],
  [9_999_999, 1_000, 'etcd', 100, false, 2, 10],
  [9_999_999, 1_000, 'etcd', 100, true, 11, 50],
  [9_999_999, 1_000, 'cache', 0, false, 10, 10],
  [9_999_999, 1_000, 'cache', 100, true, 10, 10],
  [9_999_999, 99, 'etcd', 0, false, 2, 100],
  [9_999_999, 99, 'etcd', 10, false, 1, 11],
  [9_999_999, 99, 'etcd', 10, true, 2, 50],
];

/** The same lists by count and by size. */
export const listEstimateCases: readonly {
  readonly title: string;
  readonly work: ListWork;
  readonly byCount: number;
  readonly bySize: number;
}[] = estimateRows.map(([bytes, objects, source, limit, hasSelector, byCount, bySize]) => ({
  title: `${objects} objects, ${bytes} B, ${source}, limit ${limit}${hasSelector ? ', selector' : ''}`,
  work: { source, storedObjects: objects, averageObjectBytes: Math.floor(bytes / objects), limit, hasSelector },
  byCount,
  bySize,
}));

/** Writes: watchers, seats the level allows, seats kept after the reply and for how long. */
export const writeCases: readonly {
  readonly watchers: number;
  readonly levelSeatLimit: number;
  readonly finalSeats: number;
  readonly milliseconds: number;
}[] = [
  { watchers: 0, levelSeatLimit: 10, finalSeats: 0, milliseconds: 0 },
  { watchers: 5, levelSeatLimit: 10, finalSeats: 0, milliseconds: 0 },
  { watchers: 29, levelSeatLimit: 10, finalSeats: 3, milliseconds: 5 },
  { watchers: 199, levelSeatLimit: 10, finalSeats: 10, milliseconds: 10 },
  { watchers: 100, levelSeatLimit: 5, finalSeats: 5, milliseconds: 10 },
  { watchers: 1_000, levelSeatLimit: 20, finalSeats: 10, milliseconds: 50 },
  { watchers: 5_000, levelSeatLimit: 12, finalSeats: 10, milliseconds: 250 },
];
