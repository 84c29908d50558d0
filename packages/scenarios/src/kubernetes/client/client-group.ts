/**
 * A group of alike API clients: the kubelets of a cluster, the agents of a DaemonSet, one controller. Each client keeps
 * one HTTP/2 connection that sticks to an API server until it breaks. The group keeps the books of its attempts.
 */
import { type Duration, seconds, SimulationError } from '@brownout/core';
import { statusNames } from '../requests/api-request.ts';
import type { FlowControlConfiguration } from '../flow-control/configuration.ts';
import { ConnectionColumns } from './connection-columns.ts';
import type { RequestDescription } from '../flow-control/flow-schema.ts';

/** A dial that nobody answers is given up after so long by every client of client-go (rest/transport.go). */
const DIAL_TIMEOUT = seconds(30);
/** HTTP/2 in client-go: silence for 30 s, then a ping without an answer for 15 s, ends a connection. */
export const silenceTimeout: Duration = seconds(45);

/** What a group of clients is and how it hears the end of an attempt. */
export interface ClientGroupOptions {
  readonly name: string;
  /** What flow control sees of a request of the given client; decides its priority level and its flow. */
  readonly describe: (client: number) => RequestDescription;
  /** The client gives an attempt up after this long. */
  readonly timeout: Duration;
  /** Clients in the group. */
  readonly clients: number;
  /** True for clients on the control plane's own network, which a block of the admin API leaves alone. */
  readonly isInside: boolean;
  /** Whether its attempts count in the control plane's availability: the offender's own requests do not. */
  readonly countsForAvailability: boolean;
  /** Bytes per second at which each client takes answers; default without limit. */
  readonly bytesPerSecond?: number;
  /**
   * A dial that nobody answers is given up after this long; default 30 s, as in client-go's transport, or `timeout` if that is less.
   */
  readonly dialTimeout?: Duration;
  /** Whether the server's request timeout leaves its requests alone, as it does watches; default false. */
  readonly isLongRunning?: boolean;
  /** Group of the same clients whose connections it uses as well, such as LISTs beside WATCHes; default its own. */
  readonly connectionsOf?: ClientGroup;
  /**
   * Group of the same clients whose streams go over the same connections, all of them, such as those of a process with several
   * informers; default its own. Must have joined before.
   */
  readonly streamsBeside?: ClientGroup | undefined;
  /**
   * The latest instant at which a client had a stream open that no request stands for, such as a watch: now while it has one,
   * `-Infinity` if it never had. Its connection is not idle meanwhile; default nobody has such streams.
   */
  readonly lastStreamAt?: ((client: number) => number) | undefined;
  /** End of an attempt; `subject` is what it was sent about, by default the client. */
  readonly onReply: (subject: number, status: number, retryAfterSeconds: number) => void;
}

/** Connections and books of one group. */
export class ClientGroup {
  readonly name: string;
  readonly timeout: Duration;
  readonly isInside: boolean;
  readonly countsForAvailability: boolean;
  readonly onReply: (subject: number, status: number, retryAfterSeconds: number) => void;
  readonly clients: number;
  readonly describe: (client: number) => RequestDescription;
  readonly bytesPerSecond: number;
  readonly isLongRunning: boolean;
  readonly dialTimeout: Duration;
  /** True when its role was taken away: requests get their seats, and then 403. */
  isForbidden = false;
  /** True when the proxy in front of the API servers lets it through at a limited rate only. */
  isThrottled = false;
  /** Neither of the two: looked at by every light request. */
  isUnhindered = true;
  /** True for kubelets and service accounts of kube-system, which a network block may let through; set when it joins. */
  isSystem = false;
  /** Priority level of its requests; set when the group joins a control plane. */
  level = 0;
  /** How long flow control lets its requests wait, as the number flow control knows that time by. */
  patience = 0;
  /** The flow of each client in its level, `UNKNOWN` until it is first needed. */
  readonly #flow: Int32Array;
  #pinnedServer = -1;
  #onPinned: (() => void) | undefined;
  /**
   * API server each client is connected to, -1 = none, and the life of that server it connected in: to be read. `connect` and
   * `disconnect` write them, and count.
   */
  readonly server: Readonly<Int16Array>;
  readonly life: Readonly<Int32Array>;
  readonly #connections: ConnectionColumns;
  #configuration: FlowControlConfiguration | undefined;
  /** Number of the group in whose name its connections are counted; set when it joins. */
  transport = -1;
  readonly #streamsBeside: ClientGroup | undefined;
  readonly lastStreamAt: ((client: number) => number) | undefined;
  /** Attempts sent, and ended by status. */
  sent = 0;
  /** Attempts that were not repetitions: requests as their clients count them. */
  firstAttempts = 0;
  readonly ended: Float64Array = new Float64Array(statusNames.length);

