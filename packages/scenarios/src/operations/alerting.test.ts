import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { errorShare } from './monitoring/error-share.ts';
import { createAlerting, createChronicle, notesOf, PretendedSite } from './testing/bench.ts';

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
