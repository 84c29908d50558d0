/** Decisions: actions that one person set off with one line, taken together, in the order of their times. */
import type { LiveAction } from '../live/live-input.ts';
import { clockOf } from '../scenario/clock.ts';
import type { Decision } from './debrief.ts';
import type { DrillRecord } from './drill-record.ts';

/** A decision with the actions it is made of. */
export interface Decided {
  readonly t: number;
  readonly by: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly clusters: readonly string[];
  /** At least one of its actions came off. */
  readonly isDone: boolean;
  readonly isReversal: boolean;
}

type Act = LiveAction & { readonly input: { readonly kind: 'act' } };

/** All decisions of a session; looks and notes are none. */
export function decisionsOf({
  actions,
  answers,
  lines,
}: Pick<DrillRecord, 'actions' | 'answers' | 'lines'>): Decided[] {
  const done = new Set(answers.filter(({ ok }) => ok).map(({ id }) => id));
  const lineOf = new Map(lines.map(({ id, line }) => [id, line]));
  return groupsOf(actions.filter(isAct), lineOf).map((group) => {
    const [{ id, t, input }] = group as [Act];
    const clusters = group.flatMap((one) => (one.input.cluster === undefined ? [] : [one.input.cluster]));
    return {
      t,
      by: input.by,
      text: lineOf.get(id) ?? [input.action.action, ...clusters].join(' '),
      ids: group.map((one) => one.id),
      clusters,
      isDone: group.some((one) => done.has(one.id)),
      isReversal: isReversal(input.action),
    };
  });
}

function isAct(action: LiveAction): action is Act {
  return action.input.kind === 'act';
}

function isReversal(action: Act['input']['action']): boolean {
  return action.action === 'unblock-admin-api' || (action.action === 'move-traffic' && action.to === 'back');
}

/** Actions of one person, instant and line, which follow each other in the log. */
function groupsOf(actions: readonly Act[], lineOf: ReadonlyMap<number, string>): Act[][] {
  const keyOf = ({ id, t, input }: Act): string => JSON.stringify([t, input.by, lineOf.get(id) ?? id]);
  const groups: Act[][] = [];
  for (const action of actions) {
    const last = groups.at(-1);
    if (last !== undefined && keyOf(last[0]!) === keyOf(action)) last.push(action);
    else groups.push([action]);
  }
  return groups;
}

/** A decision as the debrief shows it, before anything is known of what it did. */
export function shownDecision({ t, by, text, clusters, isDone, isReversal }: Decided, zero: string): Decision {
  const unknown = { verdict: isDone ? 'not-tried' : 'failed', gainMinutes: null, gainOutageSeconds: null } as const;
  return { t, clock: clockOf(zero, t), by, text, clusters, isDone, isReversal, ...unknown };
}
