/** Values of a document as recipes see them: with or without a source, as texts with units. What cannot be read is undefined. */
import { formatBytes } from '../scenario/format.ts';
import { isSourced } from '../scenario/provenance.ts';
import { readBytes, readTime } from '../scenario/units.ts';

/** The value without its source. */
export function bareOf(stated: unknown): unknown {
  return isSourced(stated) ? stated.value : stated;
}

/** A plain number. */
export function numberOf(stated: unknown): number | undefined {
  const value = bareOf(stated);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A share written 0.05 or "5 %". */
export function shareOf(stated: unknown): number | undefined {
  const value = bareOf(stated);
  const percent = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value)?.[1] : undefined;
  return percent === undefined ? numberOf(stated) : Number(percent) / 100;
}

/** Cores, written 4 or "4 cores". */
export function coresOf(stated: unknown): number | undefined {
  const value = bareOf(stated);
  return typeof value === 'string' ? asNumber(/^\s*([\d.]+)\s*cores?\s*$/.exec(value)?.[1]) : numberOf(stated);
}

/** Bytes, written "4 GiB". */
export function bytesOf(stated: unknown): number | undefined {
  const value = bareOf(stated);
  return typeof value === 'string' ? readBytes(value).value : undefined;
}

/** Microseconds, written "30 s". */
export function timeOf(stated: unknown): number | undefined {
  const value = bareOf(stated);
  return typeof value === 'string' ? readTime(value).value : undefined;
}

/**
 * Microseconds in the middle of a length of time that may be random: its median, or its mean where only that is stated.
 * Undefined for null and for what cannot be read.
 */
export function middleOf(stated: unknown): number | undefined {
  const value = bareOf(stated);
  if (typeof value !== 'object' || value === null) return timeOf(value);
  const fields = new Map<string, unknown>(Object.entries(value));
  const [from, to] = [timeOf(fields.get('from')), timeOf(fields.get('to'))];
  if (from !== undefined && to !== undefined) return (from + to) / 2;
  return timeOf(fields.get('median') ?? fields.get('mean') ?? fields.get('value'));
}

/** Bytes as a document writes them: in the largest unit that loses nothing. */
export function writtenBytes(bytes: number): string {
  const whole = Math.round(bytes);
  const short = formatBytes(whole);
  return Math.round(readBytes(short).value ?? 0) === whole ? short : `${whole} B`;
}

/** Whether a length of time is stated, and longer than this text says. */
export function isLonger(stated: unknown, limit: string): boolean {
  const [middle, longest] = [middleOf(stated), timeOf(limit)];
  return middle !== undefined && longest !== undefined && middle > longest;
}

/** Whether a length of time is stated, and shorter than this text says. */
export function isShorter(stated: unknown, limit: string): boolean {
  const [middle, shortest] = [middleOf(stated), timeOf(limit)];
  return middle !== undefined && shortest !== undefined && middle < shortest;
}

function asNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) ? value : undefined;
}
