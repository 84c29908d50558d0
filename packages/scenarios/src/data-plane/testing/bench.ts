/** A workbench for tests of the data plane: a cluster whose names and API do what the test says. */
import { type Duration, exponential, forever, minutes, ms, noTime, seconds, type Simulation, us } from '@brownout/core';
import { ClusterDataPlane, type ClusterSurroundings } from '../cluster-data-plane.ts';
import type { DataPlaneOptions, RandomTime } from '../options.ts';
import type { SampledFailure } from '../sampled-requests.ts';

/** A cluster that only pretends. */
export class PretendedCluster {
  readonly id: string;
  readonly exists: Uint8Array;
  readonly services: number;
  readonly podsPerNode: number = 10;
  /** Writes that the API has taken. */
  written = 0;
  #isApiUp = true;
  readonly #waiting: number[] = [];
  #answer: ((instance: number) => void) | undefined;
  failureProbability: (node: number, name: number) => number = () => 0;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation, id = 'c', nodes = 100, services = 20) {
    this.#simulation = simulation;
    this.id = id;
    this.services = services;
    this.exists = new Uint8Array(nodes).fill(1);
  }

  /** While it is down, writes wait. */
  set isApiUp(isUp: boolean) {
    this.#isApiUp = isUp;
    if (isUp) for (const instance of this.#waiting.splice(0)) this.#answer!(instance);
  }

  /** As the data plane sees it; a write takes 10 ms. */
  get surroundings(): ClusterSurroundings {
    return {
      id: this.id,
      services: this.services,
      podsPerNode: this.podsPerNode,
      exists: this.exists,
      nodeCount: () => this.exists.reduce((sum, each) => sum + each, 0),
      failureProbability: (node, name) => this.failureProbability(node, name),
      createWriter: (_, onDone) => {
        const answer = this.#simulation.event(`${this.id} written`, (instance) => {
          this.written++;
          onDone(instance);
        });
        this.#answer = (instance) => void answer.after(ms(10), instance);
        return (instance) => (this.#isApiUp ? this.#answer!(instance) : void this.#waiting.push(instance));
      },
    };
  }
}

/** Lives with an exponential distribution. */
export function exponentialTime(mean: Duration): RandomTime {
  const distribution = exponential(mean);
  return { mean: () => mean, sample: (stream) => us(Math.round(distribution.sample(stream))) };
}

/** A data plane in which nothing happens by itself, apart from connections that end after 10 minutes on average. */
export const quiet: DataPlaneOptions = {
  callGraph: { fanOut: 2, popularity: 1, retries: 0, callTime: ms(5) },
  pools: { connections: 1, lifetime: exponentialTime(minutes(10)), connectTimeout: seconds(1) },
  resolver: {
    timeout: seconds(5),
    attempts: 2,
    backoff: { first: seconds(1), longest: seconds(30) },
    cacheTtl: noTime,
    cacheShare: 1,
  },
  churn: { deploymentsPerDay: 0, lossesPerDay: 0, crashesPerDay: 0 },
  startUp: {
    exitAfter: forever,
    crashBackoff: { first: seconds(10), longest: minutes(5) },
    crashBackoffReset: minutes(10),
  },
  samplesPerSecond: 0,
  steeringTime: noTime,
};

/** A data plane on a pretended cluster. */
export function createDataPlane(
  simulation: Simulation,
  cluster: PretendedCluster,
  options: Partial<DataPlaneOptions> = {},
  calls: readonly number[] = [5, 3],
): { readonly dataPlane: ClusterDataPlane; readonly failures: SampledFailure[] } {
  const failures: SampledFailure[] = [];
  const dataPlane = new ClusterDataPlane(simulation, { ...quiet, ...options }, calls, cluster.surroundings, (failure) =>
    failures.push(failure),
  );
  return { dataPlane, failures };
}

/** Half the width of an interval for a share of `count` that leaves a true `share` out once in 1,000 times. */
export function margin(share: number, count: number): number {
  return 3.29 * Math.sqrt((share * (1 - share)) / count) + 1 / count;
}
