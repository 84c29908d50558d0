import { type Duration, minutes, plus, seconds, Simulation, timeZero } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { Alerting, type AlertRule, type Detection } from './alerting.ts';
import { errorShare } from './monitoring/error-share.ts';
import { createAlerting, createChronicle, createMonitoring, notesOf, PretendedSite } from './testing/bench.ts';

function setUp(sites = 1) {
  const simulation = new Simulation({ seed: 1 });
  const chronicle = createChronicle(simulation);
  const pretended = Array.from({ length: sites }, (_, i) => new PretendedSite(`c${i}`));
  const options = { scrapeInterval: seconds(30), apiErrorShareAbove: 0.05, for: minutes(1) };
  const alerting = createAlerting(
    simulation,
    chronicle,
    options,
    pretended.map((site) => site.asSite),
  );
  /** One scrape interval in which so many attempts end, so many of them well, at the first site. */
  const scrape = (ended: number, ok: number, waiting = 0): void => {
    pretended[0]!.add(ended, ok, waiting);
    advance(simulation, seconds(30));
  };
  return { simulation, chronicle, pretended, alerting, scrape };
}

describe('the rule', () => {
  it('fires when the condition has held for its time, counted from the scrape that first saw it', () => {
    const { alerting, scrape, chronicle } = setUp();
    scrape(100, 100);
    scrape(100, 90);
    scrape(100, 90);
    expect(alerting.isFiring(0)).toBe(false);
    scrape(100, 90);
    expect(alerting.isFiring(0)).toBe(true);
    expect(alerting.firstAlert.isFired).toBe(true);
    expect(notesOf(chronicle)).toEqual(['2.0 alert c0: alert: API requests fail']);
  });

  it('one good scrape starts the time over', () => {
    const { alerting, scrape } = setUp();
    for (const ok of [90, 90, 100, 90, 90]) scrape(100, ok);
    expect(alerting.isFiring(0)).toBe(false);
    scrape(100, 90);
    expect(alerting.isFiring(0)).toBe(true);
  });

  it('wakes who waits for the next alert once, and only when one begins to fire', () => {
    const { alerting, scrape } = setUp();
    for (let i = 0; i < 3; i++) scrape(100, 0);
    const next = alerting.nextAlert();
    expect(alerting.nextAlert()).toBe(next);
    for (let i = 0; i < 3; i++) scrape(100, 0);
    expect(next.isFired).toBe(false);
    scrape(100, 100);
    for (let i = 0; i < 3; i++) scrape(100, 0);
    expect([next.value, alerting.firstAlert.value]).toEqual([1, 0]);
    expect(alerting.nextAlert().isFired).toBe(false);
  });

  it('a share exactly at the limit is no reason', () => {
    const { alerting, scrape } = setUp();
    for (let i = 0; i < 10; i++) scrape(100, 95);
    expect(alerting.isFiring(0)).toBe(false);
  });

  it('resolves with the first good scrape and can fire again', () => {
    const { alerting, scrape, chronicle } = setUp();
    for (let i = 0; i < 3; i++) scrape(100, 0);
    scrape(100, 100);
    expect(alerting.isFiring(0)).toBe(false);
    for (let i = 0; i < 3; i++) scrape(100, 0);
    expect(alerting.isFiring(0)).toBe(true);
    expect(chronicle.notes).toHaveLength(2);
  });

  it('sites are judged one by one; the first alert is the first of any', () => {
    const { simulation, alerting, pretended, chronicle } = setUp(2);
    for (let i = 0; i < 4; i++) {
      pretended[0]!.add(100, 100);
      pretended[1]!.add(100, 50);
      advance(simulation, seconds(30));
    }
    expect([alerting.isFiring(0), alerting.isFiring(1)]).toEqual([false, true]);
    expect(alerting.firstAlert.value).toBe(0);
    expect(chronicle.notes[0]?.cluster).toBe('c1');
  });
});

describe('the error share', () => {
  const none = { ok: 0, ended: 0, waiting: 0 };
  it.each([
    [{ ok: 9, ended: 10, waiting: 0 }, 0.1],
    [{ ok: 10, ended: 10, waiting: 99 }, 0],
    [{ ok: 0, ended: 0, waiting: 3 }, 1],
    [{ ok: 0, ended: 0, waiting: 0 }, 0],
  ])('of %j is %d', (now, expected) => {
    expect(errorShare(none, now)).toBeCloseTo(expected, 12);
  });
});

