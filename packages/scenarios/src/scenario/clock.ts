/** Time of day for people, from the trigger's own date and offset; no time-zone data is consulted. */

/** `15:12:30` for `t` seconds after `zero` (ISO 8601 with offset), in the offset of `zero`. */
export function clockOf(zero: string, t: number): string {
  const match = /T(\d{2}):(\d{2})(?::(\d{2}))?/.exec(zero);
  if (match === null)
    throw new RangeError(`clock: expected a date and time such as "2024-12-11T14:51:00-08:00", got "${zero}"`);
  const start = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0);
  const day = 24 * 3600;
  const ofDay = ((Math.floor(start + t) % day) + day) % day;
  const parts = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
