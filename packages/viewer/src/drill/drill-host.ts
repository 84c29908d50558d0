/**
 * Who hosts a drill, whatever carries the words: it has the session, knows who sits where, and lets time go by. It has no clock
 * and no timer of its own - a worker, a server or a test calls `step` with the seconds that have passed, and `publish` now and
 * then. What a seat is told is `view` of that seat; only the facilitator's token is ever told more.
 */
import { clockOf, FACILITATOR, type DrillSession, type DrillView, type Facilitation } from '@brownout/scenarios';
import { ChangedParts } from './changed-parts.ts';
import { facilitatorView } from './facilitator-view.ts';
import { Preparation, type PastDrill } from './preparation.ts';
import type {
  DrillAnswers,
  DrillCall,
  DrillNews,
  FacilitatorCommand,
  FacilitatorView,
  Joined,
  Lobby,
  Pace,
  Seat,
} from './drill-messages.ts';

/** What a host is given. */
export interface DrillHostOptions {
  /** What trainees join with, and what the facilitator joins with. */
  readonly code: string;
  readonly facilitatorCode: string;
  /** Simulated seconds in a second; default 10. */
  readonly speed?: number;
  /** Whether time begins to run without a facilitator; default false. */
  readonly beginsAtOnce?: boolean;
  /** A drill that was hosted before, and is taken up where it was. */
  readonly past?: PastDrill | undefined;
  /** A text that nobody can guess: tokens are made of it. */
  readonly draw: () => string;
  /** The session as a file, when it is over. */
  readonly pack: (session: DrillSession) => string;
}

/** Somebody who has joined. */
interface Member {
  readonly token: string;
  readonly seat: string;
  readonly listeners: Set<Listener>;
}

/** One ear of a member: a page, and what it has been told. */
interface Listener {
  readonly hear: (news: DrillNews) => void;
  readonly view: ChangedParts<DrillView>;
  readonly truth: ChangedParts<FacilitatorView>;
  readonly pace: ChangedParts<{ readonly pace: Pace }>;
  /** The revision of the host that it knows. */
  revision: number;
  isToldOver: boolean;
}

/** Somebody asks for what is not theirs: HTTP 403, where a plain RangeError is 400. */
export class NotAllowedError extends RangeError {
  override readonly name = 'NotAllowedError';
}

/** Simulated seconds in one go: between two of them a host looks at its watch. */
const stride = 5;
/** Steps longer than this, in seconds, are cut: a machine that slept does not race. */
const longestStep = 1;

/** See the head of this file. */
export class DrillHost {
  readonly #session: DrillSession;
  readonly #options: DrillHostOptions;
  readonly #preparation: Preparation;
  readonly #members: Map<string, Member> = new Map();
  #state: Pace['state'] = 'preparing';
  #speed: number;
  #isBehind = false;
  #packed: string | undefined;
  /** Counts what may have changed something that is told: nobody is told anything between two changes of it. */
  #revision = 0;

  constructor(session: DrillSession, options: DrillHostOptions) {
    this.#session = session;
    this.#options = options;
    this.#preparation = new Preparation(session, options.past);
    this.#speed = options.speed ?? 10;
  }

  get pace(): Pace {
    const { now, startSeconds, endSeconds, scenario } = this.#session;
    return {
      state: this.#state,
      t: now,
      clock: clockOf(scenario.clock.zero, now),
      zone: scenario.clock.zone,
      startSeconds,
      endSeconds,
      speed: this.#speed,
      isBehind: this.#isBehind,
    };
  }

  /**
   * Lets so many seconds of the host go by. `isTimeUp` is asked between strides: what could not be computed by then is not made
   * up for, the drill goes slower.
   */
  step(elapsedSeconds: number, isTimeUp: () => boolean): void {
    const session = this.#session;
    if (this.#state === 'preparing') {
      this.#revision++;
      if (this.#preparation.goOn(isTimeUp)) this.#prepared();
      return;
    }
    if (this.#state !== 'running') return;
    this.#revision++;
    const wanted = session.now + Math.min(elapsedSeconds, longestStep) * this.#speed;
    // Whole milliseconds, which the run can reach.
    const target = Math.min(session.endSeconds, Math.round(wanted * 1000) / 1000);
    do session.advanceTo(Math.min(target, session.now + stride));
    while (session.now < target && !isTimeUp());
    this.#isBehind = session.now < target;
    if (session.isOver) this.#end();
  }

  #prepared(): void {
    const { past, beginsAtOnce = false } = this.#options;
    if (past === undefined) this.#state = beginsAtOnce ? 'running' : 'waiting';
    else if (past.state === 'over' || this.#session.isOver) this.#end();
    else if (past.state === 'waiting') this.#state = 'waiting';
    else {
      // Whoever takes it up says when time goes on.
      if (past.state === 'running') this.#session.facilitate({ kind: 'pause' });
      this.#state = 'paused';
    }
  }

  /** Answers a call. Throws `NotAllowedError` or RangeError with words for whoever made it. */
  call<Kind extends DrillCall['kind']>(call: Extract<DrillCall, { readonly kind: Kind }>): DrillAnswers[Kind] {
    if (call.kind !== 'complete') this.#revision++;
    return this.#answer(call) as DrillAnswers[Kind];
  }

  /** Tells `hear` everything there is for this token, and from then on what changes, until the function returned is called. */
  subscribe(token: string, hear: (news: DrillNews) => void): () => void {
    const member = this.#member(token);
    const listener: Listener = {
      hear,
      view: new ChangedParts(),
      truth: new ChangedParts(),
      pace: new ChangedParts(),
      revision: -1,
      isToldOver: false,
    };
    member.listeners.add(listener);
    this.#tell(member, listener);
    return () => member.listeners.delete(listener);
  }

  /** Tells everybody what has changed for them. */
  publish(): void {
    for (const member of this.#members.values()) for (const listener of member.listeners) this.#tell(member, listener);
  }

  #answer(call: DrillCall): DrillAnswers[DrillCall['kind']] {
    if (call.kind === 'join') return this.#join(call.code, call.seat);
    const member = this.#member(call.token);
    const { seat } = member;
    if (call.kind === 'leave') return this.#remove(member, 'left');
    if (call.kind === 'facilitate') {
      if (seat !== FACILITATOR) throw new NotAllowedError('drill: only the facilitator does that');
      return this.#facilitate(call.command);
    }
    if (seat === FACILITATOR) throw new NotAllowedError('drill: the facilitator has no console');
    if (call.kind === 'complete') return this.#session.complete(seat, call.line);
    const refused = this.#whyNot();
    if (refused !== undefined) return { isAccepted: false, text: refused };
    const entered =
      call.kind === 'push' ? this.#session.push(seat, call.button, call.cluster) : this.#enter(seat, call.deed);
    for (const listener of member.listeners) this.#tell(member, listener);
    return entered;
  }

  #enter(seat: string, deed: Extract<DrillCall, { readonly kind: 'enter' }>['deed']): DrillAnswers['enter'] {
    switch (deed.kind) {
      case 'line':
        return this.#session.enter(seat, deed.line);
      case 'interrupt':
        return this.#session.interrupt(seat);
      case 'acknowledge':
        return this.#session.acknowledge(seat, deed.alert);
    }
  }

  /** Why nothing can be entered now; undefined while it can. */
  #whyNot(): string | undefined {
    switch (this.#state) {
      case 'running':
        return undefined;
      case 'paused':
        return 'the exercise is paused';
      case 'over':
        return 'the exercise is over';
      default:
        return 'the exercise has not begun';
    }
  }

