/** What pages ask the engine about drills: to host one, to read one that was saved, to make a run of a debrief. */
import type { DifficultyId, DrillOutcome, DrillRecord, DrillRun, Trainee } from '@brownout/scenarios';
import type { DrillCall, DrillNews } from '../../src/drill/drill-messages.ts';
import type { PastDrill } from '../../src/drill/preparation.ts';
import type { RunSource } from './protocol.ts';

/** Everything that decides a drill, and how fast it goes. */
export interface DrillOrder {
  readonly source: RunSource;
  readonly seed: string;
  readonly trainees: readonly Trainee[];
  readonly difficulty: DifficultyId;
  readonly colleagues: 'by-difficulty' | 'nobody';
  readonly hintsAllowed: boolean;
  /** Seconds after the trigger; absent = as the document says. */
  readonly startSeconds?: number;
  readonly endSeconds?: number;
  /** Simulated seconds in a second. */
  readonly speed: number;
  /** Whether time begins to run without the facilitator. */
  readonly beginsAtOnce: boolean;
  /** What trainees and the facilitator join with. */
  readonly code: string;
  readonly facilitatorCode: string;
}

/** A role that a document offers. */
export interface RoleChoice {
  readonly id: string;
  readonly title: string;
  readonly task: string;
}

/** What a document offers to whoever sets a drill up. */
export interface DrillChoices {
  readonly title: string;
  readonly summary: string;
  readonly roles: readonly RoleChoice[];
  /** Seconds after the trigger: where a drill begins if nothing is said, and between what it may lie. */
  readonly startSeconds: number;
  readonly horizon: { readonly startSeconds: number; readonly endSeconds: number };
  /** Time of day of the trigger in seconds after midnight, and its zone. */
  readonly clock: { readonly zeroOfDay: number; readonly zone: string };
}

/** What a page keeps of the drill that it hosts, beside the order: enough to take it up when the page was closed. */
export interface KeptPast extends PastDrill {
  /** Version of the engine, and the digest that the run had come to: played again it must come to the same. */
  readonly engine: string;
  readonly digest: string;
}

/** What the engine is asked. */
export type DrillTask =
  | { readonly kind: 'drill-choices'; readonly source: RunSource }
  /** Hosts it until the task is aborted; calls come as messages to the task. */
  | { readonly kind: 'drill'; readonly order: DrillOrder; readonly past?: KeptPast | undefined }
  /** Plays a saved session again. */
  | { readonly kind: 'drill-replay'; readonly name: string; readonly text: string }
  /** A run of a debrief. */
  | { readonly kind: 'drill-run'; readonly wanted: DrillRun };

/** A call to the host, with a number that its answer carries. */
export interface NumberedCall {
  readonly number: number;
  readonly call: DrillCall | { readonly kind: 'subscribe' | 'unsubscribe'; readonly token: string };
}

/** What the engine tells. */
export type DrillTaskNews =
  | { readonly kind: 'drill-choices'; readonly choices: DrillChoices }
  | { readonly kind: 'drill-answer'; readonly number: number; readonly answer?: unknown; readonly problem?: string }
  | { readonly kind: 'drill-news'; readonly token: string; readonly news: DrillNews }
  /** Told whenever somebody has done something, and now and then. */
  | { readonly kind: 'drill-kept'; readonly past: KeptPast }
  /** A drill that was taken up is where it was; `isSame` says whether it has come to the same digest. */
  | { readonly kind: 'drill-taken-up'; readonly isSame: boolean; readonly engine: string }
  | { readonly kind: 'drill-progress'; readonly share: number }
  | { readonly kind: 'drill-replayed'; readonly replayed: Replayed }
  | { readonly kind: 'drill-outcome'; readonly outcome: DrillOutcome };

/** A saved session that was played again. */
export interface Replayed {
  /** The session as a file. */
  readonly text: string;
  readonly record: DrillRecord;
  /** The same in the smaller model, where there is one. */
  readonly reduced:
    | { readonly record: DrillRecord; readonly label: string; readonly losses: readonly string[] }
    | undefined;
  /** What it says and what came out. */
  readonly digest: { readonly file: string; readonly here: string };
  readonly engine: { readonly file: string; readonly here: string };
}
