/**
 * The branch that is looked at, and how its answers come: first one from a smaller model, in a worker kept for that, so that it
 * never waits behind a run; then the exact one, from the engine that makes all runs. A change while they are under way gives
 * up both and begins again.
 */
import type { Engine, Task } from '../engine/engine.ts';
import type { RunRequest, TaskRequest } from '../engine/protocol.ts';
import { Run } from '../engine/run.ts';
import { Store } from '../store.ts';
import { branchRequest, type Changes, isUnchanged, noChanges } from './changes.ts';
import type { Choices, FirstAnswer } from './what-if-tasks.ts';

/** A first answer on its way. */
export interface Asked {
  readonly status: 'none' | 'running' | 'done' | 'failed';
  /** While it is running: up to a time of the day. */
  readonly answer?: FirstAnswer;
  /** Why it failed, line by line. */
  readonly problems: readonly string[];
  /** From the change to the answer that is there, as the reader waits for it, in milliseconds. */
  readonly waited?: number;
}

const nothing: Asked = { status: 'none', problems: [] };

/** Changes come in strokes of a key: the branch is asked for when they have rested so long, in milliseconds. */
const restMilliseconds = 250;

/** A first answer is looked at for so long before a core is put to the exact one: the next change may come at once. */
const lookMilliseconds = 400;

/** State of the screen that outlives its components. */
export class BranchBook {
  readonly baseline: Run;
  readonly changes: Store<Changes> = new Store<Changes>(noChanges);
  readonly choices: Store<Choices | undefined> = new Store<Choices | undefined>(undefined);
  /** The smaller model of the baseline, and of the branch. */
  readonly firstBaseline: Store<Asked> = new Store<Asked>(nothing);
  readonly firstBranch: Store<Asked> = new Store<Asked>(nothing);
  /** The exact branch; undefined while nothing is changed, or its first answer is awaited. */
  readonly exact: Store<Run | undefined> = new Store<Run | undefined>(undefined);
  readonly #engine: Engine;
  readonly #answers: Engine;
  #first: Task | undefined;
  readonly #releaseBaseline: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `engine` makes the exact branch, `answers` the smaller models. */
  constructor(engine: Engine, answers: Engine, baseline: Run) {
    this.#engine = engine;
    this.#answers = answers;
    this.baseline = baseline;
    answers.begin({ kind: 'choices', request: baseline.request }, (news) => {
      if (news.kind === 'choices') this.choices.set(news.choices);
    });
    const release = engine.hold();
    this.#releaseBaseline = release;
    this.#ask(baseline.request, this.firstBaseline, performance.now(), release);
  }

  /** The request of the branch as it stands. */
  get request(): RunRequest {
    return branchRequest(this.baseline.request, this.changes.value);
  }

  /** Something else is changed; `atOnce` without waiting for more of it. */
  change(changes: Changes, atOnce = true): void {
    this.changes.set(changes);
    this.#drop();
    if (isUnchanged(changes)) return;
    const asked = performance.now();
    this.firstBranch.set({ status: 'running', problems: [] });
    this.#timer = setTimeout(() => this.#branch(asked), atOnce ? 0 : restMilliseconds);
  }

  /** Gives up what is under way; the screen is left for another run. */
  close(): void {
    this.#drop();
    // Nobody waits for the baseline's first answer any more, so it holds nothing; it comes all the same, for a return.
    this.#releaseBaseline();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#first?.abort();
    this.#first = undefined;
    this.firstBranch.set(nothing);
    this.exact.value?.abort();
    this.exact.set(undefined);
  }

  #branch(asked: number): void {
    const { request } = this;
    this.#first = this.#ask(request, this.firstBranch, asked, this.#engine.hold(), () => {
      this.#timer = setTimeout(() => this.exact.set(new Run(this.#engine, request, true)), lookMilliseconds);
    });
  }

  /**
   * `release` ends what exact runs wait for: they do while somebody waits for a first answer, since cores share memory and
   * caches, so that one thread alone is faster than one of two.
   */
  #ask(request: RunRequest, into: Store<Asked>, asked: number, release: () => void, onAnswered = (): void => {}): Task {
    into.set({ status: 'running', problems: [] });
    const what: TaskRequest = { kind: 'answer', request };
    let isCurrent = true;
    const task = this.#answers.begin(what, (news) => {
      if (!isCurrent) return;
      release();
      if (news.kind === 'answer') {
        const { answer } = news;
        const status = answer.isWhole ? 'done' : 'running';
        into.set({ status, answer, problems: [], waited: performance.now() - asked });
        if (answer.isWhole) onAnswered();
      } else if (news.kind === 'failed') {
        into.set({ status: 'failed', problems: news.problems });
      }
    });
    return {
      abort: () => {
        isCurrent = false;
        release();
        task.abort();
      },
    };
  }
}
