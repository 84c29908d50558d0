/** Assumptions about an incident as ranges, so that one can ask what becomes of a verdict when they are drawn anew. */

import { assumed, type Sourced } from '../scenario/provenance.ts';

/** One assumption about an incident. */
export interface Prior<T extends string | number = string | number> {
  /** What the incident's document uses: a plain number, or a time or size with its unit. */
  readonly value: T;
  /** Ends of the plausible range, in the same unit. */
  readonly range: readonly [T, T];
  /** Why this value, and what would make it better known. The document states the value under this note. */
  readonly note: string;
}

/** An assumption with its value, range and reason. */
export function prior<T extends string | number>(value: T, range: readonly [T, T], note: string): Prior<T> {
  return { value, range, note };
}

/** The value of an assumption as a document states it, under its note. */
export function statedFrom<T extends string | number>({ value, note }: Prior<T>): Sourced<T> {
  return assumed(value, note);
}

/** Assumptions by name. */
export type Priors = Readonly<Record<string, Prior>>;

/** A value for every assumption, as a document writes it. */
export type PriorValues = Readonly<Record<string, string | number>>;
