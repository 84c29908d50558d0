/** Times of the page: charts count seconds of the trigger's day, people read clocks. */
import type { ReportView } from '../src/view/report-view.ts';

const day = 24 * 3600;

/** "15:12", with seconds "15:12:30", of seconds after midnight; past midnight it begins again. */
export function clockText(secondsOfDay: number, withSeconds = false): string {
  const whole = ((Math.floor(secondsOfDay) % day) + day) % day;
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, ...(withSeconds ? [whole % 60] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** The other way round: seconds after midnight of "15:12:30". */
export function secondsOfDay(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** "+25 min", "-28 min", "+1 h 5 min" for seconds after the trigger, to the minute. */
export function afterText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const sign = seconds < 0 && minutes > 0 ? '-' : '+';
  if (minutes < 60) return `${sign}${minutes} min`;
  const rest = minutes % 60;
  return `${sign}${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** A value of a chart for people: "59 %", "0.4 %", "12,345", "2.5 s", "30 ms". */
export function valueText(value: number | null | undefined, unit: 'share' | 'count' | 'seconds'): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'seconds') {
    if (value === 0) return '–';
    return value < 0.9995 ? `${Number((value * 1000).toPrecision(3))} ms` : `${Number(value.toPrecision(3))} s`;
  }
  if (unit === 'count') return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
  const percent = value * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9 && percent < 100) return '> 99.9 %';
  return `${Number(percent.toFixed(percent < 10 ? 1 : 0))} %`;
}

/** The window that holds a time: the last that begins at or before it. */
export function windowAt({ t }: Pick<ReportView, 't'>, seconds: number): number {
  let low = 0;
  let high = t.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((t[middle] ?? 0) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}
