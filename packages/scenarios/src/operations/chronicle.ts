/**
 * The story of a run while it happens: notable events, each with the event that caused it. Everything noted also goes
 * into the trace, so that two runs that differ in their story differ in their digest.
 */
import { noRecord, type RecordId, type Simulation, type Trace, type TraceKind } from '@brownout/core';

/** Kinds of notable events. */
export type NoteKind =
  | 'rollout'
  | 'fault'
  | 'saturation'
  | 'memory-kill'
  | 'liveness-kill'
  | 'etcd-kill'
  | 'ready'
  | 'dns'
  | 'users'
  | 'alert'
  | 'ticket'
  | 'operators'
  | 'action'
  | 'lock-out'
  | 'recovery';

/** What a user request failed for; see `FailureCause` of the data plane. */
export type UserTrouble = 'name' | 'address' | 'no-instance' | 'overload';

/** One notable event. */
export interface Note {
  readonly at: number;
  readonly kind: NoteKind;
  readonly text: string;
  readonly cluster: string | undefined;
  /** Index of the note that caused it, -1 = none: a cause of its own. */
  readonly causedBy: number;
  /** Of failed user requests: what for, as far as known. No part of the trace. */
  readonly trouble?: UserTrouble;
}

/** The note that has no cause. */
export const noCause = -1;

/** Collects notes in the order in which they happen. */
export class Chronicle {
  readonly notes: Note[] = [];
  readonly #simulation: Simulation;
  readonly #trace: Trace;
  readonly #records: RecordId[] = [];
  readonly #kinds: Map<NoteKind, TraceKind> = new Map();
  readonly #subjects: Map<string, number> = new Map();

  constructor(simulation: Simulation, trace: Trace) {
    this.#simulation = simulation;
    this.#trace = trace;
  }

  /** Notes an event at the present instant; returns its index, for its effects to name as their cause. */
  note(kind: NoteKind, text: string, causedBy: number, cluster?: string, trouble?: UserTrouble): number {
    const cause = causedBy === noCause ? noRecord : this.#records[causedBy]!;
    this.#records.push(this.#trace.record(this.#kind(kind), this.#subject(cluster ?? ''), this.notes.length, cause));
    const note = { at: this.#simulation.now, kind, text, cluster, causedBy };
    return this.notes.push(trouble === undefined ? note : { ...note, trouble }) - 1;
  }

  /** The notes from `index` back to a cause of its own, latest first. */
  chain(index: number): Note[] {
    const chain: Note[] = [];
    for (let i = index; i !== noCause; i = this.notes[i]!.causedBy) chain.push(this.notes[i]!);
    return chain;
  }

  #kind(kind: NoteKind): TraceKind {
    let known = this.#kinds.get(kind);
    if (known === undefined) {
      known = this.#trace.kind(kind);
      this.#kinds.set(kind, known);
    }
    return known;
  }

  #subject(cluster: string): number {
    let known = this.#subjects.get(cluster);
    if (known === undefined) {
      known = this.#subjects.size;
      this.#subjects.set(cluster, known);
    }
    return known;
  }
}
