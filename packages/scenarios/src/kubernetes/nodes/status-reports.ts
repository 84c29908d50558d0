/**
 * Node status by the rules of the kubelet: worked out every ten seconds, written when five minutes have passed or when it
 * differs from what the API stores - as it does after the node lifecycle controller has written Unknown. A report is a
 * PATCH; if it fails it is tried again at once with a GET before it, five times in a tick, and from the second failure on
 * all connections of the kubelet are closed. What is still not written waits for the next tick.
 *
 * Source: kubernetes/kubernetes pkg/kubelet/kubelet_node_status.go (tryUpdateNodeStatus, nodeStatusUpdateRetry); jitter of
 * the tick since 1.23 (PR 105272); a one-time offset of up to half the interval after a change or a start since 1.33
 * (PR 130919), before which reports of nodes that came together stay together (issue 124202).
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  noEvent,
  noTime,
  seconds,
  type Simulation,
  type Stream,
} from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';

/** How reports are spread. */
export interface StatusReportRules {
  /** `nodeStatusUpdateFrequency`; default 10 s. */
  readonly statusTick?: Duration;
  /** Share of the tick added at random, at most; default 0.04. */
  readonly statusTickJitter?: number;
  /** Share of the interval by which the first report after a change comes earlier or later; default 0, 0.5 since 1.33. */
  readonly reportOffset?: number;
}

/** Timings of status reports. */
export interface StatusReportOptions extends StatusReportRules {
  /** `nodeStatusReportFrequency`, 5 min. */
  readonly statusInterval: Duration;
  /** Timeout of the heartbeat client, 10 s. */
  readonly requestTimeout: Duration;
}

/** The kubelet around the reports. */
export interface StatusReportParts {
  readonly controlPlane: ControlPlane;
  /** 1 while the node exists. */
  readonly exists: Uint8Array;
  /** The kubelet closes all its connections. */
  readonly closeConnections: (node: number) => void;
  /** A report is stored: the node is ready. */
  readonly reported: (node: number) => void;
}

const TRIES = 5;
const STATUS_PATCH = operationNumber('node-status-patch');
const NODE_GET = operationNumber('get');

/** The reports of many kubelets. */
export class StatusReports {
  readonly clients: ClientGroup;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #options: Required<StatusReportOptions>;
  readonly #parts: StatusReportParts;
  readonly #random: Stream;
  readonly #patches: number;
  readonly #gets: number;
  readonly #tick: EventType;
  readonly #event: Float64Array;
  readonly #failures: Uint8Array;
  readonly #isWaiting: Uint8Array;
  readonly #isChanged: Uint8Array;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: StatusReportOptions,
    parts: StatusReportParts,
  ) {
    this.#simulation = simulation;
    this.#controlPlane = parts.controlPlane;
    this.#options = { statusTick: seconds(10), statusTickJitter: 0.04, reportOffset: 0, ...options };
    this.#parts = parts;
    this.#random = simulation.streams.get(`${name}/kubelet/status`);
    this.clients = this.#join('kubelet-status', 'patch', nodes, (node, status) => this.#patched(node, status));
    const gets = this.#join('kubelet-status-get', 'get', nodes, (node, status) => this.#read(node, status));
    this.#patches = parts.controlPlane.join(this.clients);
    this.#gets = parts.controlPlane.join(gets);
    this.#tick = simulation.event(`${name} node status`, (node) => this.#begin(node), 'arrival');
    this.#event = new Float64Array(nodes).fill(noEvent);
    this.#failures = new Uint8Array(nodes);
    this.#isWaiting = new Uint8Array(nodes);
    this.#isChanged = new Uint8Array(nodes);
  }

  /** The first report of a node that has been running for long comes `after` from now. */
  start(node: number, after: Duration): void {
    this.#schedule(node, after);
  }

  /** The stored status differs from the real one: the next tick reports. Does nothing when that is on its way. */
  changed(node: number): void {
    if (this.#isChanged[node] === 1 || this.#isWaiting[node] === 1) return;
    this.#isChanged[node] = 1;
    this.#schedule(node, Math.floor(this.#options.statusTick * this.#random.uniform()) as Duration);
  }

  #join(name: string, verb: string, nodes: number, onReply: (node: number, status: number) => void): ClientGroup {
    return new ClientGroup({
      name,
      describe: (node) => ({ ...nodeIdentity(`${node}`), verb, resource: 'nodes', subresource: 'status' }),
      timeout: this.#options.requestTimeout,
      clients: nodes,
      isInside: false,
      countsForAvailability: true,
      onReply,
    });
  }

  #schedule(node: number, wait: Duration): void {
    this.#simulation.cancel(this.#event[node]! as EventHandle);
    this.#event[node] = this.#tick.after(wait, node);
  }

  #begin(node: number): void {
    this.#event[node] = noEvent;
    if (this.#parts.exists[node] === 0 || this.#isWaiting[node] === 1) return;
    this.#isWaiting[node] = 1;
    this.#failures[node] = 0;
    this.#controlPlane.send(this.#patches, node, STATUS_PATCH);
  }

  #read(node: number, status: number): void {
    if (status === Status.ok) this.#controlPlane.send(this.#patches, node, STATUS_PATCH, node, true);
    else this.#failed(node);
  }

  #patched(node: number, status: number): void {
    if (status !== Status.ok) {
      this.#failed(node);
      return;
    }
    this.#isWaiting[node] = 0;
    if (this.#parts.exists[node] === 0) return;
    this.#schedule(node, this.#nextReport(node));
    this.#isChanged[node] = 0;
    this.#parts.reported(node);
  }

  #failed(node: number): void {
    const failures = ++this.#failures[node]!;
    if (this.#parts.exists[node] === 0) {
      this.#isWaiting[node] = 0;
      return;
    }
    if (failures >= 2) this.#parts.closeConnections(node);
    if (failures < TRIES) {
      this.#controlPlane.send(this.#gets, node, NODE_GET, node, true);
      return;
    }
    this.#isWaiting[node] = 0;
    const { statusTick, statusTickJitter } = this.#options;
    this.#schedule(node, Math.round(statusTick * (1 + statusTickJitter * this.#random.uniform())) as Duration);
  }

  /** Reports fall on ticks: the first after the interval has passed, which with jittered ticks is at no fixed phase. */
  #nextReport(node: number): Duration {
    const { statusInterval, statusTick, statusTickJitter, reportOffset } = this.#options;
    const offset = this.#isChanged[node] === 1 ? reportOffset * (2 * this.#random.uniform() - 1) : 0;
    const untilTick = statusTickJitter === 0 ? noTime : statusTick * this.#random.uniform();
    return Math.round(statusInterval * (1 + offset) + untilTick) as Duration;
  }
}
