/**
 * Closed networks: a fixed number of customers who think, are served at stations, and think again - closed-loop clients,
 * agents that poll, a pool of connections.
 *
 * Without stations of several servers this is exact mean value analysis (M. Reiser, S. Lavenberg, JACM 27, 1980). With them
 * its recursion subtracts nearly equal probabilities and goes wrong by itself (K. M. Chandy, C. H. Sauer, CACM 23, 1980);
 * then the same numbers come from J. Buzen's convolution (CACM 16, 1973), which only adds and multiplies.
 */
import { checkNotNegative, checkPositive, checkWhole } from './checks.ts';

/** One station, first come first served with exponential service, or shared by all (then any law of service). */
export interface ClosedStation {
  readonly name: string;
  /** Seconds of service that one round of a customer needs here: visits times mean service time. */
  readonly demand: number;
  /** Default 1. */
  readonly servers?: number;
}

/** Customers, what they do between rounds, and the stations. */
export interface ClosedNetworkOptions {
  readonly customers: number;
  /** Mean seconds between the end of a round and the next, default 0. */
  readonly thinkSeconds?: number;
  readonly stations: readonly ClosedStation[];
}

/** The network in steady state. */
export interface ClosedNetwork {
  /** Rounds per second of all customers together. */
  readonly throughput: number;
  /** Seconds of a round without thinking. */
  readonly meanStay: number;
  readonly stations: Readonly<
    Record<string, { readonly meanInside: number; readonly meanStay: number; readonly utilisation: number }>
  >;
}

/** The steady state of a closed network; stays are per round, over all visits to a station. */
export function closedNetwork(options: ClosedNetworkOptions): ClosedNetwork {
  const { customers, thinkSeconds = 0, stations } = options;
  checkWhole('closed network', 'customers', customers, 1);
  checkNotNegative('closed network', 'thinkSeconds', thinkSeconds);
  if (stations.length === 0) throw new RangeError('closed network: expected at least one station, got none');
  if (new Set(stations.map(({ name }) => name)).size < stations.length) {
    throw new RangeError('closed network: expected stations of different names');
  }
  for (const { name, demand, servers = 1 } of stations) {
    checkPositive(`closed network: station "${name}"`, 'demand', demand);
    checkWhole(`closed network: station "${name}"`, 'servers', servers, 1);
  }
  const isPlain = stations.every(({ servers = 1 }) => servers === 1);
  const { throughput, inside } = (isPlain ? meanValues : convolution)(customers, thinkSeconds, stations);
  return {
    throughput,
    meanStay: customers / throughput - thinkSeconds,
    stations: Object.fromEntries(
      stations.map(({ name, demand, servers = 1 }, index) => [
        name,
        {
          meanInside: inside[index]!,
          meanStay: inside[index]! / throughput,
          utilisation: (throughput * demand) / servers,
        },
      ]),
    ),
  };
}

interface Solved {
  readonly throughput: number;
  readonly inside: readonly number[];
}

/** A customer sees at each station what would be there without it. */
export function meanValues(customers: number, thinkSeconds: number, stations: readonly ClosedStation[]): Solved {
  let inside = stations.map(() => 0);
  let throughput = 0;
  for (let count = 1; count <= customers; count++) {
    const stays = stations.map(({ demand }, index) => demand * (1 + inside[index]!));
    throughput = count / (thinkSeconds + stays.reduce((sum, stay) => sum + stay, 0));
    inside = stays.map((stay) => throughput * stay);
  }
  return { throughput, inside };
}

/** Weights of every way to spread the customers, one station after the other. */
export function convolution(customers: number, thinkSeconds: number, stations: readonly ClosedStation[]): Solved {
  // In units of the busiest station no weight of a station grows; thinkers may, and are few units apart for real systems.
  const unit = Math.max(...stations.map(({ demand, servers = 1 }) => demand / servers));
  const think = weights(customers, (n) => thinkSeconds / unit / n);
  const own = stations.map(({ demand, servers = 1 }) =>
    weights(customers, (n) => demand / unit / Math.min(n, servers)),
  );
  const total = own.reduce(convolve, think);
  const last = total[customers]!;
  if (!(Number.isFinite(last) && last > 0 && Number.isFinite(total[customers - 1]!))) {
    throw new RangeError(
      `closed network: ${customers} customers are out of the range of numbers beside a think time of ${thinkSeconds} s`,
    );
  }
  const inside = own.map((weight, index) => {
    const others = own.reduce((sum, each, other) => (other === index ? sum : convolve(sum, each)), think);
    let mean = 0;
    for (let n = 1; n <= customers; n++) mean += (n * weight[n]! * others[customers - n]!) / last;
    return mean;
  });
  return { throughput: total[customers - 1]! / last / unit, inside };
}

function weights(customers: number, factor: (n: number) => number): Float64Array {
  const list = new Float64Array(customers + 1);
  list[0] = 1;
  for (let n = 1; n <= customers; n++) list[n] = list[n - 1]! * factor(n);
  return list;
}

function convolve(first: Float64Array, second: Float64Array): Float64Array {
  return first.map((_, n) => {
    let sum = 0;
    for (let i = 0; i <= n; i++) sum += first[i]! * second[n - i]!;
    return sum;
  });
}
