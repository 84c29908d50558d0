/** One replication of M/M/1 or M/M/1/K that starts in its stationary law, so that no start has to be cut off. */
import { JobPool } from '../../src/queueing/job-pool.ts';
import { createStation } from '../../src/queueing/station.ts';
import type { Stream } from '../../src/random/stream.ts';
import { Simulation } from '../../src/simulation.ts';
import { forever, type Instant, toSeconds, since, us } from '../../src/time.ts';
import { exponentialLaw } from '../theory/laws.ts';

/** Times in seconds. */
export interface StationaryQueue {
  readonly seed: string;
  readonly arrivalsPerSecond: number;
  readonly meanService: number;
  /** Places, the one in service included; Infinity for M/M/1. */
  readonly places: number;
  /** Arrivals to follow; the run ends when the last of them has been served. */
  readonly arrivals: number;
  /** Begin with nobody inside instead, as most models must; default false. */
  readonly isEmptyAtStart?: boolean;
}

/** What one arrival met; `null` when it was refused. */
export interface Visit {
  readonly wait: number;
  readonly stay: number;
}

/**
 * The visits of the first `arrivals` customers, in the order they came. The first comes at time 0 and finds a number inside
 * drawn from its stationary law, which is what Poisson arrivals find; as services have no memory, each of those jobs needs
 * a service of the usual length. Then every later customer finds the stationary law as well. (Starting the clock with
 * that number and waiting for the first arrival would not do: jobs leave before it comes.) Gaps and services of the customers have streams of their own,
 * and are drawn for refused ones too, so that two queues under one seed see the same customers.
 */
export function visits(queue: StationaryQueue, replication: number): (Visit | null)[] {
  const simulation = new Simulation({ seed: queue.seed, replication });
  const gap = exponentialLaw(1 / queue.arrivalsPerSecond);
  const service = exponentialLaw(queue.meanService);
  const { streams } = simulation;
  const [gaps, services, first] = [streams.get('queue/gap'), streams.get('queue/service'), streams.get('queue/first')];
  const jobs = new JobPool('customers');
  const numberOf: number[] = [];
  const arrivedAt: Instant[] = [];
  const waits: number[] = [];
  const found: (Visit | null)[] = [];
  let ended = 0;
  const end = (): void => {
    if (++ended === queue.arrivals) simulation.stop();
  };
  const station = createStation(simulation, {
    name: 'queue',
    servers: 1,
    queueLimit: queue.places - 1,
    onStarted: (job) => {
      const number = numberOf[job]!;
      if (number >= 0) waits[number] = toSeconds(since(simulation.now, arrivedAt[number]!));
    },
    onServed: (job) => {
      const number = numberOf[job]!;
      jobs.release(job);
      if (number < 0) return;
      found[number] = { wait: waits[number]!, stay: toSeconds(since(simulation.now, arrivedAt[number]!)) };
      end();
    },
    onRejected: (job) => {
      found[numberOf[job]!] = null;
      jobs.release(job);
      end();
    },
  });
  const enter = (number: number, stream: Stream): void => {
    const job = jobs.take();
    numberOf[job] = number;
    station.arrive(job, service.draw(stream), 0, forever);
  };
  const atStart = queue.isEmptyAtStart === true ? 0 : stationaryNumber(queue, first.uniform());
  for (let inside = atStart; inside > 0; inside--) enter(-1, first);
  let number = 0;
  const arrival = simulation.event(
    'arrival',
    () => {
      arrivedAt[number] = simulation.now;
      enter(number, services);
      if (++number < queue.arrivals) arrival.after(gap.draw(gaps), 0);
    },
    'arrival',
  );
  arrival.after(us(0), 0);
  simulation.runUntil(forever as number as Instant);
  return found;
}

/** The number that a share `u` of arrivals find inside at most: geometric, cut off at the number of places. */
function stationaryNumber({ arrivalsPerSecond, meanService, places }: StationaryQueue, u: number): number {
  const load = arrivalsPerSecond * meanService;
  // The weights 1, load, load^2, ... up to the number of places add up to this; a load of exactly 1 is not asked for.
  const total = (1 - (places === Infinity ? 0 : load ** (places + 1))) / (1 - load);
  let left = u * total;
  let weight = 1;
  let number = 0;
  for (; number < places && left >= weight; number++, weight *= load) left -= weight;
  return number;
}
