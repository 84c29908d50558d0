/**
 * Requests of one kind of client: an attempt, what its client does about a failure, and the end. A request has a slot for as
 * long as it lasts; the parts above it (stream, burst, agents) say when requests begin.
 */
import { type EventType, ms, seconds, type Simulation, type Stream } from '@brownout/core';
import { type DoublingBackoff, jitteredWaitAfter } from '../../kubernetes/client/backoff.ts';
import { ClientGroup } from '../../kubernetes/client/client-group.ts';
import { type RequestKind, retryAfterFailure } from '../../kubernetes/client/request-retry.ts';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import { Asked, PagedLists } from '../../kubernetes/requests/paged-lists.ts';
import type { BurstSection, AgentsSection, StreamSection } from './document.ts';
import { apiGroupOf, identityOf } from './identity.ts';
import type { PageTokens } from './page-tokens.ts';
import type { ClientBook } from './phase-book.ts';

/** After a failure that names no time: 0.8 s, doubling to 30 s, jitter 1.0 (client-go's reflector). */
const AFTER_FAILURE: DoublingBackoff = { first: ms(800), longest: seconds(30) };
/** A client that repeats at once needs this long to hear and to send again (assumed). */
const AT_ONCE = ms(1);

/** What requesters need. */
export interface RequesterParts {
  readonly simulation: Simulation;
  readonly controlPlane: ControlPlane;
  readonly book: ClientBook;
  /** Numbers of the operations that a request is, one page after the other. */
  readonly pages: readonly number[];
  /** What becomes of further pages when their version is gone; absent = there are none. */
  readonly tokens?: PageTokens | undefined;
  /** Clients, each with a connection of its own. */
  readonly clients: number;
  /** Whether a client-go client goes on with back-off, as a loop does, or lets its caller know, as one request does. */
  readonly persists: boolean;
  /** Whether the client of a slot is still there to repeat what failed; absent = all are. */
  readonly isThere?: (slot: number) => boolean;
  readonly onDone: (slot: number, isWell: boolean) => void;
}

/** Sends the requests of one kind of client. */
export class Requester {
  readonly #section: StreamSection | BurstSection | AgentsSection;
  readonly #parts: RequesterParts;
  readonly #kind: RequestKind;
  readonly #group: number;
  readonly #again: EventType;
  readonly #backoff: Stream;
  readonly #lists: PagedLists;
  /** By slot: its client, when its attempt was sent, repetitions in a row, failures that named no time. */
  readonly #client: number[] = [];
  readonly #sentAt: number[] = [];
  readonly #retries: number[] = [];
  readonly #failures: number[] = [];

  constructor(section: StreamSection | BurstSection | AgentsSection, parts: RequesterParts) {
    const { simulation, controlPlane, clients } = parts;
    this.#section = section;
    this.#parts = parts;
    this.#lists = new PagedLists(0, parts.tokens?.versions);
    const { verb, resource } = section.request;
    this.#kind = verb === 'get' || verb === 'list' ? 'read' : 'write';
    this.#backoff = simulation.streams.get(`${section.name}/backoff`);
    this.#again = simulation.event(`${section.name} again`, (slot) => this.#repeat(slot), 'arrival');
    this.#group = controlPlane.join(
      new ClientGroup({
        name: section.name,
        clients,
        timeout: section.timeout,
        describe: (client) => ({
          ...identityOf(section.user, section.groups, client),
          verb,
          resource,
          apiGroup: apiGroupOf(resource),
          ...(verb === 'list' ? {} : { namespace: 'default' }),
        }),
        isInside: false,
        countsForAvailability: true,
        onReply: (slot, status, retryAfter) => this.#replied(slot, status, retryAfter),
      }),
    );
  }

  /** A request begins in a slot that no other request is in. */
  begin(slot: number, client: number): void {
    this.#client[slot] = client;
    this.#lists.startOver(slot);
    this.#retries[slot] = 0;
    this.#failures[slot] = 0;
    this.#parts.book.offered();
    this.#send(slot);
  }

  #repeat(slot: number): void {
    if (this.#isThere(slot)) this.#send(slot);
    else this.#parts.onDone(slot, false);
  }

  #isThere(slot: number): boolean {
    return this.#parts.isThere?.(slot) ?? true;
  }

  #send(slot: number): void {
    const { controlPlane, simulation, book } = this.#parts;
    this.#sentAt[slot] = simulation.now;
    book.sent();
    const isRepetition = this.#retries[slot]! + this.#failures[slot]! > 0;
    controlPlane.send(this.#group, this.#client[slot]!, this.#operation(slot), slot, isRepetition);
  }

  #operation(slot: number): number {
    const { pages, tokens } = this.#parts;
    const asked = this.#lists.ask(slot);
    if (asked === Asked.whole) return tokens!.whole;
    if (asked === Asked.gone) return tokens!.expired;
    const left = this.#lists.left(slot);
    return pages[left === 0 ? 0 : pages.length - left]!;
  }

  #replied(slot: number, status: number, retryAfterSeconds: number): void {
    const { book, simulation, onDone } = this.#parts;
    const isGone = status === Status.ok && this.#lists.asked(slot) === Asked.gone;
    if (isGone) book.expired();
    else book.ended(status, simulation.now - this.#sentAt[slot]!, retryAfterSeconds);
    if (status === Status.ok && this.#isThere(slot) && this.#turnPage(slot)) return;
    if (status === Status.ok || !this.#isThere(slot)) onDone(slot, status === Status.ok && !isGone);
    else if (this.#section.retry === 'immediate') this.#repeatAtOnce(slot);
    else if (this.#section.retry === 'none' || !this.#repeatLater(slot, status, retryAfterSeconds)) onDone(slot, false);
  }

  /** Asks for the next page, or for everything, if there is more; with retries of its own. */
  #turnPage(slot: number): boolean {
    const { pages, tokens } = this.#parts;
    if (!this.#lists.turn(slot, pages.length, tokens?.versions.version() ?? 0)) return false;
    this.#retries[slot] = 0;
    this.#failures[slot] = 0;
    this.#again.after(AT_ONCE, slot);
    return true;
  }

  #repeatAtOnce(slot: number): void {
    this.#failures[slot]!++;
    this.#again.after(AT_ONCE, slot);
  }

  /** client-go within one request, then the loop around it. */
  #repeatLater(slot: number, status: number, retryAfterSeconds: number): boolean {
    const wait = retryAfterFailure(this.#kind, status, retryAfterSeconds, this.#retries[slot]!);
    if (wait >= 0) {
      this.#retries[slot]!++;
      this.#again.after(seconds(wait), slot);
      return true;
    }
    if (!this.#parts.persists) return false;
    this.#retries[slot] = 0;
    this.#lists.startOver(slot);
    this.#again.after(jitteredWaitAfter(this.#failures[slot]!, AFTER_FAILURE, this.#backoff), slot);
    this.#failures[slot]!++;
    return true;
  }
}
