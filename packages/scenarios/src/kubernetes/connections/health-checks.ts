/**
 * Health checks of the balancer as real requests: each asks /readyz over a connection of its own and needs cores, memory
 * and etcd like any probe, so a server that is starved, or whose etcd is slow, leaves the rotation as well as a dead one.
 * What it had is then dealt to the others - which is how a check meant to help can pass an overload on.
 */
import type { Duration, EventType, Simulation } from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import { anonymous } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import type { ApiServer } from '../api-server/api-server.ts';
import type { ControlPlane } from '../control-plane.ts';

const PROBE = operationNumber('probe');

/** Times of the checks. */
export interface HealthCheckOptions {
  readonly healthCheckInterval: Duration;
  /** A check that takes longer has failed; shorter than the interval. */
  readonly healthCheckTimeout: Duration;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** The checks of every balanced server. */
export class HealthChecks {
  readonly #controlPlane: ControlPlane;
  readonly #options: HealthCheckOptions;
  /** By index of the server: its checker, and checks in a row with one result: above zero well, below zero not. */
  readonly #checkers: Map<number, { readonly group: ClientGroup; readonly number: number }> = new Map();
  readonly #streak: number[] = [];
  readonly #check: EventType;

  constructor(simulation: Simulation, controlPlane: ControlPlane, options: HealthCheckOptions) {
    const { healthCheckInterval, healthCheckTimeout } = options;
    if (!(healthCheckTimeout < healthCheckInterval)) {
      throw new RangeError(
        `health checks: the timeout must be shorter than the interval of ${healthCheckInterval} us, got ${healthCheckTimeout}`,
      );
    }
    this.#controlPlane = controlPlane;
    this.#options = options;
    this.#check = simulation.event('health check', (index) => this.#ask(index));
    for (const server of controlPlane.balanced) this.watch(server);
  }

  /** Starts checking a server. */
  watch(server: ApiServer): void {
    const { index } = server;
    const group = new ClientGroup({
      name: `health-check-${index}`,
      describe: () => ({ ...anonymous, verb: 'get', path: '/readyz' }),
      timeout: this.#options.healthCheckTimeout,
      clients: 1,
      isInside: true,
      countsForAvailability: false,
      // A server that shuts down says so, however well it is.
      onReply: (_client, status) => this.#note(index, status === Status.ok && server.isHealthy),
    });
    group.pinnedServer = index;
    this.#checkers.set(index, { group, number: this.#controlPlane.join(group) });
    this.#streak[index] = 0;
    this.#check.after(this.#options.healthCheckInterval, index);
  }

  #ask(index: number): void {
    const { group, number } = this.#checkers.get(index)!;
    this.#check.after(this.#options.healthCheckInterval, index);
    group.disconnect(0);
    this.#controlPlane.send(number, 0, PROBE);
  }

  #note(server: number, isWell: boolean): void {
    const { healthyThreshold, unhealthyThreshold } = this.#options;
    const { balancer } = this.#controlPlane;
    const before = this.#streak[server]!;
    const streak = isWell ? Math.max(1, before + 1) : Math.min(-1, before - 1);
    this.#streak[server] = streak;
    if (streak === healthyThreshold) balancer.setInRotation(server, true);
    if (streak === -unhealthyThreshold) balancer.setInRotation(server, false);
  }
}
