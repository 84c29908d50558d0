/** Times and numbers of the exercise as people read them. */
import { clockText } from '../../page/time.ts';

/** "15:12:30" of seconds after the trigger. */
export function clockOf(t: number, zeroOfDay: number): string {
  return clockText(t + zeroOfDay, true);
}

/** A length of time: "45 s", "21 min", "4 h 47 min". */
export function spanOf(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600 && whole % 60 !== 0) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time since the trigger with its sign. */
export function afterOf(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${spanOf(seconds)}`;
}

/** "1,234,567" */
export function countOf(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count that may be small: "0.4", "7.3", "1,234". */
export function rateOf(rate: number): string {
  return rate > 0 && rate < 9.95 ? String(Number(rate.toFixed(1))) : countOf(rate);
}

/** "73 %", "2.3 %", "< 0.1 %". Only nothing is 0 %, and only everything is 100 %. */
export function shareOf(share: number): string {
  const percent = share * 100;
  if (percent <= 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9 && percent < 100) return '> 99.9 %';
  return `${Number(percent.toFixed(percent < 10 ? 1 : 0))} %`;
}

/** "512 MB", "64 GB". */
export function bytesOf(bytes: number): string {
  if (bytes >= 1e9) return `${Number((bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0))} GB`;
  if (bytes >= 1e6) return `${Math.round(bytes / 1e6)} MB`;
  return `${Math.round(bytes / 1e3)} kB`;
}
