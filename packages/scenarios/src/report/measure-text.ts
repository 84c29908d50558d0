/** The value of a measure in words, by what it measures. */
import { measureKind } from '../experiment/condition.ts';
import { formatBytes } from '../scenario/format.ts';
import { afterText, countText, shareText, spanText } from './words.ts';

/** "73 %", "21 min", "+21 min", "never". Fractions of a count are shown: they come from means. */
export function measureValueText(measure: string, value: number | null): string {
  const kind = measureKind(measure);
  if (value === null) return kind === 'moment' ? 'never' : 'none';
  switch (kind) {
    case 'moment':
      return afterText(value);
    case 'span':
      return spanText(value);
    case 'share':
      return value < 0 ? `-${shareText(-value)}` : shareText(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return Number.isInteger(value) ? countText(value) : plain(value);
    default:
      return plain(value);
  }
}

function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}
