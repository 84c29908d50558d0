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

/** Seconds between 1970 and `zero` (ISO 8601 with offset), in proleptic Gregorian days and without leap seconds. */
export function epochOf(zero: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|([+-])(\d{2}):?(\d{2}))$/.exec(zero);
  if (match === null) {
    throw new RangeError(
      `clock: expected a date and time with offset such as "2024-12-11T14:51:00-08:00", got "${zero}"`,
    );
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((text) => Number(text ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offset =
    match[7] === 'Z' ? 0 : (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 3600 + Number(match[10]) * 60);
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
}

/** Days since 1970-01-01. Years begin in March, so that the leap day is the last of a year. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}
