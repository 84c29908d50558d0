/**
 * One request that the agents of a cluster repeat, in columns: send, wait for the answer, wait a period, send again. A LIST
 * in pages is several requests one after the other, as client-go's pager has them (requests/paged-lists.ts); a page that is
 * given up begins the LIST anew.
 */
import {
  type Duration,
  type EventHandle,
  type EventType,
  type Instant,
  noEvent,
  type Simulation,
  type Stream,
} from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { Paces } from '../client/paced-client.ts';
import type { ControlPlane } from '../control-plane.ts';
import { storedVersions } from '../etcd/stored-versions.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { pagesOfList } from '../requests/filled-page.ts';
import { Asked, PagedLists } from '../requests/paged-lists.ts';
import type { AgentRequest, DaemonOptions } from './agent-options.ts';
import { type AgentRetries, createAgentRetries, GIVEN_UP } from './agent-retries.ts';

/** Where answers to agents are counted that they have to decode, and the operation that says how large one is. */
export interface AgentAnswers {
  readonly group: ClientGroup;
  /** Number of an operation; of a LIST in pages that of every page but the first. */
  readonly operation: number;
  /** Answers of the group that do not count here: their size is another, or that of what they belong to. Default none. */
  others?(): number;
}

/** How the last attempt of a client ended that has one, as its own log would say. */
export interface LastAttempt {
  readonly request: AgentRequest;
  readonly status: Status;
  readonly at: Instant;
}

/** Clients of one kind, of which some run: agents that poll, or informers. */
export interface AgentClients {
  readonly answers: AgentAnswers;
  /** Of LISTs in pages: the answers with everything, where pages can be gone. */
  readonly wholeAnswers?: AgentAnswers | undefined;
  /** Of polls, since the process has started; absent for other kinds, which the model does not follow attempt by attempt. */
  lastAttempt?(client: number): LastAttempt | undefined;
  /** The client's process is there; its first request comes after `delay`. Does nothing to one that runs. */
  start(client: number, delay: Duration): void;
  stop(client: number): void;
  /** The client has been there for long when the run begins. */
  install(client: number, phase: Duration): void;
  /** The pod object is gone: whatever the client still sends is refused with 401. */
  revokeToken(client: number): void;
  /** What clients still have to do after a change: objects to write, stores to fill. */
  readonly unfinished: number;
  /** The client's configuration has changed, or changed back; it hears of that after `delay`. */
  change(client: number, delay: Duration): void;
  /** An API server died: streams over its connections are gone. */
  connectionsBroke(): void;
  /** Packets from outside the control plane are dropped from now on, or pass again. */
  pathBlocked(): void;
  pathOpened(): void;
}

/** See above. */
export class AgentPolls implements AgentClients {
  readonly answers: AgentAnswers;
  readonly wholeAnswers: AgentAnswers | undefined;
  readonly unfinished = 0;
  readonly #controlPlane: ControlPlane;
  readonly #options: DaemonOptions;
  readonly #request: AgentRequest;
  readonly #periodStream: Stream;
  readonly #retries: AgentRetries;
  readonly #paces: Paces | undefined;
  readonly #group: number;
  readonly #ask: EventType;
  readonly #attempt: EventType | undefined;
  readonly #operation: number;
  /** Operations of every page but the first, of a page that is gone, and of everything in its place; -1 = there are none. */
  readonly #nextPage: number;
  readonly #expired: number;
  readonly #whole: number;
  readonly #lists: PagedLists;
  readonly #isRunning: Uint8Array;
  readonly #isWaiting: Uint8Array;
  /** 1 while the pod object exists: a bound service-account token is valid as long as its pod. */
  readonly #hasValidToken: Uint8Array;
  /** When the last attempt ended, -1 = none yet, and how. */
  readonly #lastAt: Float64Array;
  readonly #lastStatus: Uint8Array;
  readonly #simulation: Simulation;
  readonly #pending: Float64Array;

