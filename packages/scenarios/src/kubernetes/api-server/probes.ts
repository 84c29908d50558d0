/**
 * Probes of the API servers, as the kubelet of each control-plane machine runs them: exempt from flow control, but not
 * from needing a connection, cores and, because /livez includes it, etcd. Enough failures in a row kill the process.
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
  /**
   * Whether each probe sets up a connection of its own, as the kubelet's do (`DisableKeepAlives` in `pkg/probe/http`);
   * default false: probes cost no connection.
   */
  readonly dialsEachTime?: boolean;
  /**
   * Startup probe: so many periods a new process has to become ready before it is killed; 24 with kubeadm. Absent: it may
   * take for ever.
   */
  readonly startupFailureThreshold?: number;
  /**
   * How long the process may shut down gracefully when its liveness probe has failed, before SIGKILL
   * (`terminationGracePeriodSeconds`, 30 s by default). Absent: it is killed at once.
   */
  readonly killGrace?: Duration;
}

/** Starts the probes of every API server. Failures are counted anew for every life of the process. */
export function startProbes(simulation: Simulation, controlPlane: ControlPlane, options: ProbeOptions): void {
  const { servers } = controlPlane;
  const failures = new Int32Array(servers.length);
  const startups = new Int32Array(servers.length);
  const probers = options.dialsEachTime === true ? servers.map((_, index) => index) : [-1];
  const groups = probers.map((pinned) => {
    const group: ClientGroup = createGroup(servers.length, options, (server, status) => {
      if (group.life[server] !== servers[server]!.life) return;
      failures[server] = status === Status.ok ? 0 : failures[server]! + 1;
      if (failures[server]! < options.failureThreshold || !servers[server]!.isReady) return;
      failures[server] = 0;
      if (options.killGrace === undefined) servers[server]!.kill('liveness');
      else servers[server]!.terminate({ reason: 'liveness', grace: options.killGrace });
    });
    group.pinnedServer = pinned;
    return { group, number: controlPlane.join(group) };
  });
  const ask = (index: number): void => {
    const { group, number } = groups[options.dialsEachTime === true ? index : 0]!;
    if (group.life[index] !== servers[index]!.life) failures[index] = 0;
    group.connect(index, index, servers[index]!.life);
    if (options.dialsEachTime === true) group.disconnect(index);
    controlPlane.send(number, index, PROBE);
  };
  const probe: EventType = simulation.event('liveness probe', (index) => {
    const server = servers[index]!;
    startups[index] = server.isStarting ? startups[index]! + 1 : 0;
    if (server.isReady) ask(index);
    else if (startups[index]! >= (options.startupFailureThreshold ?? Infinity)) server.kill('liveness');
    probe.after(options.period, index);
  });
  servers.forEach((_, index) => probe.after(options.period, index));
}

function createGroup(
  servers: number,
  options: ProbeOptions,
  onReply: (server: number, status: number) => void,
): ClientGroup {
  return new ClientGroup({
    name: 'liveness-probe',
    describe: () => ({ ...anonymous, verb: 'get', path: '/livez' }),
    timeout: options.timeout,
    clients: servers,
    isInside: true,
    countsForAvailability: false,
    onReply,
  });
}
