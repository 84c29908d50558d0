import { plainStyle, type Style } from '@brownout/scenarios';
import pc from 'picocolors';
import type { CommandContext, Sink } from './context.ts';

/** Colours on a terminal: red for failed, yellow for look here, green for well again, cyan for published facts. */

/** Widest text printed: longer lines are hard to read, however wide the terminal. */
const widest = 132;
const widthElsewhere = 100;

/** The style for a sink. Colours need a terminal (or FORCE_COLOR) and are off under NO_COLOR and TERM=dumb. */
export function styleFor(sink: Sink, environment: CommandContext['environment']): Style {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  const isForced = isSet('FORCE_COLOR') && environment['FORCE_COLOR'] !== '0';
  const isWanted = isForced || (sink.isTerminal && environment['TERM'] !== 'dumb');
  if (isSet('NO_COLOR') || !isWanted) return plainStyle;
  const { bold, cyan, dim, green, red, yellow } = pc.createColors(true);
  return { strong: bold, faint: dim, bad: red, warn: yellow, good: green, published: cyan };
}

/** How wide to print: the terminal, but never very wide; 100 for files and pipes. */
export function widthFor(sink: Sink): number {
  return Math.min(widest, sink.columns ?? widthElsewhere);
}
