/** What the screen asks the engine beside runs, and what it answers. */
import type { MitigationParameter, RunResult, SharedRun, Source } from '@brownout/scenarios';
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

/** What the smaller model says. */
export interface FirstAnswer {
  readonly label: string;
  /** Nodes that each node stands for; 1 = this is the exact answer. */
  readonly factor: number;
  /** What it cannot show, sentence by sentence. */
  readonly losses: readonly string[];
  readonly result: RunResult;
}
