/** What the screen asks the engine beside runs, and what it answers. */
import type {
  ActionName,
  LiveAnswer,
  MitigationParameter,
  RunResult,
  SharedRun,
  Source,
  StepPath,
} from '@brownout/scenarios';
import type { RunRequest } from '../engine/protocol.ts';

/** A question. */
export type WhatIfTask =
  /** What can be changed in the document of a request. */
  | { readonly kind: 'choices'; readonly request: RunRequest }
  /** The same run in a smaller model. */
  | { readonly kind: 'answer'; readonly request: RunRequest }
  /** Reads a run that somebody sent. */
  | { readonly kind: 'open'; readonly form: 'link' | 'file'; readonly text: string };

/** An answer. */
export type WhatIfNews =
  | { readonly kind: 'choices'; readonly choices: Choices }
  | { readonly kind: 'answer'; readonly answer: FirstAnswer }
  | { readonly kind: 'opened'; readonly shared: SharedRun };

/** What can be changed. */
export interface Choices {
  /** Headings of the themes, in order. */
  readonly themes: readonly { readonly id: string; readonly title: string }[];
  readonly mitigations: readonly MitigationChoice[];
  readonly parameters: readonly ParameterChoice[];
  readonly actions: readonly ActionChoice[];
  /** Ids of the clusters. */
  readonly clusters: readonly string[];
  readonly engine: string;
}

/** A mitigation. */
export interface MitigationChoice {
  readonly id: string;
  readonly theme: string;
  readonly title: string;
  readonly what: string;
  readonly costs: string;
  readonly leavesOut: string;
  readonly parameters: Readonly<Record<string, MitigationParameter>>;
  /** What it would change with its defaults, line by line; empty = nothing in this document. */
  readonly difference: readonly string[];
}

/** A value of the document that has a source. */
export interface ParameterChoice {
  readonly path: string;
  readonly text: string;
  readonly source: Source;
  readonly note: string;
  /** Whether the value is a single one, which a text can replace. */
  readonly isSingle: boolean;
}

/** Something that people can do at a time, where this document has a place for it. */
export interface ActionChoice {
  readonly action: ActionName;
  readonly title: string;
  /** For no cluster in particular. */
  readonly isGlobal: boolean;
  /** The ways it can go, the usual one first. */
  readonly paths: readonly StepPath[];
  readonly fields: readonly ActionField[];
}

/** Something that an action asks for. */
export interface ActionField {
  /** Key of the action, as a playbook writes it. */
  readonly name: string;
  readonly title: string;
  /** What stands there at first. */
  readonly usual: string;
  /** Where it can be left out: what that means. */
  readonly none?: string;
  readonly options?: readonly string[];
}

/** What the smaller model says. */
export interface FirstAnswer {
  readonly label: string;
  /** Nodes that each node stands for; 1 = this is the exact answer. */
  readonly factor: number;
  /** What it cannot show, sentence by sentence. */
  readonly losses: readonly string[];
  readonly result: RunResult;
  /** False on the way: the result is of the day up to where it ends, and the rest follows. */
  readonly isWhole: boolean;
  /** Measures up to a time, in the order of time: what an answer that is on its way can be compared with. */
  readonly marks: readonly AnswerMark[];
  /** What came of the actions of the request, in this model; absent on the way. */
  readonly answers: readonly LiveAnswer[] | undefined;
}

/** Measures of the day up to a time, in seconds after the trigger. */
export interface AnswerMark {
  readonly until: number;
  readonly kpis: RunResult['kpis'];
}
