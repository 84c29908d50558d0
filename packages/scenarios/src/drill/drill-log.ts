/**
 * What people did in a drill, in the order in which they did it. Together with the setup this is the whole session: entered
 * again at the same times it gives the same views, the same answers and the same digest.
 */
import type { FaultDocument } from '../live/live-input.ts';

/** What the facilitator does. */
export type Facilitation =
  /** Something breaks: an entry of the section `faults`, which begins now where it does not say when. */
  | { readonly kind: 'fault'; readonly fault: FaultDocument }
  /** For the debrief; trainees never see it. */
  | { readonly kind: 'note'; readonly text: string }
  /** The next hint for a trainee, or for all; `text` in place of what the ladder says. */
  | { readonly kind: 'hint'; readonly to?: string | undefined; readonly text?: string | undefined }
  /** A message in the chat. */
  | { readonly kind: 'message'; readonly text: string }
  /** Only said: the host stops and starts time. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' };

/** What a trainee does. */
export type TraineeDeed =
  /** A line of the console. */
  | { readonly kind: 'line'; readonly line: string }
  /** A button of the runbook, where it asks for one with a cluster. */
  | { readonly kind: 'button'; readonly button: string; readonly cluster?: string | undefined }
  /** ^C: the command that runs is not waited for any more. */
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'acknowledge'; readonly alert: string };

/** Whether a trainee does it; the facilitator does the rest. */
export function isTraineeDeed(deed: TraineeDeed | Facilitation): deed is TraineeDeed {
  return deed.kind === 'line' || deed.kind === 'button' || deed.kind === 'interrupt' || deed.kind === 'acknowledge';
}

/** One entry. */
export type DrillEntry = {
  /** Seconds after the trigger. */
  readonly t: number;
  /** Name of a trainee, or `facilitator`. */
  readonly by: string;
} & (TraineeDeed | Facilitation);

/** Entries at most: a hostile file must not be run for ever. */
export const mostEntries = 5000;
/** Characters of a line, a note or a message at most. */
export const longestLine = 500;