  constructor(options: ClientGroupOptions) {
    this.name = options.name;
    this.clients = options.clients;
    this.describe = options.describe;
    this.#flow = new Int32Array(options.clients);
    this.timeout = options.timeout;
    this.isInside = options.isInside;
    this.countsForAvailability = options.countsForAvailability;
    this.onReply = options.onReply;
    this.bytesPerSecond = options.bytesPerSecond ?? Infinity;
    this.dialTimeout = options.dialTimeout ?? (Math.min(options.timeout, DIAL_TIMEOUT) as Duration);
    this.isLongRunning = options.isLongRunning ?? false;
    const { streamsBeside, connectionsOf = streamsBeside } = options;
    this.#connections =
      connectionsOf === undefined ? new ConnectionColumns(options.clients) : connectionsOf.#connections;
    this.server = this.#connections.server;
    this.life = this.#connections.life;
    this.#streamsBeside = streamsBeside;
    this.lastStreamAt = options.lastStreamAt;
  }

  /**
   * Flow control is asked once a client, not once a request: for the priority level now, for each client's flow when it is first
   * needed, since many clients never send anything that takes the whole way.
   */
  classify(configuration: FlowControlConfiguration): void {
    this.#configuration = configuration;
    this.#flow.fill(UNKNOWN);
    if (this.clients === 0) return;
    const first = this.describe(0);
    this.isSystem = isSystemUser(first.user);
    this.level = configuration.classify(first).level;
  }

  /** Number of a client's flow at the group's priority level. */
  flowOf(client: number): number {
    const flow = this.#flow[client]!;
    return flow === UNKNOWN ? this.#classifyOne(client) : flow;
  }

  /** It joins a control plane under this number, which is told when the group is pinned or let go from then on. */
  joined(number: number, onPinned: () => void): void {
    this.transport = this.#streamsBeside?.transport ?? number;
    this.#onPinned = onPinned;
  }

  /** API server that all clients of the group use, past the balancer; -1 = through the balancer. May change at any time. */
  get pinnedServer(): number {
    return this.#pinnedServer;
  }

  set pinnedServer(server: number) {
    this.#pinnedServer = server;
    this.#onPinned?.();
  }

  /** A FlowSchema puts all its requests at a priority level from now on, in one flow; those inside stay where they are. */
  assignLevel(configuration: FlowControlConfiguration, priorityLevel: string): void {
    this.level = configuration.levelNumber(priorityLevel);
    this.#flow.fill(configuration.flows[this.level]!.number('operators', this.name));
  }

  /** Attempts whose client still waits. */
  get inside(): number {
    return this.sent - this.ended.reduce((sum, count) => sum + count, 0);
  }

  /** The client has a connection to a server, made in that life of it. */
  connect(client: number, server: number, life: number): void {
    this.#connections.connect(client, server, life);
  }

  /** The client closes its connection; the next attempt dials again and may land on another server. */
  disconnect(client: number): void {
    this.#connections.disconnect(client);
  }

  /** Clients with a connection to a server that is in that life. */
  connectedTo(server: number, life: number): number {
    return this.#connections.count(server, life);
  }

  /** Throws unless sent = ended by every status + the attempts found waiting by a recount. */
  checkBooks(recounted: number): void {
    if (this.inside === recounted) return;
    throw new SimulationError(
      `clients "${this.name}": ${this.sent} attempts sent, ${this.sent - this.inside} ended, so ${this.inside} should wait; ` +
        `${recounted} found waiting`,
    );
  }

  #classifyOne(client: number): number {
    const { flow } = this.#configuration!.classify(this.describe(client));
    this.#flow[client] = flow;
    return flow;
  }
}

/** The flow of a client that has not sent anything yet. */
const UNKNOWN = -1;

function isSystemUser(user: string): boolean {
  return user.startsWith('system:node:') || user.startsWith('system:serviceaccount:kube-system:');
}
