import { clockOf } from '../scenario/clock.ts';
import type { RunResult } from '../scenario/result.ts';

/** Numbers of a result in words for people who have been up for a while. */

/** A length of time, two units at most: "45 s", "21 min", "4 h 47 min". Below ten minutes seconds are kept. */
export function spanText(seconds: number): string {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  if (size < 60) return `${sign}${Number(size.toFixed(size < 10 && size % 1 !== 0 ? 1 : 0))} s`;
  const whole = Math.round(size);
  if (whole < 600) return `${sign}${pair(Math.floor(whole / 60), 'min', whole % 60, 's')}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${sign}${minutes} min`;
  return `${sign}${pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')}`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Time since the trigger with its sign: "+21 min", "-28 min", "+0 s". */
export function afterText(seconds: number): string {
  return seconds < 0 ? spanText(seconds) : `+${spanText(seconds)}`;
}

/** Time of day to the minute: "15:12". */
export function clockText(result: Pick<RunResult, 'clock'>, seconds: number): string {
  return clockOf(result.clock.zero, Math.floor(seconds)).slice(0, 5);
}

/** "15:12 (+21 min)" */
export function momentText(result: Pick<RunResult, 'clock'>, seconds: number): string {
  return `${clockText(result, seconds)} (${afterText(seconds)})`;
}

/** A share as a percentage: "73 %", "2.3 %", "0.04 %". Only nothing is 0 %, and only everything is 100 %. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '< 0.01 %';
  if (percent >= 99.95 && percent < 100) return '> 99.9 %';
  if (percent < 10) return `${Number(percent.toPrecision(2))} %`;
  return `${Number(percent.toFixed(percent >= 99 ? 1 : 0))} %`;
}

/** A count in groups of three: "12,345,678". */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** How a simulated time compares with a published one: "30 s later", "15 min earlier", "the same". */
export function differenceText(seconds: number): string {
  if (Math.abs(seconds) < 1) return 'the same';
  return `${spanText(Math.abs(seconds))} ${seconds > 0 ? 'later' : 'earlier'}`;
}

/** "a", "a and b", "a, b and c", "a, b and 4 more". */
export function namesText(names: readonly string[], most = 3): string {
  const [first = '', second = ''] = names;
  if (names.length > most) return `${first}, ${second} and ${names.length - 2} more`;
  return names.length < 2 ? first : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
