/** Measures of a run and their differences as people read them. */
import type { MeasureDifference, MeasureKind } from '@brownout/scenarios';
import { clockText } from '../../page/time.ts';
import { bytesOf, countOf, shareOf, spanOf } from '../watch/time.ts';

/** A value of a measure; `zeroOfDay` is the trigger's time of day in seconds. */
export function valueOf(value: number | null, kind: MeasureKind, zeroOfDay: number): string {
  if (value === null) return 'never';
  switch (kind) {
    case 'moment':
      return clockText(value + zeroOfDay);
    case 'span':
      return spanOf(value);
    case 'share':
      return shareOf(value);
    case 'bytes':
      return bytesOf(value);
    case 'count':
      return countOf(value);
    case 'factor':
      return `${Number(value.toPrecision(3))} x`;
  }
}

/** The value of the branch: a recovery that never comes is good news where nothing was lost. */
export function branchText({ name, branch, kind, verdict }: MeasureDifference, zeroOfDay: number): string {
  if (branch === null && verdict === 'better' && name.endsWith('ClusterRecovered')) return 'not needed';
  return valueOf(branch, kind, zeroOfDay);
}

/** The difference with its sign; '' where there is none to speak of. */
export function differenceOf({ difference, kind }: MeasureDifference): string {
  if (difference === null || difference === 0) return '';
  const sign = difference < 0 ? '−' : '+';
  const size = Math.abs(difference);
  switch (kind) {
    case 'moment':
    case 'span':
      return `${sign}${spanOf(size)}`;
    case 'share':
      return size < 0.0005 ? '' : `${sign}${Number((size * 100).toFixed(size < 0.1 ? 1 : 0))} points`;
    case 'bytes':
      return `${sign}${bytesOf(size)}`;
    case 'count':
      return `${sign}${countOf(size)}`;
    case 'factor':
      return `${sign}${Number(size.toPrecision(2))}`;
  }
}

/** What the worker says of a run, with its verdict as a word for those who do not see colours. */
export const verdictWords: Readonly<Record<MeasureDifference['verdict'], string>> = {
  better: 'better',
  worse: 'worse',
  same: '=',
  unclear: '',
};
