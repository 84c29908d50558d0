/**
 * What agents owe the API after a change of their configuration: a fixed number of objects each, which it has to write again,
 * all at once as far as its client-side limit lets it. An object is either as the configuration wants it or owed; a change
 * that is taken back while some are still owed leaves those alone and makes the written ones owed again.
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import type { Paces } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { Status } from '../requests/api-request.ts';
import type { AgentRequest, DaemonOptions } from './agent-options.ts';
import { type AgentAnswers, type AgentClients, agentGroup, requestName } from './agent-polls.ts';
import { type AgentRetries, createAgentRetries, GIVEN_UP } from './agent-retries.ts';

/** Objects of all agents of a cluster, in rows: those of agent `a` are `a * perChange` and the following. */
export class AgentChores implements AgentClients {
  readonly answers: AgentAnswers;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #request: AgentRequest;
  readonly #perChange: number;
  readonly #paces: Paces | undefined;
  readonly #retries: AgentRetries;
  readonly #operation: number;
  readonly #group: number;
  readonly #begin: EventType;
  readonly #attempt: EventType;
  /** By client: 1 while its process runs and 1 while its token is valid; what its configuration wants, 0 or 1. */
  readonly #isRunning: Uint8Array;
  readonly #hasValidToken: Uint8Array;
  readonly #wanted: Uint8Array;
  /** By row: what is stored; what the write under way will store, 2 = none is; its pending event. */
  readonly #stored: Uint8Array;
  readonly #sent: Uint8Array;
  readonly #pending: Float64Array;
  #owed = 0;

  constructor(
    simulation: Simulation,
    name: string,
    clients: number,
    parts: {
      readonly options: DaemonOptions;
      readonly request: AgentRequest & { readonly perChange: number };
      readonly controlPlane: ControlPlane;
      readonly paces: Paces | undefined;
    },
  ) {
    const { options, request, controlPlane, paces } = parts;
    const own = requestName(options, request);
    const rows = clients * request.perChange;
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#request = request;
    this.#perChange = request.perChange;
    this.#paces = paces;
    this.#operation = controlPlane.operations.number(request.operation);
    this.#retries = createAgentRetries(rows, options.retry, simulation.streams.get(`${name}/${own}/backoff`));
    this.#isRunning = new Uint8Array(clients);
    this.#hasValidToken = new Uint8Array(clients);
    this.#wanted = new Uint8Array(clients);
    this.#stored = new Uint8Array(rows);
    this.#sent = new Uint8Array(rows).fill(NONE);
    this.#pending = new Float64Array(rows).fill(noEvent);
    const group = agentGroup(own, clients, parts, (subject, status, wait) =>
      this.#answered(subject - clients, status, wait),
    );
    this.answers = { group, operation: this.#operation };
    this.#group = controlPlane.join(group);
    this.#begin = simulation.event(`${name} ${own} write`, (row) => this.#whenPaced(row), 'arrival');
    this.#attempt = simulation.event(`${name} ${own} paced`, (row) => this.#send(row), 'arrival');
  }

  /** Objects that are not yet as the configuration wants them, of agents that run. */
  get unfinished(): number {
    return this.#owed;
  }

  /** A new process finds its objects as they are wanted. */
  start(client: number): void {
    this.install(client);
  }

  install(client: number): void {
    this.#isRunning[client] = 1;
    this.#hasValidToken[client] = 1;
    this.#forRows(client, (row) => {
      this.#stored[row] = this.#wanted[client]!;
    });
  }

  /** What it owes stays as it is, and nobody owes it any more. */
  stop(client: number): void {
    this.#hasValidToken[client] = 0;
    if (this.#isRunning[client] === 0) return;
    this.#isRunning[client] = 0;
    this.#forRows(client, (row) => {
      if (this.#isOwed(row)) this.#owed--;
      this.#forget(row);
    });
  }

  /** The configuration has changed, or changed back; the agent hears of it after `delay`. */
  change(client: number, delay: Duration): void {
    if (this.#isRunning[client] === 0) return;
    this.#wanted[client] = 1 - this.#wanted[client]!;
    this.#forRows(client, (row) => {
      this.#owed += this.#isOwed(row) ? 1 : -1;
      this.#forget(row);
      if (this.#isOwed(row) && this.#sent[row] === NONE) this.#pending[row] = this.#begin.after(delay, row);
    });
  }

  revokeToken(client: number): void {
    this.#hasValidToken[client] = 0;
  }

  /** Writers find out when they write next. */
  connectionsBroke(): void {}

  pathBlocked(): void {}

  pathOpened(): void {}

  #forRows(client: number, visit: (row: number) => void): void {
    const first = client * this.#perChange;
    for (let row = first; row < first + this.#perChange; row++) visit(row);
  }

  #isOwed(row: number): boolean {
    return this.#stored[row] !== this.#wanted[this.#clientOf(row)];
  }

  #clientOf(row: number): number {
    return Math.floor(row / this.#perChange);
  }

  #forget(row: number): void {
    this.#simulation.cancel(this.#pending[row]! as EventHandle);
    this.#pending[row] = noEvent;
  }

  #whenPaced(row: number): void {
    const wait = this.#paces === undefined ? 0 : this.#paces.take(this.#clientOf(row));
    if (wait > 0) this.#pending[row] = this.#attempt.after(wait as Duration, row);
    else this.#send(row);
  }

  #send(row: number): void {
    const client = this.#clientOf(row);
    this.#pending[row] = noEvent;
    this.#sent[row] = this.#wanted[client]!;
    const isRepetition = this.#retries.isRepetition(row);
    if (!isRepetition) this.#retries.began(row);
    const isUnauthorized = this.#hasValidToken[client] === 0;
    // Subjects of writes are what watches by node select; nobody selects these objects, so they begin behind the nodes.
    const subject = this.#isRunning.length + row;
    this.#controlPlane.send(this.#group, client, this.#operation, subject, isRepetition, isUnauthorized);
  }

  #answered(row: number, status: number, retryAfterSeconds: number): void {
    const wasOwed = this.#isOwed(row);
    if (status === Status.ok) this.#stored[row] = this.#sent[row]!;
    this.#sent[row] = NONE;
    if (this.#isRunning[this.#clientOf(row)] === 0) return;
    if (wasOwed !== this.#isOwed(row)) this.#owed += wasOwed ? -1 : 1;
    if (status === Status.ok) this.#retries.reset(row);
    if (!this.#isOwed(row)) return;
    // What was given up is taken up again after a period: the agent goes on until nothing is owed.
    const wait = status === Status.ok ? 0 : this.#retries.failed(row, status, retryAfterSeconds);
    this.#pending[row] = this.#begin.after((wait === GIVEN_UP ? this.#request.period : wait) as Duration, row);
  }
}

const NONE = 2;
