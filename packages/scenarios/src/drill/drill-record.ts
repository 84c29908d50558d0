/** A finished session as the debrief reads it: plain data, so that it may be handed to another thread. */
import type { LiveAnswer } from '../live/answer.ts';
import type { LiveAction } from '../live/live-input.ts';
import type { RunResult } from '../scenario/result.ts';
import type { DrillDocument } from './colleagues.ts';
import type { DrillEntry } from './drill-log.ts';
import type { DrillSetup } from './drill-setup.ts';
import type { StatusPost } from './drill-view.ts';

/** See above. */
export interface DrillRecord {
  readonly setup: DrillSetup;
  readonly made: DrillDocument;
  readonly log: readonly DrillEntry[];
  readonly actions: readonly LiveAction[];
  readonly answers: readonly LiveAnswer[];
  /** The console lines that set actions off, by the id of the action. */
  readonly lines: readonly { readonly id: number; readonly line: string }[];
  readonly result: RunResult;
  readonly startSeconds: number;
  readonly untilSeconds: number;
  readonly declaredAt: number | null;
  readonly firstSign: number | null;
  readonly statusPage: readonly StatusPost[];
  readonly notes: readonly { readonly t: number; readonly text: string }[];
  readonly hintsAsked: number;
  /** Lines of the runbook that no trainee has used, with what they do: what alternatives are made of. */
  readonly runbook: readonly RunbookAction[];
}

/** A step of the runbook as an input. */
export interface RunbookAction {
  readonly title: string;
  readonly line: string;
  readonly action: Extract<LiveAction['input'], { readonly kind: 'act' }>['action'];
  readonly path: Extract<LiveAction['input'], { readonly kind: 'act' }>['path'];
  readonly isGlobal: boolean;
}
