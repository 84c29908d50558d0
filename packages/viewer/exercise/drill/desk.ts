/** The drill of a page, whichever screen is shown: who hosts it, which seats this page holds, and which of them it looks through. */
import { FACILITATOR } from '@brownout/scenarios';
import type { Lobby } from '../../src/drill/drill-messages.ts';
import type { DrillOrder, KeptPast } from '../engine/drill-protocol.ts';
import { Engine, type EngineWorker } from '../engine/engine.ts';
import type { Exercise } from '../exercise-context.ts';
import { debriefOf } from '../debrief/debrief-book.ts';
import { Store } from '../store.ts';
import { forget, keepOrder, keepPast, shelfOfPage, type KeptDrill, type Shelf } from './kept-drills.ts';
import { Member } from './member.ts';
import { serverTransport } from './server-transport.ts';
import { hostTabs, tabTransport } from './tab-transport.ts';
import type { DrillTransport } from './transport.ts';
import { type HostListener, WorkerHost } from './worker-host.ts';

/** What is decided before a drill begins; codes are made here. */
export type Wishes = Omit<DrillOrder, 'code' | 'facilitatorCode'>;

/** Where the drill is. */
export type Place =
  | { readonly kind: 'none' }
  /** In a worker of this page. */
  | { readonly kind: 'here'; readonly session: string; readonly order: DrillOrder }
  /** Somebody invited this page: another tab of this browser, or a server. */
  | { readonly kind: 'elsewhere'; readonly how: 'tab' | 'server'; readonly code: string };

const lostNotice = 'There is no room to keep this exercise: it is lost when this page is closed.';

function otherNotice(engine: string): string {
  return `Played again it has not come to the same: it was begun with engine ${engine}.`;
}

/** See above. */
export class Desk {
  readonly place: Store<Place> = new Store<Place>({ kind: 'none' });
  readonly members: Store<readonly Member[]> = new Store<readonly Member[]>([]);
  /** Name of the seat that is looked through; `facilitator`. */
  readonly shown: Store<string | undefined> = new Store<string | undefined>(undefined);
  readonly problems: Store<readonly string[]> = new Store<readonly string[]>([]);
  /** Whether whoever hosts it has stopped answering. */
  readonly isGone: Store<boolean> = new Store(false);
  /** What whoever hosts it has to know; '' = nothing. */
  readonly notice: Store<string> = new Store('');
  /** Where drills that are hosted here are kept; undefined where the browser keeps nothing. */
  readonly shelf: Shelf | undefined = shelfOfPage();
  readonly #exercise: Exercise;
  readonly #engine: Engine;
  #transport: DrillTransport | undefined;
  #stop: () => void = () => {};
  #isOver = false;

  constructor(exercise: Exercise, createWorker: () => EngineWorker) {
    this.#exercise = exercise;
    this.#engine = new Engine(createWorker, 1);
  }

  /** Hosts a drill in this page, and sits down in the seat of its first trainee. */
  async begin(wishes: Wishes): Promise<void> {
    const order: DrillOrder = { ...wishes, code: drawn(2), facilitatorCode: drawn(3) };
    const session = drawn(2);
    if (this.shelf !== undefined) keepOrder(this.shelf, session, order, Date.now());
    await this.#host(session, order, undefined);
  }

  /** Hosts one again that was hosted until its page was gone. Time stands still at first. */
  async takeUp({ session, order, past }: KeptDrill): Promise<void> {
    await this.#host(session, order, past);
  }

