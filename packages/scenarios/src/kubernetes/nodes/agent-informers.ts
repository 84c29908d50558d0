/**
 * Agents that watch: each fills a store by one LIST and is told of changes from then on. Where API servers have watch
 * caches they are reflectors; elsewhere a stream is taken to be open as long as its connection lives, costs nothing, and is
 * listed anew when it broke, for plain servers do not remember what has happened.
 */
import { type Duration, type EventHandle, type EventType, noEvent, type Simulation } from '@brownout/core';
import type { ClientGroup } from '../client/client-group.ts';
import type { Paces } from '../client/paced-client.ts';
import type { ReflectorOperations } from '../client/reflector-options.ts';
import { ReflectorState } from '../client/reflector-machine.ts';
import { Reflectors } from '../client/reflectors.ts';
import { SilentPath } from '../client/silent-path.ts';
import type { ControlPlane } from '../control-plane.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import type { AgentRequest, DaemonOptions } from './agent-options.ts';
import { type AgentAnswers, type AgentClients, agentGroup, requestName } from './agent-polls.ts';
import { type AgentRetries, createAgentRetries, GIVEN_UP } from './agent-retries.ts';

interface AgentInformerParts {
  readonly options: DaemonOptions;
  readonly request: AgentRequest;
  readonly controlPlane: ControlPlane;
  readonly paces: Paces | undefined;
}

const State = { idle: 0, listing: 1, waiting: 2, streaming: 3 } as const;

/** Informers without watch caches. */
export class PlainAgentInformers implements AgentClients {
  readonly answers: AgentAnswers;
  readonly #simulation: Simulation;
  readonly #parts: AgentInformerParts;
  readonly #clients: ClientGroup;
  readonly #group: number;
  readonly #operation: number;
  readonly #retries: AgentRetries;
  readonly #list: EventType;
  readonly #attempt: EventType;
  readonly #path: SilentPath;
  readonly #state: Uint8Array;
  /** 1 while an answer is on its way, whoever waits for it. */
  readonly #isAsking: Uint8Array;
  readonly #hasValidToken: Uint8Array;
  readonly #pending: Float64Array;

  constructor(simulation: Simulation, name: string, clients: number, parts: AgentInformerParts) {
    const { options, request, controlPlane } = parts;
    const own = requestName(options, request);
    this.#simulation = simulation;
    this.#parts = parts;
    this.#operation = controlPlane.operations.number(request.operation);
    this.#retries = createAgentRetries(clients, options.retry, simulation.streams.get(`${name}/${own}/backoff`));
    this.#state = new Uint8Array(clients);
    this.#isAsking = new Uint8Array(clients);
    this.#hasValidToken = new Uint8Array(clients);
    this.#pending = new Float64Array(clients).fill(noEvent);
    this.#clients = agentGroup(own, clients, parts, (client, status, wait) => this.#listed(client, status, wait));
    this.answers = { group: this.#clients, operation: this.#operation };
    this.#group = controlPlane.join(this.#clients);
    this.#list = simulation.event(`${name} ${own} list`, (client) => this.#whenPaced(client), 'arrival');
    this.#attempt = simulation.event(`${name} ${own} paced`, (client) => this.#send(client), 'arrival');
    this.#path = new SilentPath(simulation, `${name} ${own}`, clients, {
      isCut: () => controlPlane.isBlocked,
      onDead: () => this.connectionsBroke(),
      onOpened: () => {},
    });
  }

  start(client: number, delay: Duration): void {
    if (this.#state[client] !== State.idle) return;
    this.#hasValidToken[client] = 1;
    this.#retries.reset(client);
    this.#listLater(client, delay);
  }

  /** Its stream is open, and has nothing to tell. */
  install(client: number): void {
    const { balanced } = this.#parts.controlPlane;
    const server = balanced[client % balanced.length]!;
    this.#hasValidToken[client] = 1;
    this.#state[client] = State.streaming;
    this.#clients.connect(client, server.index, server.life);
  }

  /** Informers whose store is to be filled anew. */
  get unfinished(): number {
    let count = 0;
    for (const state of this.#state) if (state === State.listing || state === State.waiting) count++;
    return count;
  }

  change(): void {}

  stop(client: number): void {
    this.#state[client] = State.idle;
    this.#hasValidToken[client] = 0;
    this.#simulation.cancel(this.#pending[client]! as EventHandle);
  }

  /** An open stream goes on: the server looks at a token when a request begins. */
  revokeToken(client: number): void {
    this.#hasValidToken[client] = 0;
  }

  /** Every client whose stream went over a connection that is gone starts over after a back-off. */
  connectionsBroke(): void {
    const { controlPlane } = this.#parts;
    for (let client = 0; client < this.#state.length; client++) {
      if (this.#state[client] !== State.streaming || controlPlane.isConnected(this.#clients, client)) continue;
      this.#clients.disconnect(client);
      this.#failed(client, Status.reset, 0);
    }
  }

  pathBlocked(): void {
    this.#path.blocked();
  }

  pathOpened(): void {
    this.#path.opened();
  }

  #listLater(client: number, wait: Duration): void {
    this.#state[client] = State.waiting;
    this.#pending[client] = this.#list.after(wait, client);
  }

  #whenPaced(client: number): void {
    const { paces } = this.#parts;
    const wait = paces === undefined ? 0 : paces.take(client);
    if (wait > 0) this.#pending[client] = this.#attempt.after(wait as Duration, client);
    else this.#send(client);
  }

  #send(client: number): void {
    this.#state[client] = State.listing;
    // The answer to what it asked before it was stopped and started again will do.
    if (this.#isAsking[client] === 1) return;
    this.#isAsking[client] = 1;
    const isRepetition = this.#retries.isRepetition(client);
    if (!isRepetition) this.#retries.began(client);
    const isUnauthorized = this.#hasValidToken[client] === 0;
    this.#parts.controlPlane.send(this.#group, client, this.#operation, client, isRepetition, isUnauthorized);
  }

  #listed(client: number, status: number, retryAfterSeconds: number): void {
    this.#isAsking[client] = 0;
    if (this.#state[client] !== State.listing) return;
    if (status !== Status.ok) {
      this.#failed(client, status, retryAfterSeconds);
      return;
    }
    this.#retries.reset(client);
    this.#state[client] = State.streaming;
  }

  /** Without a repetition left it tries again after a period: an informer does not stop. */
  #failed(client: number, status: number, retryAfterSeconds: number): void {
    const wait = this.#retries.failed(client, status, retryAfterSeconds);
    this.#listLater(client, wait === GIVEN_UP ? this.#parts.request.period : wait);
  }
}

