/** Times and numbers of a debrief as people read them. */
import { clockOf } from '../watch/time.ts';

/** Seconds after midnight of a date with a time. */
export function zeroOfDayOf(zero: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /T(\d{2}):(\d{2})(?::(\d{2}))?/.exec(zero) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** "15:12:30" of seconds after the trigger, which is at `zero`. */
export function clockAt(t: number, zero: string): string {
  return clockOf(t, zeroOfDayOf(zero));
}

/** "3.2 min", "48 min". */
export function minutesText(minutes: number): string {
  return `${Number(minutes.toPrecision(minutes < 10 ? 2 : 3))} min`;
}
