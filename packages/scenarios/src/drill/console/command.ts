/** What a line of the console may turn into, and what it is read against. */
import type { LiveAnswer } from '../../live/answer.ts';
import type { ActInput, ReadInput } from '../../live/live-input.ts';
import type { Scenario } from '../../scenario/document.ts';
import type { Ability } from '../roles.ts';

/** What somebody at a console knows of where they are: names, no state. */
export interface ConsoleContext {
  readonly trainee: string;
  readonly abilities: ReadonlySet<Ability>;
  readonly clusters: readonly string[];
  /** Name and namespace of the agent that the document rolls out. */
  readonly agent: string;
  readonly namespace: string;
  /** Priority levels that requests may be put at; empty without priority and fairness. */
  readonly levels: readonly string[];
  /** Whether clusters have a break-glass server. */
  readonly hasBreakGlass: boolean;
  /** When the trigger is, as the document's clock says it. */
  readonly zero: Scenario['clock']['zero'];
  /** The kubectl context chosen, if any. */
  readonly current: string | null;
}

/** An input without who makes it: the session adds that. */
export type PlannedInput = Omit<ActInput, 'by'> | Omit<ReadInput, 'by'>;

/** One request of a command, and what its answer looks like. `t` = seconds after the trigger, at the answer. */
export interface PlannedStep {
  readonly input: PlannedInput;
  readonly render: (answer: LiveAnswer, t: number) => ConsoleText;
}

/** What is printed. */
export interface ConsoleText {
  readonly text: string;
  readonly isError: boolean;
}

/** What people do among themselves; no cluster hears of it. */
export type TeamDeed =
  | { readonly kind: 'declare'; readonly text: string }
  | { readonly kind: 'resolve'; readonly text: string }
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'acknowledge'; readonly alert: string }
  | { readonly kind: 'hint' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'use-context'; readonly context: string }
  | { readonly kind: 'changes' }
  | { readonly kind: 'traffic' };

/** What a line comes to. */
export type Plan =
  | ({ readonly kind: 'text' } & ConsoleText)
  | { readonly kind: 'deed'; readonly deed: TeamDeed }
  | {
      readonly kind: 'live';
      readonly steps: readonly PlannedStep[];
      /** After so many seconds the command gives up on its own (`--request-timeout`); absent = it does not. */
      readonly patienceSeconds?: number;
      /** What it then prints. */
      readonly impatience?: string;
    };

/** One command. */
export interface Command {
  /** First words of the line, such as `cloud nodepool scale`. */
  readonly name: string;
  readonly usage: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** Absent: everybody may. */
  readonly needs?: Ability;
  /** What follows the name is prose: one word, in which quotes and punctuation stand for themselves. */
  readonly takesText?: boolean;
  readonly plan: (words: readonly string[], context: ConsoleContext) => Plan;
}

/** Something printed at once. */
export function printed(text: string): Plan {
  return { kind: 'text', text, isError: false };
}

/** Something refused at once. */
export function refused(text: string): Plan {
  return { kind: 'text', text, isError: true };
}