/** Informers on watch caches. */
export class ReflectedAgentInformers implements AgentClients {
  readonly answers: AgentAnswers;
  readonly #reflectors: Reflectors;
  readonly #start: EventType;
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #pending: Float64Array;

  constructor(
    simulation: Simulation,
    name: string,
    clients: number,
    parts: AgentInformerParts & { readonly operations: ReflectorOperations },
  ) {
    const { options, controlPlane, operations } = parts;
    const { informer, pace } = options;
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#pending = new Float64Array(clients).fill(noEvent);
    this.#reflectors = new Reflectors(
      simulation,
      name,
      {
        name: options.name,
        clients,
        describe: () => ({
          ...serviceAccountIdentity({ namespace: options.namespace, name: options.name }),
          resource: 'pods',
        }),
        countsForAvailability: false,
        resource: 'pods',
        operations,
        listTimeout: options.timeout,
        ...(informer?.isOfOwnNode === true ? { index: (client: number) => client } : {}),
        encoding: informer?.encoding ?? 'json',
        ...(pace === undefined ? {} : { pace }),
      },
      controlPlane,
      { onSynced: () => {} },
    );
    // Its store is filled by LISTs; what streams bring of changes is left out.
    this.answers = {
      group: this.#reflectors.lists,
      operation: controlPlane.operations.number(operations.listAny),
      // The pages of a LIST are taken to be all of it.
      others: () => this.#reflectors.pages.furtherAnswers,
    };
    this.#start = simulation.event(
      `${name} ${options.name} informer start`,
      (client) => this.#reflectors.start(client),
      'arrival',
    );
  }

  start(client: number, delay: Duration): void {
    if (!this.#simulation.isPending(this.#pending[client]! as EventHandle)) {
      this.#pending[client] = this.#start.after(delay, client);
    }
  }

  /** Its store is full and its stream open. */
  install(client: number): void {
    const { balanced } = this.#controlPlane;
    this.#reflectors.startSynced(client, balanced[client % balanced.length]!.index);
  }

  /** Informers whose store is to be filled anew. */
  get unfinished(): number {
    let count = 0;
    for (let client = 0; client < this.#pending.length; client++) {
      const state = this.#reflectors.state(client);
      if (state === ReflectorState.listing || state === ReflectorState.waitingToList) count++;
    }
    return count;
  }

  change(): void {}

  stop(client: number): void {
    this.#simulation.cancel(this.#pending[client]! as EventHandle);
    this.#reflectors.stop(client);
  }

  /** Its stream ends here and not with its timeout; the 401s that it would hear from then on are left out. */
  revokeToken(client: number): void {
    this.stop(client);
  }

  /** The servers have told the reflectors themselves. */
  connectionsBroke(): void {}

  pathBlocked(): void {
    this.#reflectors.pathBlocked();
  }

  pathOpened(): void {
    this.#reflectors.pathOpened();
  }
}
