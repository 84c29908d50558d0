/**
 * The pods of a DaemonSet as API clients: one agent a node that asks the API for the same thing again and again. What it
 * asks for, and whether the answer grows with the cluster, is the difference between a harmless agent and an outage.
 *
 *   kubelet --start, stop--> Daemon --+--> AgentPolls      LIST, GET, writes, once a period
 *                                     +--> informers       one LIST, then a WATCH
 *   configuration --changes-----------+--> AgentChores     so many writes after each change
 */
import { type Duration, type EventType, noTime, seconds, type Simulation, type Stream } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import { Paces } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { AgentChores } from './agent-chores.ts';
import { PlainAgentInformers, ReflectedAgentInformers } from './agent-informers.ts';
import type { AgentRequest, DaemonOptions, DaemonWatches } from './agent-options.ts';
import { type AgentAnswers, type AgentClients, AgentPolls, type LastAttempt } from './agent-polls.ts';

export type { DaemonOptions } from './agent-options.ts';

/**
 * A token that is bound to a pod is refused a minute after the pod's `deletionTimestamp` (pkg/serviceaccount/claims.go, the
 * leeway of go-jose), which lies the grace period of 30 s after the DELETE.
 */
const TOKEN_OUTLIVES_POD = seconds(90);
const NOT_DELETED = -1;

/** The agents of one DaemonSet in one cluster, in columns. */
export class Daemon {
  /** 1 while the agent's process runs. */
  readonly isRunning: Uint8Array;
  /** 1 where somebody on the node keeps the agent from running, whatever the API says. */
  readonly #isHeld: Uint8Array;
  /** When the pod that the agent's token is bound to was deleted last. */
  readonly #deletedAt: Float64Array;
  readonly #simulation: Simulation;
  readonly #tokenEnd: EventType;
  /** The groups of clients that its requests come from. */
  readonly groups: readonly ClientGroup[];
  readonly #options: DaemonOptions;
  readonly #startStream: Stream;
  readonly #spreadStream: Stream;
  readonly #phaseStream: Stream;
  readonly #clients: readonly AgentClients[];
  readonly #atStart: number;
  #runningCount = 0;

