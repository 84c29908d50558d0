/**
 * Liveness probes of the API servers, as the kubelet of each control-plane machine runs them: exempt from flow control,
 * but not from needing cores and etcd. Enough failures in a row kill the process.
 */
import { type Duration, type EventType, type Simulation } from '@brownout/core';
import { Status } from '../requests/api-request.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { anonymous } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';

const PROBE = operationNumber('probe');

/** Period, timeout and tolerance of the probes. */
export interface ProbeOptions {
  readonly period: Duration;
  readonly timeout: Duration;
  /** Failures in a row that kill the process. */
  readonly failureThreshold: number;
}

/** Starts the probes of every API server. Failures are counted anew for every life of the process. */
export function startProbes(simulation: Simulation, controlPlane: ControlPlane, options: ProbeOptions): void {
  const failures = new Int32Array(controlPlane.servers.length);
  const group = new ClientGroup({
    name: 'liveness-probe',
    describe: () => ({ ...anonymous, verb: 'get', path: '/livez' }),
    timeout: options.timeout,
    clients: controlPlane.servers.length,
    isInside: true,
    countsForAvailability: false,
    onReply: (server, status) => {
      if (group.life[server] !== controlPlane.servers[server]!.life) return;
      failures[server] = status === Status.ok ? 0 : failures[server]! + 1;
      if (failures[server]! < options.failureThreshold || !controlPlane.servers[server]!.isReady) return;
      failures[server] = 0;
      controlPlane.servers[server]!.kill('liveness');
    },
  });
  const number = controlPlane.join(group);
  const probe: EventType = simulation.event('liveness probe', (index) => {
    const server = controlPlane.servers[index]!;
    if (server.isReady) {
      if (group.life[index] !== server.life) failures[index] = 0;
      group.server[index] = index;
      group.life[index] = server.life;
      controlPlane.send(number, index, PROBE);
    }
    probe.after(options.period, index);
  });
  controlPlane.servers.forEach((_, index) => probe.after(options.period, index));
}
