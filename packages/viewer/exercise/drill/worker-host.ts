/** A drill that this page hosts: the session runs in a worker of its own, and whoever has a token talks to it through here. */
import type { DrillNews } from '../../src/drill/drill-messages.ts';
import type { DrillOrder, KeptPast, NumberedCall, Replayed } from '../engine/drill-protocol.ts';
import type { Engine, OpenTask } from '../engine/engine.ts';
import type { TaskNews } from '../engine/protocol.ts';
import { PendingCalls } from './pending-calls.ts';
import { type DrillTransport, transportOver } from './transport.ts';

/** What the page wants to know of the drill it hosts. */
export interface HostListener {
  /** It could not begin, or broke. */
  readonly onFailed: (problems: readonly string[]) => void;
  /** It is over: what the debrief needs. */
  readonly onReplayed: (replayed: Replayed) => void;
  /** What to keep, so that it can be taken up. */
  readonly onKept: (past: KeptPast) => void;
  /** It was taken up; `isSame` = it has come to the same digest. */
  readonly onTakenUp: (isSame: boolean, engine: string) => void;
}

/** See above. */
export class WorkerHost {
  readonly transport: DrillTransport;
  readonly #task: OpenTask;
  readonly #pending: PendingCalls = new PendingCalls();
  readonly #listeners: Map<string, (news: DrillNews) => void> = new Map();

  constructor(engine: Engine, order: DrillOrder, listener: HostListener, past?: KeptPast) {
    this.#task = engine.begin({ kind: 'drill', order, past }, (news) => this.#hear(news, listener), true);
    this.transport = transportOver(
      (call) => this.call(call),
      (token, hear) => this.subscribe(token, hear),
      () => this.close(),
    );
  }

  /** A call, from this page or from another tab. */
  call(call: NumberedCall['call']): Promise<unknown> {
    return this.#pending.make((number) => this.#task.tell({ number, call } satisfies NumberedCall));
  }

  /** One listener at a time for each token: another one takes its place and is told everything again. */
  subscribe(token: string, hear: (news: DrillNews) => void): () => void {
    this.#listeners.set(token, hear);
    this.#call({ kind: 'subscribe', token });
    return () => {
      if (this.#listeners.get(token) !== hear) return;
      this.#listeners.delete(token);
      this.#call({ kind: 'unsubscribe', token });
    };
  }

  /** Ends the drill. */
  close(): void {
    this.#task.abort();
    this.#pending.fail('the exercise was ended');
  }

  /** A call whose answer nobody waits for. */
  #call(call: NumberedCall['call']): void {
    this.call(call).catch(() => {
      // A token that is not held any more: there is nobody left to tell.
    });
  }

  #hear(news: TaskNews, listener: HostListener): void {
    switch (news.kind) {
      case 'drill-answer':
        this.#pending.settle(news);
        break;
      case 'drill-news':
        this.#listeners.get(news.token)?.(news.news);
        break;
      case 'drill-replayed':
        listener.onReplayed(news.replayed);
        break;
      case 'drill-kept':
        listener.onKept(news.past);
        break;
      case 'drill-taken-up':
        listener.onTakenUp(news.isSame, news.engine);
        break;
      case 'failed':
        this.#pending.fail(news.problems.join('\n'));
        listener.onFailed(news.problems);
        break;
      default:
    }
  }
}
