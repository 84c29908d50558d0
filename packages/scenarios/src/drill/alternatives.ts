/**
 * "What if you had done X at Y": other logs for the same day, made from what trainees did and from what the runbook offers. A
 * few of many: what would not be worth a run is not made.
 */
import type { LiveAction, LiveInput } from '../live/live-input.ts';
import { apiPaths } from '../operations/playbook/playbook.ts';
import { clockOf } from '../scenario/clock.ts';
import type { Decided } from './decisions.ts';
import type { DrillRecord } from './drill-record.ts';

/** One of them. */
export interface Alternative {
  readonly key: string;
  readonly text: string;
  readonly actions: readonly LiveAction[];
  /** The same at later times, worth a run if this turns out to be the best. */
  readonly later?: readonly Alternative[];
}

/** From the first sign to what somebody quick could have done (assumed: a minute to be paged, four to understand). */
const QUICK_SECONDS = 300;
/** Everything this much earlier, if there was so much time. */
const EARLIER_SECONDS = 600;
/** The best step of the runbook is tried so much later as well: how much does it matter when? */
const LATER_SECONDS = [600, 1200];
/** Nobody acts within this after the first sign. */
const REACTION_SECONDS = 60;

/** A log with other ids, by time; of one time in the order given. */
export function renumbered(actions: readonly LiveAction[]): LiveAction[] {
  return [...actions]
    .map((action, place) => ({ action, place }))
    .sort((one, other) => one.action.t - other.action.t || one.place - other.place)
    .map(({ action }, id) => ({ ...action, id }));
}

/** The log without some of its actions. */
export function without(actions: readonly LiveAction[], ids: readonly number[]): LiveAction[] {
  return renumbered(actions.filter(({ id }) => !ids.includes(id)));
}

/** Alternatives, those first that are expected to tell most; `troubled` are clusters that got into trouble. */
export function alternativesOf(
  record: DrillRecord,
  decided: readonly Decided[],
  harmed: readonly Decided[],
  troubled: readonly string[],
): Alternative[] {
  const { actions, firstSign } = record;
  const found: Alternative[] = [];
  if (harmed.length > 0) {
    const ids = harmed.flatMap((one) => one.ids);
    found.push({ key: 'without harm', text: 'the same without what did harm', actions: without(actions, ids) });
  }
  if (firstSign === null) return found;
  found.push(...earlier(record, decided, firstSign + REACTION_SECONDS));
  const quick = firstSign + QUICK_SECONDS;
  for (const step of unused(record, decided)) {
    if (!step.isGlobal && troubled.length === 0) continue;
    const made = (t: number): Alternative => addedAt(record, step, t, troubled);
    if (quick < record.untilSeconds)
      found.push({ ...made(quick), later: LATER_SECONDS.map((more) => made(quick + more)) });
  }
  return found;
}

/** The session with a step of the runbook besides, for all clusters in trouble. */
function addedAt(
  { actions, result }: DrillRecord,
  { line, title, action, path, isGlobal }: DrillRecord['runbook'][number],
  t: number,
  troubled: readonly string[],
): Alternative {
  const targets = isGlobal ? [undefined] : troubled;
  const added = targets.map((cluster): LiveAction => {
    const input: LiveInput = {
      kind: 'act',
      action,
      path,
      by: 'what if',
      ...(cluster === undefined ? {} : { cluster }),
    };
    return { id: -1, t, input };
  });
  const where = isGlobal ? '' : ` in ${troubled.join(', ')}`;
  const typed = troubled.length === 1 ? line.replaceAll('<cluster>', troubled[0]!) : line;
  return {
    key: `add ${line} at ${t}`,
    text: `besides, at ${clockOf(result.clock.zero, t).slice(0, 5)}${where}: ${title} (${typed})`,
    actions: renumbered([...actions, ...added]),
  };
}

/** Everything so much earlier, as far as somebody could have known. */
function earlier({ actions, result }: DrillRecord, decided: readonly Decided[], earliest: number): Alternative[] {
  const [first] = decided;
  if (first === undefined) return [];
  const shift = Math.min(EARLIER_SECONDS, Math.floor(first.t - earliest));
  if (shift < 60) return [];
  const ids = new Set(decided.flatMap((one) => one.ids));
  const moved = actions.map((action) => (ids.has(action.id) ? { ...action, t: action.t - shift } : action));
  const text = `everything ${Math.round(shift / 60)} min earlier, from ${clockOf(result.clock.zero, first.t - shift)} on`;
  return [{ key: `earlier ${shift}`, text, actions: renumbered(moved) }];
}

/** Steps of the runbook whose action nobody took. */
function unused({ runbook, actions }: DrillRecord, decided: readonly Decided[]): DrillRecord['runbook'] {
  const done = new Set(decided.filter(({ isDone }) => isDone).flatMap(({ ids }) => ids));
  const used = actions
    .filter(({ id }) => done.has(id))
    .flatMap(({ input }) => (input.kind === 'act' ? [`${input.action.action} ${input.path}`] : []));
  const left = runbook.filter(({ action, path }) => !used.includes(`${action.action} ${path}`));
  // Ways through the API are tried last: in trouble they are the ones that are closed.
  return [
    ...left.filter(({ path }) => !apiPaths.includes(path)),
    ...left.filter(({ path }) => apiPaths.includes(path)),
  ];
}
