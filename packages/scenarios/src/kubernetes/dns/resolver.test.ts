import { seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import {
  asIs,
  attemptsPerQuery,
  checkResolverOptions,
  podResolver,
  queriesPerLookup,
  waitForSilence,
} from './resolver.ts';

describe('queries of a lookup in a pod', () => {
  it('a Service of the own namespace costs one name, another namespace two, A and AAAA each', () => {
    expect(queriesPerLookup(podResolver, 0, 0)).toBe(2);
    expect(queriesPerLookup(podResolver, 1, 1)).toBe(4);
  });

  it('a name from outside costs all search domains first, as published: 4 names, 8 queries, and 5 with a host domain', () => {
    expect(queriesPerLookup(podResolver, 1, asIs)).toBe(8);
    // Zalando counted 10 queries for an external name: four search domains.
    expect(queriesPerLookup({ ...podResolver, searchDomains: 4 }, 2, asIs)).toBe(10);
  });

  it('enough dots, or a smaller ndots, save the search', () => {
    expect(queriesPerLookup(podResolver, 5, asIs)).toBe(2);
    expect(queriesPerLookup({ ...podResolver, ndots: 1, families: 1 }, 1, asIs)).toBe(1);
    // But a name of the cluster with so many dots is tried as it is first, in vain.
    expect(queriesPerLookup({ ...podResolver, ndots: 1, families: 1 }, 1, 1)).toBe(3);
  });
});

describe('servers that do not answer', () => {
  it('two attempts of five seconds when nobody does, and no time when all do', () => {
    expect(waitForSilence(podResolver, 1)).toBe(seconds(10));
    expect(waitForSilence(podResolver, 0)).toBe(0);
    // One of two endpoints is dead: half of the first attempts, a quarter of the second.
    expect(waitForSilence(podResolver, 0.5)).toBe(seconds(3.75));
  });

  it('one dead endpoint of two costs half a query more', () => {
    expect(attemptsPerQuery(podResolver, 0.5)).toBe(1.5);
    expect(attemptsPerQuery(podResolver, 0)).toBe(1);
  });
});

it('options that make no sense are refused by name', () => {
  expect(() => checkResolverOptions({ ...podResolver, attempts: 0 })).toThrow(
    'resolver: attempts must be a whole number >= 1, got 0',
  );
  expect(() => checkResolverOptions({ ...podResolver, timeout: seconds(0) })).toThrow('resolver: timeout must be > 0');
});