  constructor(
    simulation: Simulation,
    name: string,
    clients: number,
    parts: {
      readonly options: DaemonOptions;
      readonly request: AgentRequest;
      readonly controlPlane: ControlPlane;
      readonly paces: Paces | undefined;
    },
  ) {
    const { options, request, controlPlane, paces } = parts;
    const own = requestName(options, request);
    const { operation, ifGone } = request.pages ?? {};
    const numberOf = (name?: string): number => (name === undefined ? -1 : controlPlane.operations.number(name));
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#options = options;
    this.#request = request;
    this.#paces = paces;
    this.#operation = controlPlane.operations.number(request.operation);
    this.#nextPage = numberOf(operation);
    this.#expired = numberOf(ifGone?.expired);
    this.#whole = numberOf(ifGone?.whole);
    this.#lists = new PagedLists(clients, ifGone === undefined ? undefined : storedVersions(controlPlane.etcd));
    this.#periodStream = simulation.streams.get(`${name}/${own}/period`);
    this.#retries = createAgentRetries(clients, options.retry, simulation.streams.get(`${name}/${own}/backoff`));
    this.#isRunning = new Uint8Array(clients);
    this.#isWaiting = new Uint8Array(clients);
    this.#hasValidToken = new Uint8Array(clients);
    this.#lastAt = new Float64Array(clients).fill(-1);
    this.#lastStatus = new Uint8Array(clients);
    this.#pending = new Float64Array(clients).fill(noEvent);
    const group = agentGroup(own, clients, parts, (...answer) => this.#answered(...answer));
    const { answers, whole } = countedAnswers(group, this.#lists, [this.#operation, this.#nextPage, this.#whole]);
    this.answers = answers;
    this.wholeAnswers = whole;
    this.#group = controlPlane.join(group);
    this.#ask = simulation.event(`${name} ${own} request`, (client) => this.#whenPaced(client), 'arrival');
    if (paces !== undefined) {
      this.#attempt = simulation.event(`${name} ${own} paced`, (client) => this.#send(client), 'arrival');
    }
  }

  start(client: number, delay: Duration): void {
    if (this.#isRunning[client] === 1) return;
    this.#isRunning[client] = 1;
    this.#hasValidToken[client] = 1;
    this.#lists.startOver(client);
    this.#lastAt[client] = -1;
    this.#retries.reset(client);
    this.#schedule(client, delay);
  }

  lastAttempt(client: number): LastAttempt | undefined {
    const at = this.#lastAt[client]!;
    if (at < 0) return undefined;
    return { request: this.#request, status: this.#lastStatus[client] as Status, at: at as Instant };
  }

  /** It sends its first request at some phase of its period. */
  install(client: number, phase: Duration): void {
    this.start(client, phase);
  }

  stop(client: number): void {
    this.#hasValidToken[client] = 0;
    if (this.#isRunning[client] === 0) return;
    this.#isRunning[client] = 0;
    this.#simulation.cancel(this.#pending[client]! as EventHandle);
  }

  revokeToken(client: number): void {
    this.#hasValidToken[client] = 0;
  }

  /** Polls repeat themselves whatever changes. */
  change(): void {}

  /** Polls find out when they ask next. */
  connectionsBroke(): void {}

  pathBlocked(): void {}

  pathOpened(): void {}

  #whenPaced(client: number): void {
    if (this.#isWaiting[client] === 1) return;
    const wait = this.#paces === undefined ? 0 : this.#paces.take(client);
    if (wait > 0) this.#pending[client] = this.#attempt!.after(wait as Duration, client);
    else this.#send(client);
  }

  #send(client: number): void {
    if (this.#isWaiting[client] === 1) return;
    this.#isWaiting[client] = 1;
    const isRepetition = this.#retries.isRepetition(client);
    if (!isRepetition && this.#lists.isAtStart(client)) this.#retries.began(client);
    const isUnauthorized = this.#hasValidToken[client] === 0;
    this.#controlPlane.send(this.#group, client, this.#next(client), client, isRepetition, isUnauthorized);
  }

  /** Operation of the attempt that is sent now. */
  #next(client: number): number {
    const asked = this.#lists.ask(client);
    if (asked === Asked.gone) return this.#expired;
    if (asked === Asked.whole) return this.#whole;
    return this.#lists.left(client) === 0 ? this.#operation : this.#nextPage;
  }

  #answered(client: number, status: number, retryAfterSeconds: number): void {
    this.#isWaiting[client] = 0;
    if (this.#isRunning[client] === 0) return;
    this.#lastAt[client] = this.#simulation.now;
    this.#lastStatus[client] = status;
    if (status !== Status.ok) {
      const wait = this.#retries.failed(client, status, retryAfterSeconds);
      if (wait !== GIVEN_UP) {
        this.#schedule(client, wait);
        return;
      }
      this.#lists.startOver(client);
      this.#scheduleNext(client);
      return;
    }
    this.#retries.reset(client);
    if (this.#turnPage(client)) this.#whenPaced(client);
    else this.#scheduleNext(client);
  }

  #turnPage(client: number): boolean {
    const { pages } = this.#request;
    if (pages === undefined) return false;
    const { operations, etcd } = this.#controlPlane;
    return this.#lists.turn(client, pagesOfList(operations.objects[this.#operation]!, pages.limit), etcd.revision);
  }

  #scheduleNext(client: number): void {
    const { periodJitter } = this.#options;
    const { period } = this.#request;
    this.#schedule(
      client,
      Math.round(period * (1 + periodJitter * (2 * this.#periodStream.uniform() - 1))) as Duration,
    );
  }

  #schedule(client: number, wait: Duration): void {
    this.#pending[client] = this.#ask.after(wait, client);
  }
}

/** The answers of a group by their size: pages, all of that of a further one, and LISTs of everything; a 410 has none. */
function countedAnswers(
  group: ClientGroup,
  lists: PagedLists,
  [operation, nextPage, whole]: readonly [operation: number, nextPage: number, whole: number],
): { readonly answers: AgentAnswers; readonly whole: AgentAnswers | undefined } {
  const answers = { group, operation: nextPage < 0 ? operation : nextPage };
  if (whole < 0) return { answers, whole: undefined };
  return {
    answers: { ...answers, others: () => lists.expired + lists.wholes },
    whole: { group, operation: whole, others: () => group.ended[Status.ok]! - lists.wholes },
  };
}

/** What a request of the agents is called, in groups of clients and streams: the agent's name where it has only one. */
export function requestName(options: DaemonOptions, request: AgentRequest): string {
  return request.name === '' ? options.name : `${options.name}-${request.name}`;
}

/** The group of clients that agents are; their own requests do not count for the availability of what they may harm. */
export function agentGroup(
  name: string,
  clients: number,
  { options, request }: { readonly options: DaemonOptions; readonly request: AgentRequest },
  onReply: (client: number, status: number, retryAfterSeconds: number) => void,
): ClientGroup {
  const identity = serviceAccountIdentity({ namespace: options.namespace, name: options.name });
  return new ClientGroup({
    name,
    describe: () => ({ ...identity, verb: request.verb ?? 'list', resource: 'pods' }),
    timeout: options.timeout,
    clients,
    isInside: false,
    countsForAvailability: false,
    onReply,
  });
}
