/** Times and numbers of a drill as people read them. */
import type { PanelView, StepPath } from '@brownout/scenarios';
import { secondsOfDay } from '../../page/time.ts';
import type { Pace } from '../../src/drill/drill-messages.ts';
import { bytesOf, clockOf, rateOf, shareOf } from '../watch/time.ts';

/** Seconds after midnight of the trigger, from a moment of which both times are known. */
export function zeroOfDay({ t, clock }: Pick<Pace, 't' | 'clock'>): number {
  return secondsOfDay(clock) - Math.floor(t);
}

/** "15:12:30" and "15:12" of seconds after the trigger. */
export function momentOf(t: number, zero: number): string {
  return clockOf(t, zero);
}

/** Without the seconds. */
export function minuteOf(t: number, zero: number): string {
  return clockOf(t, zero).slice(0, 5);
}

/** A value of a panel on its axis. */
export function valueOf(value: number, unit: PanelView['unit']): string {
  switch (unit) {
    case 'share':
      return shareOf(value);
    case 'seconds':
      return value === 0 ? '0' : value < 1 ? `${Math.round(value * 1000)} ms` : `${rateOf(value)} s`;
    case 'bytes':
      return bytesOf(value);
    case 'per second':
      return `${rateOf(value)}/s`;
    default:
      return rateOf(value);
  }
}

/** How something reaches what it changes, in a word or two. */
export const pathWords: Readonly<Record<StepPath, string>> = {
  api: 'through the API',
  'break-glass': 'break-glass API',
  inside: 'on the control plane',
  'cloud-api': 'cloud',
  network: 'network',
  node: 'on the nodes',
  tools: 'tools',
};

/** What somebody types who says this: one word, whatever is in it. */
export function sayLine(text: string): string {
  return `say "${text.replace(/[\\"]/g, '\\$&')}"`;
}
