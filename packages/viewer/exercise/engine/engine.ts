/**
 * The engine as the page sees it: a few workers, each with one task at a time, and a queue in front of them. A worker starts
 * when it is first needed and is kept, since reading the engine's code costs more than most questions.
 */
import type { FromEngine, TaskNews, TaskRequest, ToEngine } from './protocol.ts';

/** What of a worker is used. */
export interface EngineWorker {
  onmessage: ((event: MessageEvent<FromEngine>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: ToEngine): void;
  terminate(): void;
}

/** A task that was handed in. */
export interface Task {
  /** Ends it: at once while it waits, soon while it runs. `failed` or `done` is still told, unless it waited. */
  abort(): void;
}

/** A task that one can talk to while it goes on. */
export interface OpenTask extends Task {
  /** Tells it something; heard only while it runs. */
  tell(message: unknown): void;
}

interface Entry {
  readonly number: number;
  readonly what: TaskRequest;
  readonly hear: (news: TaskNews) => void;
}

interface Place {
  readonly worker: EngineWorker;
  entry: Entry | undefined;
}

/** Workers and the queue. */
export class Engine {
  readonly #create: () => EngineWorker;
  readonly #most: number;
  readonly #places: Place[] = [];
  readonly #waiting: Entry[] = [];
  #count = 0;
  #holds = 0;

  /** `most` workers at once; default 2, one for what is watched and one for what is compared with it. */
  constructor(create: () => EngineWorker, most = 2) {
    this.#create = create;
    this.#most = most;
  }

  /** Hands a task in; `isUrgent` puts it before all that wait. */
  begin(what: TaskRequest, hear: (news: TaskNews) => void, isUrgent = false): OpenTask {
    const entry: Entry = { number: ++this.#count, what, hear };
    if (isUrgent) this.#waiting.unshift(entry);
    else this.#waiting.push(entry);
    this.#next();
    return { abort: () => this.#abort(entry), tell: (message) => this.#tell(entry, message) };
  }

  /**
   * Lets no run go on until the function that is returned is called: the machine is needed for something that somebody waits
   * for. Other tasks are not held.
   */
  hold(): () => void {
    if (++this.#holds === 1) this.#tellHeld(true);
    let isMine = true;
    return () => {
      if (isMine && --this.#holds === 0) this.#tellHeld(false);
      isMine = false;
    };
  }

  #tellHeld(isHeld: boolean): void {
    for (const { worker, entry } of this.#places) {
      if (entry?.what.kind === 'run') worker.postMessage({ kind: 'hold', task: entry.number, isHeld });
    }
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const place = this.#places.find(({ entry }) => entry === undefined) ?? this.#add();
    if (place === undefined) return;
    const entry = this.#waiting.shift();
    if (entry === undefined) return;
    place.entry = entry;
    place.worker.postMessage({ kind: 'begin', task: entry.number, what: entry.what });
    if (this.#holds > 0 && entry.what.kind === 'run') {
      place.worker.postMessage({ kind: 'hold', task: entry.number, isHeld: true });
    }
  }

  #add(): Place | undefined {
    if (this.#places.length >= this.#most) return undefined;
    const place: Place = { worker: this.#create(), entry: undefined };
    place.worker.onmessage = ({ data }) => this.#hear(place, data);
    place.worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(place, event.message);
    };
    this.#places.push(place);
    return place;
  }

  #hear(place: Place, { task, ...news }: FromEngine): void {
    const { entry } = place;
    if (entry === undefined || entry.number !== task) return;
    if (news.kind === 'done' || news.kind === 'failed') {
      place.entry = undefined;
      entry.hear(news);
      this.#next();
    } else {
      entry.hear(news);
    }
  }

  /** A worker that broke is replaced; its task has failed. */
  #lose(place: Place, message: string): void {
    place.worker.terminate();
    this.#places.splice(this.#places.indexOf(place), 1);
    place.entry?.hear({ kind: 'failed', problems: [`the engine stopped: ${message}`] });
    this.#next();
  }

  #tell(entry: Entry, message: unknown): void {
    const place = this.#places.find((one) => one.entry === entry);
    place?.worker.postMessage({ kind: 'tell', task: entry.number, message });
  }

  #abort(entry: Entry): void {
    const waiting = this.#waiting.indexOf(entry);
    if (waiting >= 0) {
      this.#waiting.splice(waiting, 1);
      return;
    }
    const place = this.#places.find((one) => one.entry === entry);
    place?.worker.postMessage({ kind: 'abort', task: entry.number });
  }
}
