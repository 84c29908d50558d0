import { expect, it } from 'vitest';
import { watchCacheFeatures } from './features.ts';
import {
  coldListAnswer,
  coldRetryAfter,
  coldWatchAnswer,
  getSource,
  type ListRequest,
  listSource,
} from './read-source.ts';

const list = (version: ListRequest['version'], hasLimit = false, hasSelector = false): ListRequest => ({
  version,
  hasLimit,
  hasSelector,
});

/** Which LISTs hit etcd: up to 1.30, 1.31 to 1.33, from 1.34 on (reference of facts, 3.4, row by row). */
const table: readonly (readonly [string, ListRequest, string, string, string])[] = [
  ['no version, no limit', list('unset'), 'etcd', 'confirmed-cache', 'confirmed-cache'],
  ['no version, limit: first page', list('unset', true), 'etcd', 'confirmed-cache', 'confirmed-cache'],
  ['further page', list('continue', true), 'etcd', 'etcd', 'snapshot'],
  ['version 0', list('any'), 'cache', 'cache', 'cache'],
  ['version 0 with a limit, which is ignored', list('any', true), 'cache', 'cache', 'cache'],
  ['at least a version', list('at-least'), 'cache', 'cache', 'cache'],
  ['a version and a limit: taken as exact', list('at-least', true), 'etcd', 'etcd', 'snapshot'],
  ['exactly a version', list('exact'), 'etcd', 'etcd', 'snapshot'],
];

it.each(table)('%s', (_name, request, upTo130, upTo133, from134) => {
  for (const selector of [false, true]) {
    const asked = { ...request, hasSelector: selector };
    const source = (minor: number): string => listSource(asked, watchCacheFeatures(minor));
    expect([29, 30].map(source)).toEqual([upTo130, upTo130]);
    expect([31, 32, 33].map(source)).toEqual([upTo133, upTo133, upTo133]);
    expect([34, 35, 36].map(source)).toEqual([from134, from134, from134]);
  }
});

it.each([
  [list('any'), 'etcd', 'refuse'],
  [list('any', true), 'etcd', 'etcd'],
  [list('any', true, true), 'etcd', 'refuse'],
  [list('any', false, true), 'etcd', 'refuse'],
  [list('at-least'), 'hang', 'refuse'],
  [list('unset'), 'hang', 'refuse'],
  [list('unset', true), 'hang', 'etcd'],
])('a cold cache, LIST %j: %s up to 1.30, %s since 1.31', (request, before, since) => {
  expect(coldListAnswer(request, watchCacheFeatures(30))).toBe(before);
  expect(coldListAnswer(request, watchCacheFeatures(31))).toBe(since);
});

it('a cold cache lets watches hang up to 1.30 and refuses them since', () => {
  expect([30, 31, 36].map((minor) => coldWatchAnswer(watchCacheFeatures(minor)))).toEqual(['hang', 'refuse', 'refuse']);
});

it('a GET without a version is for etcd, cold or not; others leave a cold cache alone', () => {
  const rows = [
    ['unset', true],
    ['unset', false],
    ['any', true],
    ['any', false],
    ['at-least', true],
    ['at-least', false],
  ] as const;
  const answers = (minor: number): string[] =>
    rows.map(([version, isReady]) => getSource(version, isReady, watchCacheFeatures(minor)));
  expect(answers(30)).toEqual(['etcd', 'etcd', 'cache', 'etcd', 'cache', 'hang']);
  expect(answers(31)).toEqual(['etcd', 'etcd', 'cache', 'etcd', 'cache', 'etcd']);
});

it('Retry-After of a cold cache is e^(0.06 x seconds), whole, 1 to 30; 1.31 and 1.32 say 1', () => {
  const times = [0, 5, 11, 12, 20, 30, 50, 56, 57, 600];
  const said = times.map((time) => coldRetryAfter(time, watchCacheFeatures(33)));
  // e^0.66 = 1.93, e^0.72 = 2.05, e^1.2 = 3.32, e^1.8 = 6.05, e^3 = 20.1, e^3.36 = 28.8, e^3.42 = 30.6.
  expect(said).toEqual([1, 1, 1, 2, 3, 6, 20, 28, 30, 30]);
  expect(times.map((time) => coldRetryAfter(time, watchCacheFeatures(32)))).toEqual(times.map(() => 1));
});
