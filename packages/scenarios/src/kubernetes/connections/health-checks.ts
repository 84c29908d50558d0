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

/** Starts checking every balanced server. */
export function startHealthChecks(
  simulation: Simulation,
  controlPlane: ControlPlane,
  options: HealthCheckOptions,
): void {
  const { healthCheckInterval, healthCheckTimeout, healthyThreshold, unhealthyThreshold } = options;
  if (!(healthCheckTimeout < healthCheckInterval)) {
    throw new RangeError(
      `health checks: the timeout must be shorter than the interval of ${healthCheckInterval} us, got ${healthCheckTimeout}`,
    );
  }
  const { balanced, balancer } = controlPlane;
  /** Checks in a row with the same result: above zero well, below zero not. */
  const streak = new Int32Array(balanced.length);
  const note = (server: number, isWell: boolean): void => {
    streak[server] = isWell ? Math.max(1, streak[server]! + 1) : Math.min(-1, streak[server]! - 1);
    if (streak[server] === healthyThreshold) balancer.setInRotation(server, true);
    if (streak[server] === -unhealthyThreshold) balancer.setInRotation(server, false);
  };
  const groups = balanced.map(({ index }) => {
    const group = new ClientGroup({
      name: `health-check-${index}`,
      describe: () => ({ ...anonymous, verb: 'get', path: '/readyz' }),
      timeout: healthCheckTimeout,
      clients: 1,
      isInside: true,
      countsForAvailability: false,
      // A server that shuts down says so, however well it is.
      onReply: (_client, status) => note(index, status === Status.ok && balanced[index]!.isHealthy),
    });
    group.pinnedServer = index;
    return { group, number: controlPlane.join(group) };
  });
  const check: EventType = simulation.event('health check', (index) => {
    const { group, number } = groups[index]!;
    check.after(healthCheckInterval, index);
    group.server[0] = -1;
    controlPlane.send(number, 0, PROBE);
  });
  balanced.forEach(({ index }) => check.after(healthCheckInterval, index));
}