describe('rules', () => {
  const metric = 'apiserver_request_error_ratio';
  function withRules(rules: readonly AlertRule[], evaluationInterval?: Duration, detection?: Detection) {
    const simulation = new Simulation({ seed: 1 });
    const chronicle = createChronicle(simulation);
    const sites = [new PretendedSite('c0'), new PretendedSite('c1')];
    const monitoring = createMonitoring(
      simulation,
      { scrapeInterval: seconds(30) },
      sites.map((site) => site.asSite),
    );
    const alerting = new Alerting(simulation, chronicle, { rules, evaluationInterval, detection }, monitoring);
    /** One scrape interval with these shares of failures; undefined: nobody asked for anything. */
    const scrape = (...shares: readonly (number | undefined)[]): void => {
      shares.forEach((share, i) => {
        if (share !== undefined) sites[i]!.add(100, 100 - 100 * share);
      });
      advance(simulation, seconds(30));
    };
    return { simulation, alerting, chronicle, scrape, notes: () => notesOf(chronicle) };
  }

  it('without a time fire at the first scrape that shows it', () => {
    const { scrape, notes } = withRules([{ name: 'errors', metric, above: 0.05 }]);
    scrape(0, 0.1);
    expect(notes()).toEqual(['0.5 alert c1: alert: errors']);
  });

  it('wake nobody before an alert from outside has, though they are seen to fire; after it they do', () => {
    const rule: AlertRule = { name: 'errors', metric, above: 0.05 };
    const at = plus(timeZero, seconds(100));
    const { alerting, scrape, notes } = withRules([rule], undefined, { at, name: 'our own' });
    scrape(0.1, 0);
    expect([alerting.isFiring(0), alerting.firstAlert.isFired]).toEqual([true, false]);
    for (let i = 0; i < 3; i++) scrape(0.1, 0);
    expect(alerting.firstAlert.isFired).toBe(true);
    const next = alerting.nextAlert();
    scrape(0.1, 0.1);
    expect(next.isFired).toBe(true);
    expect(notes()).toEqual([
      '0.5 ticket c0: ticket: errors',
      '1.7 alert: alert: our own',
      '2.5 alert c1: alert: errors',
    ]);
  });

  it('wake nobody at all where the alert from outside never comes', () => {
    const rule: AlertRule = { name: 'errors', metric, above: 0.05 };
    const { alerting, scrape } = withRules([rule], undefined, { at: null, name: 'nobody' });
    for (let i = 0; i < 10; i++) scrape(1, 1);
    expect([alerting.isFiring(0), alerting.firstAlert.isFired]).toEqual([true, false]);
  });

  it('keep firing for a while after the condition has ended', () => {
    const { alerting, scrape } = withRules([{ name: 'errors', metric, above: 0.05, keepFiringFor: minutes(1) }]);
    scrape(1, 0);
    scrape(0, 0);
    expect(alerting.isFiring(0)).toBe(true);
    scrape(0, 0);
    expect(alerting.isFiring(0)).toBe(false);
  });

  it.each([
    ['max', 0.35, [0.1, 0.4], true],
    ['min', 0.35, [0.1, 0.4], false],
    ['mean', 0.2, [0.1, 0.4], true],
    ['sum', 0.45, [0.1, 0.4], true],
    ['mean', 0.3, [0.1, 0.4], false],
  ] as const)('over all clusters take their %s: above %d of %j is %j', (across, above, shares, isFiring) => {
    const { alerting, scrape } = withRules([{ name: 'errors', metric, above, across }]);
    scrape(...shares);
    expect([alerting.isFiring(0), alerting.isFiring(1)]).toEqual([isFiring, isFiring]);
  });

  it('that open a ticket wake nobody and fire for no cluster', () => {
    const { alerting, scrape, notes } = withRules([{ name: 'errors', metric, above: 0.05, severity: 'ticket' }]);
    scrape(1, 1);
    expect(notes()).toEqual(['0.5 ticket c0: ticket: errors', '0.5 ticket c1: ticket: errors']);
    expect(alerting.firstAlert.isFired).toBe(false);
    expect(alerting.isFiring(0)).toBe(false);
  });

  it('on a metric without data are silent, unless they ask for that', () => {
    const users = { metric: 'user_error_share' } as const;
    const { scrape, notes } = withRules([
      { name: 'errors', ...users, above: 0.01, below: 0.5 },
      { name: 'blind', ...users, noData: 'fire' },
    ]);
    scrape();
    expect(notes()).toEqual(['0.5 alert c0: alert: blind', '0.5 alert c1: alert: blind']);
  });

  it('several are judged one by one; the first that pages is the first alert', () => {
    const { alerting, scrape, notes } = withRules([
      { name: 'some', metric, above: 0.05, for: minutes(1) },
      { name: 'most', metric, above: 0.5 },
    ]);
    for (let i = 0; i < 3; i++) scrape(0.8, 0);
    expect(notes()).toEqual(['0.5 alert c0: alert: most', '1.5 alert c0: alert: some']);
    expect(alerting.firstAlert.value).toBe(0);
  });

  it('see a scrape with their next evaluation', () => {
    const { simulation, scrape, notes } = withRules([{ name: 'errors', metric, above: 0.05 }], seconds(50));
    scrape(1, 0);
    expect(notes()).toEqual([]);
    advance(simulation, seconds(20));
    expect(notes()).toHaveLength(1);
  });
});
