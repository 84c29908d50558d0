/** What the command's exit codes mean; they are part of its contract with scripts. */

/** All is well. */
export const exitOk = 0;

/** The run itself failed: a broken invariant or an exhausted limit. A defect of ours, not of the input. */
export const exitFailed = 1;

/** The input cannot be used: an unknown name, a malformed file, a wrong unit. */
export const exitBadInput = 2;

/** A threshold was missed (k6's convention); everything else went well. */
export const exitThreshold = 99;

/** Stopped by the user (128 + SIGINT, as shells report it). */
export const exitInterrupted = 130;

/** Told to end twice, and ended at once (128 + SIGTERM). */
export const exitTerminated = 143;
