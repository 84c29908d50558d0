/** What went wrong, in its own words. */

/** The message of an error, or whatever was thrown as a text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
