/** The timeline of a debrief: the story of the run, known only now, with everything that people did and said. */
import { clockOf } from '../scenario/clock.ts';
import type { TimelineEntry } from '../scenario/result.ts';
import type { Decision } from './debrief.ts';
import type { DrillRecord } from './drill-record.ts';

const verdicts: Readonly<Record<Decision['verdict'], string>> = {
  helped: ' - helped',
  harmed: ' - harmed',
  'no-difference': ' - made no difference',
  failed: ' - failed',
  'not-tried': '',
};

/** By time; of one time the story first. */
export function debriefTimeline(record: DrillRecord, decisions: readonly Decision[]): TimelineEntry[] {
  const { result, log, statusPage, notes, declaredAt } = record;
  const { zero } = result.clock;
  const entry = (t: number, kind: string, text: string): TimelineEntry => ({ t, clock: clockOf(zero, t), kind, text });
  const own: TimelineEntry[] = [
    ...decisions.map(({ t, by, text, verdict }) => entry(t, 'decision', `${by}: ${text}${verdicts[verdict]}`)),
    ...statusPage.map(({ t, by, text }) => entry(t, 'status', `${by} on the status page: ${text}`)),
    ...notes.map(({ t, text }) => entry(t, 'note', `facilitator: ${text}`)),
    ...(declaredAt === null ? [] : [entry(declaredAt, 'decision', 'incident declared')]),
    ...log.flatMap((one) =>
      one.kind === 'fault' ? [entry(one.t, 'note', `facilitator injects ${one.fault.kind}`)] : [],
    ),
  ];
  return [...result.timeline, ...own].sort((one, other) => one.t - other.t);
}
