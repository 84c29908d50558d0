/**
 * The balancer in front of the API servers: sends new connections, never requests, to servers whose /readyz it has found
 * well often enough. Connections stick to their server, so what it decides once lasts until a connection breaks.
 */
import type { Duration, EventType, Simulation, Stream } from '@brownout/core';
import type { ApiServer } from '../api-server/api-server.ts';
import type { ClientGroup } from '../client/client-group.ts';

/** How a server is chosen for a new connection. */
export type BalancerPolicy = 'random' | 'least-connections' | 'round-robin';

/** Health checks and policy of a balancer. */
export interface BalancerOptions {
  readonly healthCheckInterval: Duration;
  /** Checks in a row that must agree before a server is taken in or out. */
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /**
   * Present: checks are requests that may take so long (see health-checks.ts). Absent: the balancer knows the state of the
   * process, and nothing else.
   */
  readonly healthCheckTimeout?: Duration;
  /** Default random, as network balancers that hash the client's address are. */
  readonly balancer?: BalancerPolicy | undefined;
}

/** One balancer. */
export class Balancer {
  readonly #options: BalancerOptions;
  readonly #servers: readonly ApiServer[];
  readonly #groups: readonly ClientGroup[];
  readonly #onRotation: (() => void) | undefined;
  readonly #stream: Stream;
  readonly #enterRotation: EventType;
  readonly #leaveRotation: EventType;
  /** Indices of the servers that take new connections. */
  #rotation: number[];
  #next = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: BalancerOptions,
    parts: {
      readonly servers: readonly ApiServer[];
      readonly groups: readonly ClientGroup[];
      /** Other servers get new connections from now on; default nobody is told. */
      readonly onRotation?: () => void;
    },
  ) {
    this.#options = options;
    this.#servers = parts.servers;
    this.#groups = parts.groups;
    this.#onRotation = parts.onRotation;
    this.#stream = simulation.streams.get(`${name}/balancer`);
    this.#enterRotation = simulation.event(`${name} in rotation`, (server) => this.#enter(server));
    this.#leaveRotation = simulation.event(`${name} out of rotation`, (server) => this.#leave(server));
    this.#rotation = parts.servers.map((server) => server.index);
  }

  /** Indices of the servers that get new connections, ascending. */
  get rotation(): readonly number[] {
    return this.#rotation;
  }

  /** The server for a new connection; undefined when none is known to be well. */
  pick(): ApiServer | undefined {
    const count = this.#rotation.length;
    if (count === 0) return undefined;
    return this.#server(this.#rotation[this.#place(count)]!);
  }

  /** Leaves everything as after `count` picks, whatever was picked. */
  skip(count: number): void {
    const policy = this.#options.balancer ?? 'random';
    if (policy === 'round-robin') this.#next += count;
    if (policy === 'random') for (let pick = 0; pick < count; pick++) this.#stream.uniform();
  }

  /** Takes a server in or out. */
  setInRotation(server: number, isIn: boolean): void {
    const others = this.#rotation.filter((other) => other !== server);
    this.#rotation = isIn ? [...others, server].sort((a, b) => a - b) : others;
    this.#onRotation?.();
  }

  /** A server's /readyz fails from now on. */
  failed(server: number): void {
    const { healthCheckInterval, unhealthyThreshold, healthCheckTimeout } = this.#options;
    if (healthCheckTimeout !== undefined) return;
    this.#leaveRotation.after((healthCheckInterval * unhealthyThreshold) as Duration, server);
  }

  /** A server's /readyz is well from now on. */
  recovered(server: number): void {
    const { healthCheckInterval, healthyThreshold, healthCheckTimeout } = this.#options;
    if (healthCheckTimeout !== undefined) return;
    this.#enterRotation.after((healthCheckInterval * healthyThreshold) as Duration, server);
  }

  /** Open connections to a server: one look at each group of clients. */
  connectionsTo(server: number): number {
    const life = this.#server(server)?.life ?? -1;
    let count = 0;
    for (const group of this.#groups) count += group.connectedTo(server, life);
    return count;
  }

  #place(count: number): number {
    const policy = this.#options.balancer ?? 'random';
    if (policy === 'random') return this.#stream.integer(count);
    if (policy === 'round-robin') return this.#next++ % count;
    let best = 0;
    let fewest = Infinity;
    for (let place = 0; place < count; place++) {
      const connections = this.connectionsTo(this.#rotation[place]!);
      if (connections >= fewest) continue;
      best = place;
      fewest = connections;
    }
    return best;
  }

  #enter(server: number): void {
    if (this.#server(server)?.isHealthy === true) this.setInRotation(server, true);
  }

  #leave(server: number): void {
    if (this.#server(server)?.isHealthy === false) this.setInRotation(server, false);
  }

  /** The balanced server of an index; those put into service later do not stand in the place of their index. */
  #server(index: number): ApiServer | undefined {
    const inPlace = this.#servers[index];
    return inPlace?.index === index ? inPlace : this.#servers.find((server) => server.index === index);
  }
}
