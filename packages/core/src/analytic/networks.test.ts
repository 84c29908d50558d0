import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { birthDeath, expectation } from './birth-death.ts';
import { closedNetwork, convolution, meanValues } from './closed-network.ts';
import { mmc } from './mmc.ts';
import { openNetwork } from './open-network.ts';

describe('an open network', () => {
  it('solves the traffic equations: a share that goes round again comes back as more arrivals', () => {
    const { stations, meanInside, meanStay } = openNetwork([
      { name: 'first', serviceRate: 1, arrivalRate: 0.27, next: { second: 1 } },
      { name: 'second', serviceRate: 1 / 1.2, next: { first: 0.4 } },
    ]);
    expect(stations['first']!.arrivalRate).toBeCloseTo(0.45, 12);
    expect(stations['second']!.arrivalRate).toBeCloseTo(0.45, 12);
    expect(meanInside).toBeCloseTo(0.45 / 0.55 + 0.54 / 0.46, 12);
    expect(meanStay).toBeCloseTo(meanInside / 0.27, 12);
  });

  it('has stations of several servers, and some where nobody comes', () => {
    const { stations } = openNetwork([
      { name: 'door', serviceRate: 9, arrivalRate: 4, next: { back: 0.5 } },
      { name: 'back', serviceRate: 1, servers: 3 },
      { name: 'spare', serviceRate: 1 },
    ]);
    expect(stations['back']!.queue!.meanWait).toBeCloseTo(
      mmc({ arrivalRate: 2, serviceRate: 1, servers: 3 }).meanWait,
      12,
    );
    expect(stations['spare']).toEqual({ arrivalRate: 0, queue: undefined });
  });

  it('refuses overload by name, routes to nowhere and rounds without an end', () => {
    const door = { name: 'door', serviceRate: 3, arrivalRate: 2 };
    const refused = (...stations: Parameters<typeof openNetwork>[0][number][]) => expect(() => openNetwork(stations));
    refused({ ...door, next: { door: 0.5 } }).toThrow(
      'open network: station "door": mmc: unstable: expected less work than the servers can do, got a load of 1.33333',
    );
    refused({ ...door, next: { bakc: 1 } }).toThrow('open network: station "door" sends to "bakc"; there are door');
    refused({ ...door, next: { door: 1 } }).toThrow('expected that everybody leaves in the end');
    refused({ ...door, next: { door: 0.7, back: 0.7 } }, { name: 'back', serviceRate: 1 }).toThrow(
      'shares add up to 1.4, at most 1',
    );
    refused({ name: 'door', serviceRate: 1 }).toThrow('expected arrivals from outside, got none');
  });
});

describe('a closed network', () => {
  it('gives the same numbers by mean values and by convolution', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.array(fc.double({ min: 0.01, max: 3, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (customers, think, demands) => {
          const stations = demands.map((demand, i) => ({ name: `${i}`, demand }));
          const [values, sums] = [meanValues(customers, think, stations), convolution(customers, think, stations)];
          const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1e-6, Math.abs(a));
          return (
            near(values.throughput, sums.throughput) && values.inside.every((mean, i) => near(mean, sums.inside[i]!))
          );
        },
      ),
    );
  });

  it('with one station of several servers is the machine repair model, whose chain is a birth-death chain', () => {
    const [machines, think, repair, servers] = [10, 8, 1.5, 2];
    const states = birthDeath(
      machines + 1,
      (n) => (machines - n) / think,
      (n) => Math.min(n, servers) / repair,
    );
    const broken = expectation(states, (n) => n);
    const shop = closedNetwork({
      customers: machines,
      thinkSeconds: think,
      stations: [{ name: 'shop', demand: repair, servers }],
    });
    expect(shop.stations['shop']!.meanInside).toBeCloseTo(broken, 10);
    expect(shop.throughput).toBeCloseTo((machines - broken) / think, 10);
    expect(shop.meanStay).toBeCloseTo(broken / shop.throughput, 9);
  });

  it('keeps everybody somewhere, and no server busier than always', () => {
    const { throughput, stations } = closedNetwork({
      customers: 300,
      thinkSeconds: 2,
      stations: [
        { name: 'cpu', demand: 0.05, servers: 4 },
        { name: 'disk', demand: 0.02 },
      ],
    });
    const inside = Object.values(stations).reduce((sum, { meanInside }) => sum + meanInside, 0);
    expect(inside + 2 * throughput).toBeCloseTo(300, 8);
    expect(stations['disk']!.utilisation).toBeCloseTo(1, 6);
    expect(stations['cpu']!.utilisation).toBeLessThan(1);
  });

  it('refuses what it cannot mean', () => {
    const stations = [{ name: 'a', demand: 1 }];
    expect(() => closedNetwork({ customers: 0, stations })).toThrow('customers must be a whole number >= 1, got 0');
    expect(() => closedNetwork({ customers: 1, stations: [] })).toThrow('expected at least one station, got none');
    expect(() => closedNetwork({ customers: 1, stations: [{ name: 'a', demand: 0 }] })).toThrow(
      'closed network: station "a": demand must be a finite number above 0, got 0',
    );
  });
});