  constructor(
    simulation: Simulation,
    name: string,
    nodes: number,
    options: DaemonOptions,
    controlPlane: ControlPlane,
    watches: DaemonWatches = {},
  ) {
    const { joining = 0 } = options;
    const rows = nodes + joining;
    this.#options = options;
    this.#atStart = nodes;
    this.isRunning = new Uint8Array(rows);
    this.#isHeld = new Uint8Array(rows);
    this.#deletedAt = new Float64Array(rows).fill(NOT_DELETED);
    this.#simulation = simulation;
    this.#tokenEnd = simulation.event(`${name} ${options.name} token ends`, (node) => this.#endToken(node));
    this.#startStream = simulation.streams.get(`${name}/${options.name}/start`);
    this.#spreadStream = simulation.streams.get(`${name}/${options.name}/start-jitter`);
    this.#phaseStream = simulation.streams.get(`${name}/${options.name}/phase`);
    const clients = options.collectors ?? rows;
    const paces = options.pace && new Paces(simulation, clients, options.pace);
    const { operation, period } = options;
    const requests: readonly AgentRequest[] = options.requests ?? [{ name: '', operation, period }];
    const others = controlPlane.groups.length;
    this.#clients = requests.map((request): AgentClients => {
      const parts = { options, request, controlPlane, paces };
      const { perChange } = request;
      if (perChange !== undefined)
        return new AgentChores(simulation, name, clients, { ...parts, request: { ...request, perChange } });
      if (request.isInformer !== true) return new AgentPolls(simulation, name, clients, parts);
      if (watches.agent === undefined) return new PlainAgentInformers(simulation, name, clients, parts);
      return new ReflectedAgentInformers(simulation, name, clients, { ...parts, operations: watches.agent });
    });
    this.groups = controlPlane.groups.slice(others);
  }

  /** The answers that they decode, by what they ask for. */
  get answers(): readonly AgentAnswers[] {
    return this.#clients.flatMap(({ answers, wholeAnswers = [] }) => [answers].concat(wholeAnswers));
  }

  /** How the last attempts of the agent of a node ended, request by request; none of agents that collectors ask for. */
  lastAttempts(node: number): LastAttempt[] {
    if (this.#options.collectors !== undefined) return [];
    return this.#clients.flatMap((each) => each.lastAttempt?.(node) ?? []);
  }

  /** Agents whose process runs. */
  get runningCount(): number {
    return this.#runningCount;
  }

  /** Objects that agents still have to write after a change, and stores that they have to fill anew. */
  get unfinished(): number {
    let count = 0;
    for (const each of this.#clients) count += each.unfinished;
    return count;
  }

  /** Every agent has been running for long when the run begins. */
  installAll(): void {
    const { period } = this.#options;
    for (let node = 0; node < this.#atStart; node++) {
      this.isRunning[node] = 1;
      const phase = Math.floor(this.#phaseStream.uniform() * period) as Duration;
      for (const each of this.#clients) each.install(node, phase);
    }
    this.#runningCount = this.#atStart;
  }

  /** The agent's configuration has changed, or changed back; it hears of that after `delay` microseconds. */
  change(node: number, delay: number): void {
    for (const each of this.#clients) each.change(node, delay as Duration);
  }

  /** The kubelet starts the agent's pod; its first request comes after image pull and start. */
  start(node: number): void {
    this.#deletedAt[node] = NOT_DELETED;
    if (this.isRunning[node] === 1 || this.#isHeld[node] === 1) return;
    this.isRunning[node] = 1;
    this.#runningCount++;
    const { collectors } = this.#options;
    if (collectors === undefined) this.#startClient(node);
    else if (this.#runningCount === 1) for (let each = 0; each < collectors; each++) this.#startClient(each);
  }

  /** The kubelet stops the agent's pod, or the machine is gone. Collectors stop with the last agent. */
  stop(node: number): void {
    const { collectors } = this.#options;
    const wasRunning = this.isRunning[node] === 1;
    this.isRunning[node] = 0;
    if (wasRunning) this.#runningCount--;
    if (collectors === undefined) for (const each of this.#clients) each.stop(node);
    else if (wasRunning && this.#runningCount === 0) {
      for (let collector = 0; collector < collectors; collector++) {
        for (const each of this.#clients) each.stop(collector);
      }
    }
  }

  /** Somebody stops the agent on the node itself and keeps it from starting again; needs no API, and nobody there knows. */
  hold(node: number): void {
    this.#isHeld[node] = 1;
    this.stop(node);
  }

  /**
   * The pod object is deleted: once its token has ended, whatever the agent still sends is refused with 401, before it costs
   * anything. A pod that starts on the node before then brings a token of its own.
   */
  revokeToken(node: number): void {
    if (this.#options.collectors !== undefined) return;
    this.#deletedAt[node] = this.#simulation.now;
    this.#tokenEnd.after(TOKEN_OUTLIVES_POD, node);
  }

  #endToken(node: number): void {
    if (this.#deletedAt[node] !== this.#simulation.now - TOKEN_OUTLIVES_POD) return;
    for (const each of this.#clients) each.revokeToken(node);
  }

  /** An API server died: streams over its connections are gone. */
  connectionsBroke(): void {
    for (const each of this.#clients) each.connectionsBroke();
  }

  /** Packets from the nodes to the API servers are dropped from now on. */
  pathBlocked(): void {
    for (const each of this.#clients) each.pathBlocked();
  }

  /** Packets pass again. */
  pathOpened(): void {
    for (const each of this.#clients) each.pathOpened();
  }

  #startClient(client: number): void {
    const { startDelay, startJitter = noTime } = this.#options;
    const spread = startJitter === 0 ? 0 : Math.round(startJitter * this.#spreadStream.uniform());
    const delay = (startDelay.sample(this.#startStream) + spread) as Duration;
    for (const each of this.#clients) each.start(client, delay);
  }
}
