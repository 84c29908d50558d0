/**
 * Hints: a ladder for each phase, from a question to a command. Which phase trainees are in is told from what they saw and
 * did, and not from how the clusters are: a hint never gives away what only the facilitator can know, apart from the name of
 * the agent, which stands in the pipeline's history.
 */
import type { DrillPhase } from '../scenario/sections/drill.ts';

/** What of a session decides the phase. */
export interface HintState {
  /** An alert has paged, or a customer has written. */
  readonly hasSign: boolean;
  /** Somebody declared the incident, acknowledged an alert or looked at something. */
  readonly hasBegun: boolean;
  /** The last command through an API failed, and none has succeeded since. */
  readonly isLockedOut: boolean;
  /** The change has been taken back somewhere. */
  readonly hasTakenBack: boolean;
  /** Nothing pages any more. */
  readonly isQuiet: boolean;
}

/** Names that hints speak of. */
export interface HintNames {
  readonly agent: string;
  /** A cluster that pages, or the first. */
  readonly cluster: string;
}

/** The phase that a session is in. */
export function phaseOf(state: HintState): DrillPhase {
  if (!state.hasSign) return 'notice';
  if (state.hasTakenBack) return state.isQuiet ? 'close' : 'recover';
  if (state.isLockedOut) return 'locked-out';
  return state.hasBegun ? 'act' : 'orient';
}

const ladders: Readonly<Record<DrillPhase, readonly string[]>> = {
  notice: [
    'Nothing has paged yet. Which board shows trouble first, and which one only when it is too late?',
    'Compare the clusters with each other: does anything grow with their size?',
    'Look at what the pipeline is doing at this moment: pipeline history.',
  ],
  orient: [
    'An alert says where it hurts, not why. Who is affected, since when, and what was changed just before?',
    'Somebody should say that this is an incident, so that everybody works on the same thing: declare.',
    'Do the failures follow the order in which something was rolled out? pipeline history shows times and clusters.',
  ],
  act: [
    'Is the change still being rolled out? What is not changed yet does not have to be taken back.',
    'Users come first: can their traffic go to clusters that are well? lb steer moves it.',
    'Take the change back where it hurts: kubectl --context <cluster> rollout undo daemonset/<agent>.',
  ],
  'locked-out': [
    'Your requests wait in the same queue as those that caused the trouble. Which ways to the cluster do not go through its API?',
    'Less load, or more room: fewer nodes ask for less, larger machines answer more, and a block at the network stops all requests.',
    'Behind a block nobody asks but you: net block-admin-api <cluster>, then ssh <cluster>-control-plane kubectl delete daemonset <agent>.',
  ],
  recover: [
    'The change is gone there. What stands between the clusters and their users now?',
    'A block that stands keeps nodes away from their API: lift it for system clients first, then for all.',
    'Are instances starting all at once and in each other’s way? starts limit lets fewer do so. Is there a cluster with the change left?',
  ],
  close: [
    'It is quiet. Is everything as it was before - blocks lifted, traffic back, the rollout stopped everywhere?',
    'Tell the public, and call it over: status post, resolve.',
  ],
};

/** The next hint of a phase; undefined when its ladder has ended. */
export function hintAt(
  phase: DrillPhase,
  given: number,
  names: HintNames,
  own: readonly { readonly phase: DrillPhase; readonly text: string }[] = [],
): string | undefined {
  const written = own.filter((hint) => hint.phase === phase).map(({ text }) => text);
  const ladder = written.length > 0 ? written : ladders[phase];
  return ladder[given]?.replaceAll('<cluster>', names.cluster).replaceAll('<agent>', names.agent);
}
