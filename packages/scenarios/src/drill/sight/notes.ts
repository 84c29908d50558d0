/**
 * Which of a run's notes somebody could know of. The chronicle holds everything, and most of it nobody sees: what is let
 * through here is what the pipeline writes into its own history, and what people did or said. Who did it shows in what a note
 * is blamed on: simulated people act on what they know, somebody at a console on what the cluster suffers from.
 */
import { noCause, type Note, type NoteKind } from '../../operations/chronicle.ts';

/** Whose note it is, as far as anybody could know; `hidden`: nobody's. */
export type NoteOrigin = 'colleague' | 'console' | 'pipeline' | 'balancer' | 'hidden';

const ofPeople: readonly NoteKind[] = ['operators', 'action', 'lock-out', 'recovery'];

/** See above. */
export function originOf(note: Note, notes: readonly Note[]): NoteOrigin {
  if (note.kind === 'rollout') return 'pipeline';
  if (!ofPeople.includes(note.kind)) return 'hidden';
  if (isOfPipeline(note)) return 'pipeline';
  const before = note.causedBy === noCause ? undefined : notes[note.causedBy]!;
  const isOfColleague = before !== undefined && ofPeople.includes(before.kind) && !isOfPipeline(before);
  if (note.kind === 'operators' || isOfColleague) return 'colleague';
  return note.text.startsWith('traffic steered') ? 'balancer' : 'console';
}

function isOfPipeline({ kind, text }: Note): boolean {
  return kind === 'action' && /pipeline|^rollout |^gate /.test(text);
}
