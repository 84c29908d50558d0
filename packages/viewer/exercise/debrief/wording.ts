/** Numbers of a debrief as people read them. */

/** "3.2 min", "48 min". */
export function minutesText(minutes: number): string {
  return `${Number(minutes.toPrecision(minutes < 10 ? 2 : 3))} min`;
}
