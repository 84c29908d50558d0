/** Assumptions about an incident as ranges, so that one can ask what becomes of a verdict when they are drawn anew. */

/** One assumption about an incident. */
export interface Prior<T extends string | number = string | number> {
  /** What the incident's document uses: a plain number, or a time or size with its unit. */
  readonly value: T;
  /** Ends of the plausible range, in the same unit. */
  readonly range: readonly [T, T];
  /** Why this value, and what would make it better known. The document states the value under this note. */
  readonly note: string;
}

/** Assumptions by name. */
export type Priors = Readonly<Record<string, Prior>>;

/** A value for every assumption, as a document writes it. */
export type PriorValues = Readonly<Record<string, string | number>>;
