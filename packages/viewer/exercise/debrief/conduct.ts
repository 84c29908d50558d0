/** The runs of a debrief, made by the engine's workers: each list that the study wants side by side, as many as there are workers. */
import {
  debriefStudy,
  ownDebrief,
  type Debrief,
  type DebriefOptions,
  type DrillOutcome,
  type DrillRecord,
  type DrillRun,
} from '@brownout/scenarios';
import type { Engine, Task } from '../engine/engine.ts';

/** How far a debrief is: what it knows grows from list to list. */
export interface Stage {
  /** 0 = the session alone, 1 = beside nobody and the crew, 2 = what each decision was worth, 3 = and what else could have been done. */
  readonly known: 0 | 1 | 2 | 3;
  readonly debrief: Debrief;
  /** Runs made, runs wanted so far, and what is being made. */
  readonly made: number;
  readonly wanted: number;
  readonly making: string;
  readonly isOver: boolean;
}

/** Other seeds that the page offers to run everything under. */
export const otherSeeds = 4;

/** What is asked for at each stage, so that what is there can be shown before all of it is. */
const stages: readonly DebriefOptions[] = [{ counterfactuals: 0, alternatives: 0 }, { alternatives: 0 }, {}];

/** Conducts it; tells after each list, and now and then between. */
export class Conductor {
  readonly #engine: Engine;
  readonly #record: DrillRecord;
  readonly #tell: (stage: Stage) => void;
  readonly #outcomes: Map<string, DrillOutcome> = new Map();
  readonly #tasks: Set<Task> = new Set();
  #stage: Stage;
  #isStopped = false;
  /** Counts what was begun: what was stopped may end only after something else has begun. */
  #round = 0;

  constructor(engine: Engine, record: DrillRecord, tell: (stage: Stage) => void) {
    this.#engine = engine;
    this.#record = record;
    this.#tell = tell;
    this.#stage = { known: 0, debrief: ownDebrief(record), made: 0, wanted: 0, making: '', isOver: false };
  }

  /** How far it is. */
  get stage(): Stage {
    return this.#stage;
  }

  /** Makes everything; resolves when it is done or was stopped. Fails when a run does. */
  async run(): Promise<void> {
    for (const [index, options] of stages.entries()) {
      const debrief = await this.#conduct(options);
      if (debrief === undefined) return;
      this.#change({ known: (index + 1) as Stage['known'], debrief });
    }
    this.#change({ isOver: true, making: '' });
  }

  /** Makes the ranking again under other seeds; what is there already is not made again. Fails when a run does. */
  async again(): Promise<void> {
    this.#isStopped = false;
    this.#change({ isOver: false });
    const round = ++this.#round;
    try {
      const debrief = await this.#conduct({ seeds: otherSeeds });
      if (debrief !== undefined) this.#change({ debrief });
    } finally {
      if (round === this.#round) this.#change({ isOver: true, making: '' });
    }
  }

  /** Undefined when it was stopped. */
  async #conduct(options: DebriefOptions): Promise<Debrief | undefined> {
    const round = this.#round;
    const study = debriefStudy(this.#record, options);
    let step = study.next();
    while (step.done !== true) {
      await Promise.all(step.value.map((wanted) => this.#make(wanted)));
      if (this.#isStopped || round !== this.#round) return undefined;
      step = study.next(step.value.map(({ key }) => this.#outcomes.get(key)!));
    }
    return step.value;
  }

  /** Gives the rest up. */
  stop(): void {
    this.#isStopped = true;
    for (const task of this.#tasks) task.abort();
    this.#change({ isOver: true, making: '' });
  }

  /** Once for each key. */
  #make(wanted: DrillRun): Promise<void> {
    if (this.#isStopped || this.#outcomes.has(wanted.key)) return Promise.resolve();
    this.#change({ wanted: this.#stage.wanted + 1 });
    return new Promise((resolve, reject) => {
      const task = this.#engine.begin({ kind: 'drill-run', wanted }, (news) => {
        if (news.kind === 'drill-progress') {
          this.#change({ making: `${wanted.title}, ${Math.floor(news.share * 100)} %` });
        } else if (news.kind === 'drill-outcome') {
          this.#outcomes.set(wanted.key, news.outcome);
          this.#change({ made: this.#stage.made + 1 });
        } else if (news.kind === 'done' || news.kind === 'failed') {
          this.#tasks.delete(task);
          if (news.kind === 'done') resolve();
          else reject(new Error(news.problems.join('\n')));
        }
      });
      this.#tasks.add(task);
    });
  }

  #change(change: Partial<Stage>): void {
    this.#stage = { ...this.#stage, ...change };
    this.#tell(this.#stage);
  }
}