  #join(code: string, seat: string | undefined): Lobby | Joined {
    const { code: ofTrainees, facilitatorCode, draw } = this.#options;
    const isFacilitator = code === facilitatorCode;
    if (!isFacilitator && code !== ofTrainees) throw new NotAllowedError('drill: this code is not known here');
    if (isFacilitator && seat === undefined)
      return this.#add({ token: draw(), seat: FACILITATOR, listeners: new Set() });
    if (seat === undefined) return { kind: 'lobby', seats: this.#seats() };
    const place = this.#seats().find(({ name }) => name === seat);
    if (place === undefined) throw new NotAllowedError(`drill: nobody here is called "${seat.slice(0, 40)}"`);
    if (place.isTaken)
      throw new NotAllowedError(`drill: ${place.name} is here already; the facilitator can free the seat`);
    return this.#add({ token: draw(), seat: place.name, listeners: new Set() });
  }

  #add(member: Member): Joined {
    this.#members.set(member.token, member);
    return { kind: 'joined', token: member.token, seat: member.seat };
  }

  #remove(member: Member, why: string): null {
    this.#members.delete(member.token);
    for (const { hear } of member.listeners) hear({ kind: 'left', why });
    return null;
  }

  #member(token: string): Member {
    const member = this.#members.get(token);
    if (member === undefined) throw new NotAllowedError('drill: this seat is not held any more; join again');
    return member;
  }

  #facilitate(command: FacilitatorCommand): null {
    switch (command.kind) {
      case 'begin':
        if (this.#state === 'waiting') this.#state = 'running';
        break;
      case 'speed':
        this.#speed = command.speed;
        break;
      case 'free':
        for (const member of [...this.#members.values()]) {
          if (member.seat === command.seat) this.#remove(member, 'the facilitator has freed this seat');
        }
        break;
      case 'end':
        if (this.#state !== 'over' && this.#state !== 'preparing') this.#end();
        break;
      default:
        this.#pass(command);
    }
    this.publish();
    return null;
  }

  #pass(command: Facilitation): void {
    if (this.#state === 'preparing') throw new RangeError('drill: the exercise has not begun');
    if (this.#state === 'over') throw new RangeError('drill: the exercise is over');
    const [from, to] = command.kind === 'pause' ? (['running', 'paused'] as const) : (['paused', 'running'] as const);
    const isOfTime = command.kind === 'pause' || command.kind === 'resume';
    if (isOfTime && this.#state !== from) return;
    this.#session.facilitate(command);
    if (isOfTime) this.#state = to;
  }

  #end(): void {
    this.#state = 'over';
    this.#packed = this.#options.pack(this.#session);
  }

  #seats(): Seat[] {
    const taken = new Set([...this.#members.values()].map(({ seat }) => seat));
    return this.#session.participants.map(({ name, roles }) => ({
      name,
      roles: roles.map(({ title }) => title),
      isTaken: taken.has(name),
    }));
  }

  #tell({ seat }: Member, listener: Listener): void {
    if (listener.revision === this.#revision) return;
    listener.revision = this.#revision;
    const { pace } = this;
    if (listener.pace.of({ pace }) !== undefined) listener.hear({ kind: 'pace', pace });
    if (seat === FACILITATOR) {
      const changed = listener.truth.of(facilitatorView(this.#session, this.#seats()));
      if (changed !== undefined) listener.hear({ kind: 'facilitator', changed });
    } else {
      const changed = listener.view.of(this.#session.view(seat));
      if (changed !== undefined) listener.hear({ kind: 'view', changed });
    }
    if (this.#packed === undefined || listener.isToldOver) return;
    listener.isToldOver = true;
    listener.hear({ kind: 'over', session: this.#packed });
  }
}
