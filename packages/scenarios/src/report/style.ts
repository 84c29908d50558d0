/**
 * What a report may say by colour, in words of meaning rather than of colour. The report itself is plain text; whoever
 * prints it on a terminal hands in how each meaning looks there. No meaning is carried by colour alone.
 */

/** Paints a piece of text; must not change how wide it is printed. */
export type Paint = (text: string) => string;

/** How each meaning looks. */
export interface Style {
  /** Titles and the headline. */
  readonly strong: Paint;
  /** Notes that may be skipped. */
  readonly faint: Paint;
  /** Something failed. */
  readonly bad: Paint;
  /** Something deserves a look. */
  readonly warn: Paint;
  /** Something is well again. */
  readonly good: Paint;
  /** Published by the operator of the real system, not simulated. */
  readonly published: Paint;
}

const unpainted: Paint = (text) => text;

/** No colours: for files, pipes and `NO_COLOR`. */
export const plainStyle: Style = {
  strong: unpainted,
  faint: unpainted,
  bad: unpainted,
  warn: unpainted,
  good: unpainted,
  published: unpainted,
};
