/** One step of a playbook for one cluster, and how far it has come. */
import { noCause } from '../chronicle.ts';
import type { PlaybookStep } from './playbook.ts';

/** How far it has come. */
export type AssignmentState = 'waiting' | 'queued' | 'running' | 'succeeded' | 'gave-up' | 'skipped';

/** See above. */
export class Assignment {
  readonly step: PlaybookStep;
  state: AssignmentState = 'waiting';
  /** Tries that failed. */
  failures = 0;
  /** When its wait is over, -1 = it has not begun. */
  dueAt = -1;
  /** The latest note about it: what steps that follow name as their cause. */
  note: number = noCause;
  #hasStarted = false;

  constructor(step: PlaybookStep) {
    this.step = step;
  }

  /** Whether it was begun, whatever became of it. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Whether nothing more will come of it. */
  get hasEnded(): boolean {
    return this.state === 'succeeded' || this.state === 'gave-up' || this.state === 'skipped';
  }

  /** Whether somebody is at it, or waits to be. */
  get isUnderWay(): boolean {
    return this.state === 'queued' || this.state === 'running';
  }

  /** It has its people and begins. */
  start(): void {
    this.#hasStarted = true;
    this.state = 'running';
  }
}
