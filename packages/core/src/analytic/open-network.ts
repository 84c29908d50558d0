/** Open networks of queues (J. R. Jackson, Operations Research 5, 1957): each station behaves as an M/M/c of its own. */
import mathjs from 'mathjs/lib/browser/math.js';
import { checkNotNegative } from './checks.ts';
import { type Mmc, mmc } from './mmc.ts';

/** One station. Rates per second. */
export interface OpenStation {
  readonly name: string;
  readonly serviceRate: number;
  /** Default 1. */
  readonly servers?: number;
  /** Arrivals from outside per second, default 0. */
  readonly arrivalRate?: number;
  /** Shares of those served here that go on to other stations, by name; the rest leaves. */
  readonly next?: Readonly<Record<string, number>>;
}

/** The network in steady state. */
export interface OpenNetwork {
  /** Arrivals per second at each station from everywhere, and its steady state; undefined where nobody ever comes. */
  readonly stations: Readonly<Record<string, { readonly arrivalRate: number; readonly queue: Mmc | undefined }>>;
  /** Arrivals from outside per second. */
  readonly throughput: number;
  readonly meanInside: number;
  /** Seconds from entering the network to leaving it, by Little's law. */
  readonly meanStay: number;
}

/**
 * Solves the traffic equations - what comes to a station is what comes from outside and its share of what leaves the others
 * - and then every station by itself. Throws RangeError for routes that lead nowhere or never out, and for a station that
 * cannot keep up, by name.
 */
export function openNetwork(stations: readonly OpenStation[]): OpenNetwork {
  const names = stations.map(({ name }) => name);
  checkRoutes(stations, names);
  const outside = stations.map(({ arrivalRate = 0 }) => arrivalRate);
  const throughput = outside.reduce((sum, rate) => sum + rate, 0);
  if (!(throughput > 0)) throw new RangeError('open network: expected arrivals from outside, got none');
  const rates = trafficRates(stations, names, outside);
  const solved = stations.map(({ name, serviceRate, servers = 1 }, index) => {
    // The elimination leaves rounding errors where nobody comes.
    const arrivalRate = rates[index]! < 1e-12 * throughput ? 0 : rates[index]!;
    try {
      return { arrivalRate, queue: arrivalRate === 0 ? undefined : mmc({ arrivalRate, serviceRate, servers }) };
    } catch (error) {
      throw new RangeError(
        `open network: station "${name}": ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
  const meanInside = solved.reduce((sum, { queue }) => sum + (queue?.meanInside ?? 0), 0);
  return {
    stations: Object.fromEntries(names.map((name, index) => [name, solved[index]!])),
    throughput,
    meanInside,
    meanStay: meanInside / throughput,
  };
}

function checkRoutes(stations: readonly OpenStation[], names: readonly string[]): void {
  if (stations.length === 0) throw new RangeError('open network: expected at least one station, got none');
  if (new Set(names).size < names.length) throw new RangeError('open network: expected stations of different names');
  for (const { name, next = {}, arrivalRate = 0 } of stations) {
    checkNotNegative(`open network: station "${name}"`, 'arrivalRate', arrivalRate);
    let sum = 0;
    for (const [target, share] of Object.entries(next)) {
      if (!names.includes(target)) {
        throw new RangeError(`open network: station "${name}" sends to "${target}"; there are ${names.join(', ')}`);
      }
      checkNotNegative(`open network: station "${name}"`, `share to "${target}"`, share);
      sum += share;
    }
    if (sum > 1 + 1e-12) throw new RangeError(`open network: station "${name}": shares add up to ${sum}, at most 1`);
  }
}

function trafficRates(
  stations: readonly OpenStation[],
  names: readonly string[],
  outside: readonly number[],
): readonly number[] {
  const matrix = names.map((to, row) =>
    stations.map(({ next = {} }, column) => (row === column ? 1 : 0) - (next[to] ?? 0)),
  );
  const neverOut = 'open network: expected that everybody leaves in the end, got stations that send only to each other';
  if (Math.abs(mathjs.det(matrix)) < 1e-12) throw new RangeError(neverOut);
  const solution = mathjs.lusolve(matrix, [...outside]) as unknown as readonly (readonly [number])[];
  return solution.map(([rate]) => rate);
}
