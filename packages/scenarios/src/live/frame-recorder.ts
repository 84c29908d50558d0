/**
 * Records frames of a run as it goes on. It only reads, at instants at which the run reads the same books for its own series,
 * so that a run with frames is the run without.
 */
import type { Simulation } from '@brownout/core';
import type { Scenario } from '../scenario/document.ts';
import type { World } from '../scenario/build.ts';
import type { RunWatcher } from '../scenario/run.ts';
import { ClusterReader } from './cluster-reader.ts';
import { columnsOf, rowLength } from './frame-columns.ts';
import { FrameStore } from './frame-store.ts';
import type { FrameLayout, FrameOptions } from './frame.ts';
import { clusterLayout } from './cluster-layout.ts';

/** The run reads its own books so often, in seconds. */
const OWN_LOOK = 5;
const DEFAULT_INTERVAL = 10;
const DEFAULT_MOST = 4_000;

/** See the head of this file. */
export class FrameRecorder implements RunWatcher {
  readonly everySeconds: number;
  #store: FrameStore | undefined;
  #readers: readonly ClusterReader[] = [];
  #world: World | undefined;
  #seenRequests: Float64Array = new Float64Array(0);
  #seenFailures: Float64Array = new Float64Array(0);
  #lastT = 0;

  /** `span` is the length of the whole run, in seconds. */
  constructor(span: number, options: FrameOptions = {}) {
    const { everySeconds = DEFAULT_INTERVAL, most = DEFAULT_MOST } = options;
    if (!(everySeconds >= OWN_LOOK && everySeconds % OWN_LOOK === 0)) {
      throw new RangeError(`frames: everySeconds must be a multiple of ${OWN_LOOK}, got ${everySeconds}`);
    }
    if (!(most >= 1)) throw new RangeError(`frames: most must be >= 1, got ${most}`);
    const least = Math.ceil(span / most / OWN_LOOK) * OWN_LOOK;
    this.everySeconds = Math.max(everySeconds, least);
  }

  /** What was recorded. Throws before `begin`. */
  get frames(): FrameStore {
    if (this.#store === undefined) throw new RangeError('frames: expected a run that has begun, got none');
    return this.#store;
  }

  begin(simulation: Simulation, world: World, scenario: Scenario): void {
    const { sites, users, alerting } = world;
    const layout = layoutOf({
      clusters: sites.map((site) => clusterLayout(site)),
      products: users.products.map(({ id, title }) => ({ id, title })),
      rules: alerting.states.map(({ name, severity }) => ({ name, severity })),
    });
    this.#world = world;
    this.#store = new FrameStore(layout, this.everySeconds);
    this.#readers = sites.map(
      (site, index) => new ClusterReader(simulation, world, site, index, layout.clusters[index]!),
    );
    this.#seenRequests = users.requests.slice();
    this.#seenFailures = users.failures.slice();
    this.look(scenario.horizon.start / 1_000_000);
  }

  look(t: number): void {
    const { layout, count } = this.frames;
    const span = count === 0 ? 0 : t - this.#lastT;
    this.#lastT = t;
    const row = new Float32Array(layout.numbers);
    const columns = columnsOf(layout, row);
    const nodes = this.#readers.map((reader, index) => reader.read(columns.clusters[index]!));
    this.#readUsers(columns, span);
    this.frames.add(t, row, nodes);
  }

  #readUsers({ clusters, requestRate, failureShare }: ReturnType<typeof columnsOf>, span: number): void {
    const { requests, failures } = this.#world!.users;
    const products = requestRate.length;
    const asked = new Float64Array(products);
    const failed = new Float64Array(products);
    clusters.forEach((cluster, site) => {
      for (let product = 0; product < products; product++) {
        const cell = site * products + product;
        const came = requests[cell]! - this.#seenRequests[cell]!;
        const lost = failures[cell]! - this.#seenFailures[cell]!;
        asked[product]! += came;
        failed[product]! += lost;
        cluster.requests[product] = came;
        cluster.failureShare[product] = came > 0 ? lost / came : 0;
      }
    });
    for (let product = 0; product < products; product++) {
      requestRate[product] = span > 0 ? asked[product]! / span : 0;
      failureShare[product] = asked[product]! > 0 ? failed[product]! / asked[product]! : 0;
    }
    this.#seenRequests = requests.slice();
    this.#seenFailures = failures.slice();
  }
}

function layoutOf(parts: Pick<FrameLayout, 'clusters' | 'products' | 'rules'>): FrameLayout {
  const numbers = rowLength(parts);
  const nodes = parts.clusters.reduce((sum, cluster) => sum + cluster.nodes, 0);
  return { ...parts, numbers, nodes, bytesPerFrame: 4 * numbers + nodes };
}
