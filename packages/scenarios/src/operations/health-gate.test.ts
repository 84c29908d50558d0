import { type Duration, minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { HealthGate, type HealthGateOptions } from './health-gate.ts';
import { createChronicle, createMonitoring, PretendedSite } from './testing/bench.ts';

const metric = 'apiserver_request_error_ratio';

function setUp(options: Partial<HealthGateOptions> = {}) {
  const simulation = new Simulation({ seed: 1 });
  createChronicle(simulation);
  const pretended = [new PretendedSite('c0'), new PretendedSite('c1')];
  const sites = pretended.map((site) => site.asSite);
  const monitoring = createMonitoring(simulation, { scrapeInterval: seconds(30) }, sites);
  const window: Duration = minutes(1);
  const conditions = [{ metric, above: 0.1 }] as const;
  const gate = new HealthGate({ window, conditions, ...options }, monitoring);
  /** One window in which these shares of requests fail. */
  const pass = (...shares: readonly number[]): void => {
    for (let scrape = 0; scrape < 2; scrape++) {
      shares.forEach((share, i) => pretended[i]!.add(100, 100 - 100 * share));
      advance(simulation, seconds(30));
    }
  };
  const begin = (...which: readonly number[]): void => gate.begin(which.map((i) => sites[i]!));
  const check = (): string | undefined => {
    const failure = gate.check(sites);
    return failure === undefined ? undefined : `${failure.site.id}: ${failure.text}`;
  };
  return { gate, pass, begin, check };
}

describe('a health gate', () => {
  it('stops at a limit, and says which', () => {
    const { pass, begin, check } = setUp();
    begin(0, 1);
    pass(0.1, 0);
    expect(check()).toBeUndefined();
    pass(0, 0.25);
    expect(check()).toBe(`c1: ${metric} at 25 %`);
  });

  it('wants so many failures in a row, and holds the next wave from the first', () => {
    const { gate, pass, begin, check } = setUp({ failures: 3 });
    begin(0, 1);
    for (const share of [0.2, 0.2, 0, 0.2, 0.2]) {
      pass(share, 0);
      expect(check()).toBeUndefined();
      expect(gate.isHolding).toBe(share > 0);
    }
    pass(0.2, 0);
    expect(check()).toBe(`c0: ${metric} at 20 %`);
  });

  it('failures of two clusters do not add up', () => {
    const { pass, begin, check } = setUp({ failures: 2 });
    begin(0, 1);
    pass(0.2, 0);
    expect(check()).toBeUndefined();
    pass(0, 0.2);
    expect(check()).toBeUndefined();
  });

  it('compares with the time before the rollout reached the cluster, in points', () => {
    const { pass, begin, check } = setUp({ conditions: [{ metric, changeAbove: 0.1 }] });
    pass(0.3, 0);
    begin(0);
    pass(0.35, 0);
    begin(1);
    expect(check()).toBeUndefined();
    pass(0.3, 0.08);
    begin(0, 1);
    expect(check()).toBeUndefined();
    pass(0.45, 0);
    expect(check()).toBe(`c0: ${metric} up by 15 points to 45 %`);
  });

  it('sees a fall as well', () => {
    const { pass, begin, check } = setUp({ conditions: [{ metric, changeBelow: 0.2 }] });
    pass(0.5, 0);
    begin(0, 1);
    pass(0.25, 0);
    expect(check()).toBe(`c0: ${metric} down by 25 points to 25 %`);
  });

  it('of a wave looks at no other clusters', () => {
    const { pass, begin, check } = setUp({ scope: 'wave' });
    begin(0);
    begin(1);
    pass(0.5, 0);
    expect(check()).toBeUndefined();
    pass(0, 0.5);
    expect(check()).toMatch(/^c1/);
  });

  it.each([
    ['pass', undefined, false],
    ['hold', undefined, true],
    ['fail', 'c0: no data for user_error_share', true],
  ] as const)('that is to %s without data does so', (noData, expected, isHolding) => {
    const { gate, pass, begin, check } = setUp({ noData, conditions: [{ metric: 'user_error_share', above: 0.1 }] });
    begin(0, 1);
    pass(0, 0);
    expect(check()).toBe(expected);
    expect(gate.isHolding).toBe(isHolding);
  });
});
