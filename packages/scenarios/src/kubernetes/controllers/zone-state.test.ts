import { expect, it } from 'vitest';
import { taintRate, upstreamTaintRates, zoneState } from './zone-state.ts';
import { ZoneMonitor } from './zone-monitor.ts';

it.each([
  [0, 0, 'normal'],
  [5, 0, 'normal'],
  [0, 1, 'full-disruption'],
  // More than two bad nodes are needed, whatever their share.
  [1, 2, 'normal'],
  [2, 3, 'partial-disruption'],
  [45, 55, 'partial-disruption'],
  [46, 54, 'normal'],
  [1, 99, 'partial-disruption'],
  [0, 100, 'full-disruption'],
] as const)('%i ready and %i not is %s', (ready, notReady, state) => {
  expect(zoneState(ready, notReady, 0.55)).toBe(state);
});

it.each([
  ['normal', 1000, 0.1],
  ['initial', 1000, 0.1],
  ['full-disruption', 1000, 0.1],
  ['partial-disruption', 51, 0.01],
  ['partial-disruption', 50, 0],
] as const)('a zone in state %s with %i nodes is tainted at %d nodes a second', (state, nodes, rate) => {
  expect(taintRate(state, nodes, upstreamTaintRates)).toBe(rate);
});

function monitor(zones: number) {
  const rates: number[] = Array.from({ length: zones }, () => -1);
  const zoneMonitor = new ZoneMonitor(zones, upstreamTaintRates, (zone, rate) => {
    rates[zone] = rate;
  });
  zoneMonitor.reset();
  /** One pass that finds so many nodes ready and not ready in each zone. */
  const pass = (...found: readonly (readonly [number, number])[]) => {
    found.forEach(([ready, notReady], zone) => {
      for (let i = 0; i < ready; i++) zoneMonitor.count(zone, true);
      for (let i = 0; i < notReady; i++) zoneMonitor.count(zone, false);
    });
    return zoneMonitor.endPass();
  };
  return { rates, pass, zoneMonitor };
}

it('one zone down goes at the usual rate, a partly disrupted large one at the tenth', () => {
  const { rates, pass, zoneMonitor } = monitor(3);
  expect(pass([60, 0], [60, 0], [60, 0])).toBe('none');
  expect(pass([0, 60], [20, 40], [60, 0])).toBe('none');
  expect(rates).toEqual([0.1, 0.01, 0.1]);
  expect(zoneMonitor.states).toEqual(['full-disruption', 'partial-disruption', 'normal']);
});

it('all zones down stops everything, and one node that is back starts it again', () => {
  const { rates, pass } = monitor(2);
  expect(pass([0, 60], [0, 60])).toBe('entered');
  expect(rates).toEqual([0, 0]);
  expect(pass([0, 60], [0, 60])).toBe('none');
  expect(rates).toEqual([0, 0]);
  expect(pass([1, 59], [0, 60])).toBe('left');
  expect(rates).toEqual([0.01, 0.1]);
});

it('zones without a counted node keep their state', () => {
  const { rates, pass, zoneMonitor } = monitor(2);
  pass([60, 0], [60, 0]);
  expect(pass([0, 0], [0, 0])).toBe('none');
  expect(zoneMonitor.states).toEqual(['normal', 'normal']);
  expect(rates).toEqual([0.1, 0.1]);
});