  async #host(session: string, order: DrillOrder, past: KeptPast | undefined): Promise<void> {
    this.end();
    const debrief = debriefOf(this.#exercise);
    const listener: HostListener = {
      onFailed: (problems) => {
        this.#close();
        this.problems.set(problems);
      },
      onReplayed: (replayed) => debrief.take(replayed),
      onKept: (kept) => this.#keep(session, kept),
      onTakenUp: (isSame, engine) => this.notice.set(isSame ? '' : otherNotice(engine)),
    };
    const host = new WorkerHost(this.#engine, order, listener, past);
    this.#transport = host.transport;
    const stopTabs = hostTabs(session, host);
    addEventListener('beforeunload', this.#ask);
    this.#stop = () => {
      stopTabs();
      removeEventListener('beforeunload', this.#ask);
    };
    this.place.set({ kind: 'here', session, order });
    try {
      await this.sit(FACILITATOR, order.facilitatorCode);
      await this.sit(order.trainees[0]?.name ?? '', order.code);
    } catch {
      // It has failed, which `onFailed` has told.
    }
  }

  /** Goes to where this page was invited. */
  visit(how: 'tab' | 'server', session: string, code: string): void {
    this.end();
    const onGone = (isGone: boolean): void => this.isGone.set(isGone);
    this.#transport = how === 'server' ? serverTransport(session, onGone) : tabTransport(session, onGone);
    this.place.set({ kind: 'elsewhere', how, code });
  }

  /** Who is there, for whoever has not sat down; a facilitator has by then. */
  async look(): Promise<Lobby | undefined> {
    const { value: place } = this.place;
    if (place.kind !== 'elsewhere') return undefined;
    const answer = await this.#known().join(place.code);
    if (answer.kind === 'lobby') return answer;
    this.#add(answer);
    return undefined;
  }

  /** Takes a seat, and looks through it. */
  async sit(seat: string, code?: string): Promise<void> {
    if (!this.members.value.some((one) => one.seat === seat)) {
      const { value: place } = this.place;
      const own = place.kind === 'here' ? place.order.code : place.kind === 'elsewhere' ? place.code : '';
      const answer = await this.#known().join(code ?? own, seat === FACILITATOR ? undefined : seat);
      if (answer.kind === 'lobby') return;
      this.#add(answer);
    }
    this.show(seat);
  }

  /** Looks through a seat that is held. Only what is shown is listened to. */
  show(seat: string): void {
    for (const member of this.members.value) {
      if (member.seat === seat) member.listen();
      else if (member.isFacilitator) member.stopListening();
    }
    this.shown.set(seat);
  }

  /** Gives a seat back. */
  async leave(seat: string): Promise<void> {
    const member = this.member(seat);
    if (member === undefined) return;
    this.members.set(this.members.value.filter((one) => one !== member));
    if (this.shown.value === seat)
      this.shown.set(this.members.value.find((one) => !one.isFacilitator)?.seat ?? FACILITATOR);
    await member.leave();
  }

  member(seat: string | undefined): Member | undefined {
    return this.members.value.find((one) => one.seat === seat);
  }

  /** The facilitator's seat, where this page has it. */
  get facilitator(): Member | undefined {
    return this.member(FACILITATOR);
  }

  /** Ends the drill that is hosted here and keeps it no longer, or leaves the one elsewhere. */
  end(): void {
    const { value: place } = this.place;
    this.#close();
    if (place.kind === 'here' && this.shelf !== undefined) forget(this.shelf, place.session);
  }

  /** A drill that is not over is not closed by accident. */
  readonly #ask = (event: BeforeUnloadEvent): void => {
    if (!this.#isOver) event.preventDefault();
  };

  #keep(session: string, past: KeptPast): void {
    this.#isOver = past.state === 'over';
    if (this.shelf !== undefined && !keepPast(this.shelf, session, past, Date.now())) this.notice.set(lostNotice);
  }

  #close(): void {
    this.#isOver = false;
    this.#stop();
    this.#stop = () => {};
    for (const member of this.members.value) member.stopListening();
    this.#transport?.close();
    this.#transport = undefined;
    this.members.set([]);
    this.shown.set(undefined);
    this.problems.set([]);
    this.notice.set('');
    this.isGone.set(false);
    this.place.set({ kind: 'none' });
  }

  #known(): DrillTransport {
    if (this.#transport === undefined) throw new Error('there is no exercise to join');
    return this.#transport;
  }

  #add(joined: ConstructorParameters<typeof Member>[1]): void {
    const member = new Member(this.#known(), joined, (session) => {
      // Whoever hosts it here gets the session itself, which needs not be played again.
      if (this.place.value.kind === 'elsewhere') debriefOf(this.#exercise).open('the exercise', session);
    });
    this.members.set([...this.members.value, member]);
    this.show(member.seat);
  }
}

/** A code of so many groups of letters and digits that are not mistaken for each other. */
function drawn(groups: number): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const random = crypto.getRandomValues(new Uint32Array(groups * 4));
  return Array.from({ length: groups }, (_, group) =>
    Array.from(random.slice(group * 4, group * 4 + 4), (value) => letters[value % letters.length]).join(''),
  ).join('-');
}

const desks = new WeakMap<Exercise, Desk>();

/** The desk of a page. */
export function deskOf(exercise: Exercise): Desk {
  const known = desks.get(exercise);
  if (known !== undefined) return known;
  const made = new Desk(exercise, exercise.createWorker);
  desks.set(exercise, made);
  return made;
}
