/**
 * Hedging where service is exponential with rate mu and nobody queues. Two attempts under way answer first at rate 2 mu,
 * and an attempt does not remember how long it has run, so with the hedge sent after d
 *
 *   P(latency > t) = exp(-mu t)               up to d
 *                  = exp(-mu d - 2 mu (t - d))   after it
 *   mean latency   = (1 - exp(-mu d) / 2) / mu;   hedges per request = exp(-mu d)
 *
 * The work of a request is 1 / mu whatever d is if the loser stops when the winner answers - twice the rate for half of
 * the time - and (1 + exp(-mu d)) / mu if it goes on. Three attempts at once answer after 1 / (3 mu).
 */
import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/experiment/interval.ts';
import { exponential } from '../../src/random/distributions/exponential.ts';
import { durations } from '../../src/random/durations.ts';
import { Streams } from '../../src/random/stream.ts';
import { createStation } from '../../src/queueing/station.ts';
import { Simulation } from '../../src/simulation.ts';
import { expectConserved } from '../../src/testing/conservation.ts';
import { compareWithTheory, expectTheory } from '../../src/testing/theory.ts';
import { noTime, plus, seconds, timeZero, type Duration } from '../../src/time.ts';
import { Arrivals } from '../../src/traffic/arrivals.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { QuantileHedgeDelay, type HedgeDelay } from '../../src/traffic/hedge-delay.ts';
import { HedgingClient } from '../../src/traffic/hedging-client.ts';
import { RequestTable } from '../../src/traffic/request.ts';

interface Seen {
  readonly latency: number;
  /** Share of requests that took longer than a second. */
  readonly slow: number;
  readonly hedges: number;
  readonly work: number;
}

/** 20 requests/s for 250 s at servers without number, mean service 1 s, until the last one is answered. */
function play(
  replication: number,
  options: { readonly delay: Duration | HedgeDelay; readonly maxAttempts?: number; readonly stops: boolean },
): Seen {
  const simulation = new Simulation({ seed: 'hedging', replication });
  const table = new RequestTable();
  const work = durations(exponential(1), 'seconds');
  const stream = simulation.streams.get('server/work');
  let latency = 0;
  let slow = 0;
  const station = createStation(simulation, {
    name: 'server',
    servers: Infinity,
    queueLimit: 0,
    onServed: (job) => table.answer(job as Attempt, true),
  });
  const client: HedgingClient = new HedgingClient(simulation, {
    name: 'web',
    table,
    server: { submit: (attempt) => station.arrive(attempt, work.sample(stream)) },
    delay: options.delay,
    maxAttempts: options.maxAttempts ?? 2,
    cancel: (attempt) => {
      if (options.stops && station.cancel(attempt)) table.lose(attempt);
    },
    onOutcome: (request) => {
      const age = table.ageOf(request, simulation.now);
      latency += age / 1e6;
      if (age > 1e6) slow++;
    },
  });
  const arrivals = new Arrivals(simulation, { name: 'web', perSecond: 20, onArrival: () => client.send() });
  arrivals.start();
  simulation.runUntil(plus(timeZero, seconds(250)));
  arrivals.stop();
  simulation.runUntil(plus(timeZero, seconds(350)));
  expectConserved([client, station]);
  const { goodput, requests } = client.ledger;
  expect([client.ledger.requestsInside, station.inside]).toEqual([0, 0]);
  return {
    latency: latency / goodput,
    slow: slow / goodput,
    hedges: client.hedges / requests,
    work: station.books().busyTime / 1e6 / requests,
  };
}

describe('hedging exponential service', () => {
  it('answers as the minimum of two does, at no cost in work when the loser stops', () => {
    const d = 0.5;
    const isLate = Math.exp(-d);
    expectTheory(
      compareWithTheory({
        model: 'hedge after 0.5 s, losers stop',
        expected: { latency: 1 - isLate / 2, slow: Math.exp(-d - 2 * (1 - d)), hedges: isLate, work: 1 },
        run: (replication) => ({ ...play(replication, { delay: seconds(d), stops: true }) }),
      }),
    );
  });

  it('costs the hedges in full when the loser goes on', () => {
    expectTheory(
      compareWithTheory({
        model: 'hedge after 0.5 s, losers go on',
        expected: { latency: 1 - Math.exp(-0.5) / 2, work: 1 + Math.exp(-0.5) },
        run: (replication) => {
          const { latency, work } = play(replication, { delay: seconds(0.5), stops: false });
          return { latency, work };
        },
        precision: 0.02,
      }),
    );
  });

  it('answers as the minimum of three does when three are sent at once', () => {
    expectTheory(
      compareWithTheory({
        model: 'three at once',
        expected: { latency: 1 / 3, work: 1, hedges: 2 },
        run: (replication) => {
          const { latency, work, hedges } = play(replication, { delay: noTime, maxAttempts: 3, stops: true });
          return { latency, work, hedges };
        },
      }),
    );
  });

  it('hedges one request in twenty after the 95th percentile, although it sees few latencies beyond it', () => {
    // A draw exceeds the 950th of 1,000 independent ones with probability 51/1001. Overtaken attempts count with less
    // than they would have taken, which pulls the delay down, though not below the one they exceeded: by less than the
    // spread of the estimate, which is sqrt(0.95 / 0.05 / 1000) = 14 % of that share.
    const work = exponential(1);
    const shares = Array.from({ length: 8 }, (_, replication) => {
      const stream = new Streams('hedge delay', replication).get('server/work');
      const delay = new QuantileHedgeDelay({ initial: seconds(1) });
      let hedges = 0;
      for (let request = 0; request < 52_000; request++) {
        const first = work.sample(stream);
        const isHedged = first > delay.current() / 1e6;
        const took = isHedged ? Math.min(first, delay.current() / 1e6 + work.sample(stream)) : first;
        if (isHedged && request >= 2_000) hedges++;
        delay.record(seconds(took));
      }
      return hedges / 50_000;
    });
    const { low, high } = meanInterval(shares);
    expect(high).toBeGreaterThan(51 / 1001);
    expect(low).toBeLessThan((1.14 * 51) / 1001);
    expect(high - low).toBeLessThan(0.005);
  });

  it('a client with such a delay does as its delay says', () => {
    const delay = new QuantileHedgeDelay({ initial: seconds(4) });
    const { hedges, latency } = play(0, { delay, stops: true });
    // Of 5,000 requests 255 are expected; 99 % of independent counts are within 41 of that, the moving delay adds to it.
    expect(hedges * 5_000).toBeGreaterThan(150);
    expect(hedges * 5_000).toBeLessThan(380);
    expect(latency).toBeLessThan(1);
  });
});
