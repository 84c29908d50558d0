/** A run as the page has it: the frames that have come, what is known of the rest, and the result in the end. */
import type { LiveAnswer, RunResult } from '@brownout/scenarios';
import { Store } from '../store.ts';
import type { Engine, Task } from './engine.ts';
import { FrameBook } from './frame-book.ts';
import type { RunInfo, RunRequest, RunStory, TaskNews } from './protocol.ts';

/** How far a run is. */
export type RunStatus = 'waiting' | 'running' | 'done' | 'aborted' | 'failed';

/** What changes while a run goes on; replaced as a whole. */
export interface RunState {
  readonly status: RunStatus;
  /** Absent until the document has been read. */
  readonly info?: RunInfo;
  /** Seconds after the trigger up to which there are frames. */
  readonly until: number;
  readonly story?: RunStory;
  /** At the end; of an aborted run, up to where it came. */
  readonly result?: RunResult;
  /** What came of its actions; with the result. */
  readonly answers?: readonly LiveAnswer[];
  /** Why it failed, line by line; empty while it has not. */
  readonly problems: readonly string[];
}

/** One run, from its request to its result. */
export class Run {
  readonly request: RunRequest;
  readonly state: Store<RunState> = new Store<RunState>({ status: 'waiting', until: -Infinity, problems: [] });
  readonly #task: Task;
  #frames: FrameBook | undefined;

  /** Begins at once, or as soon as a worker is free; `isUrgent` goes before all that wait. */
  constructor(engine: Engine, request: RunRequest, isUrgent = false) {
    this.request = request;
    this.#task = engine.begin({ kind: 'run', request }, (news) => this.#hear(news), isUrgent);
  }

  get #isAborted(): boolean {
    return this.state.value.status === 'aborted';
  }

  /** The frames that have come; undefined until the document has been read. */
  get frames(): FrameBook | undefined {
    return this.#frames;
  }

  /** Ends it; frames that have come stay. */
  abort(): void {
    const { status } = this.state.value;
    if (status !== 'waiting' && status !== 'running') return;
    this.#task.abort();
    this.#change({ status: 'aborted' });
  }

  #hear(news: TaskNews): void {
    switch (news.kind) {
      case 'info':
        this.#frames = new FrameBook(news.info.layout, news.info.frameSeconds);
        this.#change({ info: news.info, until: news.info.startSeconds });
        if (!this.#isAborted) this.#change({ status: 'running' });
        break;
      case 'frames':
        for (const frame of news.frames) this.#frames?.add(frame);
        this.#change({ until: news.until });
        break;
      case 'story':
        this.#change({ story: news.story });
        break;
      case 'result':
        this.#change({ result: news.result, answers: news.answers });
        break;
      case 'failed':
        if (!this.#isAborted) this.#change({ status: 'failed', problems: news.problems });
        break;
      case 'done':
        if (!this.#isAborted) this.#change({ status: 'done' });
        break;
      default:
    }
  }

  #change(change: Partial<RunState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}
