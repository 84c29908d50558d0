/**
 * The writes of one sync: creations in batches of 1, 2, 4 ... that wait for one another and stop at the first that fails,
 * then all deletions together.
 * Source: kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go (syncNodes, SlowStartInitialBatchSize 1).
 */

/** What a sync wants written; each list is cut to the burst. */
export interface SyncPlan {
  readonly deletions: readonly number[];
  readonly creations: readonly number[];
}

/** Sends the writes of a plan and says when all have ended. */
export class SlowStart {
  readonly #burst: number;
  readonly #create: (subject: number) => void;
  readonly #delete: (subject: number) => void;
  readonly #finished: (hasFailed: boolean) => void;
  #creations: readonly number[] = [];
  #deletions: readonly number[] = [];
  #next = 0;
  #batch = 1;
  #outstanding = 0;
  #hasFailed = false;

  constructor(
    burst: number,
    sends: { readonly create: (subject: number) => void; readonly delete: (subject: number) => void },
    finished: (hasFailed: boolean) => void,
  ) {
    this.#burst = burst;
    this.#create = sends.create;
    this.#delete = sends.delete;
    this.#finished = finished;
  }

  /** Begins with a plan; `finished` follows, at once when there is nothing to write. */
  begin({ creations, deletions }: SyncPlan): void {
    this.#creations = creations.slice(0, this.#burst);
    this.#deletions = deletions.slice(0, this.#burst);
    this.#next = 0;
    this.#batch = 1;
    this.#hasFailed = false;
    this.#goOn();
  }

  /** A write has ended. */
  ended(isOk: boolean): void {
    if (!isOk) this.#hasFailed = true;
    if (--this.#outstanding === 0) this.#goOn();
  }

  #goOn(): void {
    if (!this.#hasFailed && this.#next < this.#creations.length) {
      const end = Math.min(this.#creations.length, this.#next + this.#batch);
      this.#outstanding = end - this.#next;
      this.#batch *= 2;
      while (this.#next < end) this.#create(this.#creations[this.#next++]!);
    } else if (this.#deletions.length > 0) {
      const deletions = this.#deletions;
      this.#deletions = [];
      this.#outstanding = deletions.length;
      for (const subject of deletions) this.#delete(subject);
    } else {
      this.#finished(this.#hasFailed);
    }
  }
}
