import type { Loop } from '../scenario/why/loop.ts';
import { sustainingGain } from '../scenario/why/loop.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Style } from './style.ts';
import { type Cell, hang, table, type Table } from './text.ts';
import { afterText, clockText, spanText } from './words.ts';

/** Why it happened and why it went on: the chain of causes, and the feedback loops with their gain. */

/** Loops that never reach this gain are in the data, and not worth a line. */
const worthALine = 0.05;

/**
 * The chain of causes from a failed user request back to the trigger, one "because" per link, with the mechanism that
 * joins it to the link above underneath where it is known.
 */
export function causeLines(result: RunResult, width: number, style: Style): string[] {
  return result.causes.flatMap(({ t, clock, kind, text, cluster, because = '' }, index) => {
    const time = `${clock}  ${afterText(t).padStart(11)}  `;
    // A second request is no cause of the first: it begins a chain of its own.
    const head = `${time}${index === 0 || kind === 'users' ? '' : 'because '}`;
    const lines = hang(head, cluster === undefined ? text : `${cluster}: ${text}`, width);
    if (because === '') return lines;
    return [...lines, ...hang(' '.repeat(time.length + 2), `(${because})`, width, style.faint)];
  });
}

/** The feedback loops that were at work, in lines. */
export function loopLines(result: RunResult, width: number, style: Style): string[] {
  const { columns, rows } = loopTable(result, style);
  return rows.length === 0 ? [] : table(columns, rows, width, style.faint);
}

/** The feedback loops that were at work, cluster by cluster, those with the largest gain first. */
export function loopTable(result: RunResult, style: Style): Table {
  const rows = shown(result).map((loop): (Cell | string)[] => {
    const { cluster, name, from, to, gain, firstSeen, lastSeen, activeSeconds, activeAfterCauseSeconds } = loop;
    const isStrong = gain !== null && gain.overall >= sustainingGain;
    return [
      cluster,
      { text: name, paint: isStrong ? style.bad : undefined },
      gainText(gain?.overall),
      gainText(gain?.peak),
      `${clockText(result, firstSeen ?? 0)}-${clockText(result, lastSeen ?? 0)}`,
      spanText(activeSeconds),
      afterCauseText(activeAfterCauseSeconds),
      `${from}: ${to}`,
    ];
  });
  const columns = [
    { title: 'cluster' },
    { title: 'loop' },
    { title: 'gain', align: 'right' as const },
    { title: 'peak', align: 'right' as const, isOptional: true },
    { title: 'seen', isOptional: true },
    { title: 'at work', align: 'right' as const, isOptional: true },
    { title: 'after cause', align: 'right' as const },
    { title: 'how', isOptional: true },
  ];
  return { columns, rows };
}

/** How to read the table of loops. */
export function loopRemark(result: RunResult): string {
  return shown(result).length === 0
    ? ''
    : 'feedback loops; from a gain of 1 on a loop keeps itself going, below it dies out';
}

function shown({ loops = [], firstFailures }: RunResult): readonly Loop[] {
  const nodes = new Map(firstFailures.map((one) => [one.cluster, one.nodes]));
  return loops
    .filter(({ gain }) => gain !== null && gain.peak >= worthALine)
    .sort(
      (a, b) =>
        (nodes.get(a.cluster) ?? 0) - (nodes.get(b.cluster) ?? 0) || (b.gain?.overall ?? 0) - (a.gain?.overall ?? 0),
    );
}

function gainText(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(2);
}

/** Time at work after the last agent had gone: what keeps an outage alive without its trigger. */
function afterCauseText(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds === 0 ? '-' : spanText(seconds);
}
