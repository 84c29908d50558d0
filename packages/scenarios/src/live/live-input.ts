/** What somebody can do to a run that goes on: plain JSON data, which a log keeps and a replay does again. */
import type { Written } from '../scenario/document.ts';
import type { TimedFaultSection } from '../scenario/sections/faults.ts';
import type { ActionDocument } from '../scenario/sections/playbook-step.ts';
import type { ReadResource } from '../operations/playbook/console-reads.ts';
import type { StepPath } from '../operations/playbook/playbook.ts';

/** An action of the playbook, carried out once. People are real here: it takes the time of its path and none of theirs. */
export interface ActInput {
  readonly kind: 'act';
  /** Id of the cluster; absent for actions that are for none in particular. */
  readonly cluster?: string | undefined;
  /** As in a step of a playbook, such as `{ action: 'scale-cluster-down', share: '30 %' }`. */
  readonly action: ActionDocument;
  readonly path: StepPath;
  /** Who does it. */
  readonly by: string;
}

/** `kubectl get` of a type, or of one object of it: requests through the API servers of the cluster. */
export interface ReadInput {
  readonly kind: 'read';
  readonly cluster: string;
  readonly resource: ReadResource;
  /** Name of the only object wanted; absent = all. */
  readonly name?: string | undefined;
  /** `log`: of the pod of that name what it has written, which the API server fetches from the kubelet. Default the object. */
  readonly subresource?: 'log' | undefined;
  /** `api`, `inside` or `break-glass`. */
  readonly path: StepPath;
  readonly by: string;
}

/** A fault that somebody injects: an entry of the document's section `faults`. Without `at` it begins now. */
export interface FaultInput {
  readonly kind: 'fault';
  readonly fault: FaultDocument;
  readonly by: string;
}

/** Something to be remembered; it changes nothing. */
export interface NoteInput {
  readonly kind: 'note';
  readonly text: string;
  readonly by: string;
}

/** One of them. */
export type LiveInput = ActInput | ReadInput | FaultInput | NoteInput;

/** An entry of the section `faults`, whose beginning may be left out. */
export type FaultDocument = TimedFaultSection extends infer Fault
  ? Fault extends TimedFaultSection
    ? Omit<Written<Fault>, 'at'> & { readonly at?: string }
    : never
  : never;

/** An input that was made: a row of the log. */
export interface LiveAction {
  /** Its place in the log, from 0. */
  readonly id: number;
  /** Seconds after the trigger. */
  readonly t: number;
  readonly input: LiveInput;
}
