/** A seat that this page holds: what it has been told, part by part, and what it can do. */
import { FACILITATOR, type DrillView, type Entered } from '@brownout/scenarios';
import type { DrillNews, FacilitatorCommand, FacilitatorView, Joined, Pace } from '../../src/drill/drill-messages.ts';
import { Store } from '../store.ts';
import type { ConsoleDeed, DrillTransport } from './transport.ts';

/** What a seat knows. */
export interface SeatState {
  readonly pace?: Pace;
  /** Of a trainee; absent until the first has come. */
  readonly view?: DrillView;
  /** Of the facilitator. */
  readonly truth?: FacilitatorView;
  /** Why the seat is not held any more. */
  readonly left?: string;
}

/** One seat. */
export class Member {
  readonly seat: string;
  readonly state: Store<SeatState> = new Store<SeatState>({});
  /** Lines that were entered here, oldest first: the history of the console. */
  readonly history: string[] = [];
  readonly #token: string;
  readonly #transport: DrillTransport;
  readonly #onOver: (session: string) => void;
  #stop: (() => void) | undefined;

  constructor(transport: DrillTransport, { seat, token }: Joined, onOver: (session: string) => void) {
    this.seat = seat;
    this.#token = token;
    this.#transport = transport;
    this.#onOver = onOver;
  }

  get isFacilitator(): boolean {
    return this.seat === FACILITATOR;
  }

  /** Begins to be told; the facilitator of a page only while the truth is shown. */
  listen(): void {
    this.#stop ??= this.#transport.subscribe(this.#token, (news) => this.#hear(news));
  }

  /** Is not told any more, and forgets what it knew. */
  stopListening(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.state.set({});
  }

  enter(deed: ConsoleDeed): Promise<Entered> {
    return this.#transport.enter(this.#token, deed);
  }

  push(button: string, cluster?: string): Promise<Entered> {
    return this.#transport.push(this.#token, button, cluster);
  }

  complete(line: string): Promise<readonly string[]> {
    return this.#transport.complete(this.#token, line);
  }

  facilitate(command: FacilitatorCommand): Promise<void> {
    return this.#transport.facilitate(this.#token, command);
  }

  async leave(): Promise<void> {
    this.#stop?.();
    await this.#transport.leave(this.#token).catch(() => {
      // It was not held any more, which is what was wanted.
    });
  }

  #hear(news: DrillNews): void {
    const before = this.state.value;
    switch (news.kind) {
      case 'pace':
        this.state.set({ ...before, pace: news.pace });
        break;
      case 'view':
        // The first one has all parts.
        this.state.set({ ...before, view: { ...before.view, ...news.changed } as DrillView });
        break;
      case 'facilitator':
        this.state.set({ ...before, truth: { ...before.truth, ...news.changed } as FacilitatorView });
        break;
      case 'left':
        this.state.set({ ...before, left: news.why });
        break;
      case 'over':
        this.#onOver(news.session);
    }
  }
}
