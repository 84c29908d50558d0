/** The score of a session, and what it is made of: each measure beside the same day without anybody and with the document's people. */
import type { Decision, DrillScore, ScoreRow } from './debrief.ts';
import type { DrillRecord } from './drill-record.ts';
import type { DrillOutcome } from './drill-run.ts';

/** The crew must have saved at least this share of what nobody loses for a score to mean anything (assumed). */
const LEAST_SAVED = 0.01;

/** See DrillScore. */
export function scoreOf(own: DrillOutcome, nobody: DrillOutcome | null, crew: DrillOutcome | null): DrillScore {
  const lostMinutes = { own: own.lostMinutes, nobody: nobody?.lostMinutes ?? null, crew: crew?.lostMinutes ?? null };
  if (nobody === null || crew === null) {
    return {
      points: null,
      lostMinutes,
      verdict: 'Not compared yet: the days without anybody and with the crew were not run.',
    };
  }
  const saved = nobody.lostMinutes - crew.lostMinutes;
  const ownSaved = nobody.lostMinutes - own.lostMinutes;
  if (saved <= LEAST_SAVED * nobody.lostMinutes) {
    const verdict =
      ownSaved > LEAST_SAVED * nobody.lostMinutes
        ? `You saved ${minutes(ownSaved)} of full outage where the crew saved next to none, so there is no scale for a score.`
        : 'By the end of the session neither you nor the crew had saved anything, so there is no scale for a score.';
    return { points: null, lostMinutes, verdict };
  }
  const points = Math.round((100 * ownSaved) / saved);
  return { points, lostMinutes, verdict: verdictOf(points, ownSaved, saved) };
}

function verdictOf(points: number, ownSaved: number, saved: number): string {
  if (points < 0) return `Users lost ${minutes(-ownSaved)} more than if nobody had acted.`;
  const compared = `the crew of the document ${minutes(saved)}`;
  if (points > 110) return `You saved users ${minutes(ownSaved)} of full outage, ${compared}: better than they.`;
  if (points >= 90) return `You saved users ${minutes(ownSaved)} of full outage, ${compared}: about the same.`;
  return `You saved users ${minutes(ownSaved)} of full outage, ${compared}: they did better.`;
}

function minutes(value: number): string {
  return `${Number(value.toPrecision(3))} min`;
}

/** Rows that are measures of the run, the same for everybody. */
const measured: readonly Pick<ScoreRow, 'name' | 'title' | 'unit' | 'meaning'>[] = [
  {
    name: 'lockoutSeconds',
    title: 'locked out',
    unit: 'seconds',
    meaning: 'from the first request of a person that failed to the first that got through, in the worst cluster',
  },
  {
    name: 'outageSeconds',
    title: 'outage',
    unit: 'seconds',
    meaning: 'minutes in which more than 1 % of user requests failed',
  },
  {
    name: 'usersAffectedShare',
    title: 'users affected',
    unit: 'share',
    meaning: 'user requests that failed, of all of the session',
  },
  {
    name: 'clustersLost',
    title: 'clusters lost',
    unit: 'count',
    meaning: 'control planes that answered less than half of their requests for five minutes',
  },
  {
    name: 'lastClusterRecovered',
    title: 'last cluster recovered',
    unit: 'moment',
    meaning: 'seconds after the trigger; none: not by the end of the session',
  },
];

/** Every row of the score table; what nobody or the crew cannot have is `null` there. */
export function scoreRows(
  record: DrillRecord,
  own: DrillOutcome,
  nobody: DrillOutcome | null,
  crew: DrillOutcome | null,
  decisions: readonly Decision[],
): ScoreRow[] {
  const valueOf = (one: DrillOutcome | null, name: string): number | null => one?.measures[name] ?? null;
  const lost: ScoreRow = {
    name: 'lostMinutes',
    title: 'lost',
    unit: 'minutes',
    own: own.lostMinutes,
    nobody: nobody?.lostMinutes ?? null,
    crew: crew?.lostMinutes ?? null,
    meaning:
      'share of user requests that failed, summed over the minutes: minutes for which all users together went without',
  };
  return [
    ...timeRows(record, own, crew, decisions),
    lost,
    ...measured.map((row) => ({
      ...row,
      own: valueOf(own, row.name),
      nobody: valueOf(nobody, row.name),
      crew: valueOf(crew, row.name),
    })),
    ...peopleRows(record, own, decisions),
  ];
}

/** How long people took; nobody takes no time at all. */
function timeRows(
  record: DrillRecord,
  own: DrillOutcome,
  crew: DrillOutcome | null,
  decisions: readonly Decision[],
): ScoreRow[] {
  const harm = firstHarm(own);
  const crewHarm = crew === null ? null : firstHarm(crew);
  const correct = decisions.find(({ verdict, isReversal }) => verdict === 'helped' && !isReversal);
  const row = (name: string, title: string, t: number | null, ofCrew: number | null, meaning: string): ScoreRow => ({
    name,
    title,
    unit: 'seconds',
    own: since(t, harm),
    nobody: null,
    crew: since(ofCrew, crewHarm),
    meaning: `from the first harm - an API server saturated, or users with errors - to ${meaning}`,
  });
  return [
    row(
      'timeToDetect',
      'time to detect',
      detectedAt(record),
      crew?.firstNotice ?? null,
      'the first alert acknowledged, incident declared or action taken',
    ),
    row(
      'timeToAct',
      'time to first action',
      decisions[0]?.t ?? null,
      crew?.firstAction ?? null,
      'the first action, whatever came of it',
    ),
    row(
      'timeToFirstCorrect',
      'time to first correct action',
      correct?.t ?? null,
      null,
      'the first action without which more would have been lost, and which takes back nothing that was done before',
    ),
  ];
}

/** What only people in the exercise have. */
function peopleRows(record: DrillRecord, own: DrillOutcome, decisions: readonly Decision[]): ScoreRow[] {
  const row = (
    name: string,
    title: string,
    unit: ScoreRow['unit'],
    value: number | null,
    meaning: string,
  ): ScoreRow => ({ name, title, unit, own: value, nobody: null, crew: null, meaning });
  const firstPost = record.statusPage.at(-1)?.t ?? null;
  return [
    row(
      'harmfulActions',
      'harmful actions',
      'count',
      harmfulCount(decisions),
      'actions without which less would have been lost, of those that were run without',
    ),
    row('hints', 'hints', 'count', record.hintsAsked, 'hints that were asked for'),
    row(
      'firstStatusPost',
      'first word to the public',
      'seconds',
      since(firstPost, own.measures['firstUserError'] ?? null),
      'from the first user errors to the first entry on the status page',
    ),
  ];
}

function since(t: number | null, start: number | null): number | null {
  return t === null || start === null ? null : t - start;
}

function harmfulCount(decisions: readonly Decision[]): number | null {
  const tried = decisions.filter(({ gainMinutes }) => gainMinutes !== null);
  return tried.length === 0 && decisions.some(({ isDone }) => isDone)
    ? null
    : tried.filter(({ verdict }) => verdict === 'harmed').length;
}

/** The first thing that went wrong, known or not. */
function firstHarm({ measures }: DrillOutcome): number | null {
  const times = [measures['firstSaturation'], measures['firstUserError']].filter((t) => typeof t === 'number');
  return times.length === 0 ? null : Math.min(...times);
}

/** When trainees first showed that they knew. */
function detectedAt({ log, actions, declaredAt }: DrillRecord): number | null {
  const acknowledged = log.find(({ kind }) => kind === 'acknowledge')?.t;
  const typed = log.find((entry) => entry.kind === 'line' && /^\s*ack\s/.test(entry.line))?.t;
  const acted = actions.find(({ input }) => input.kind === 'act')?.t;
  const times = [acknowledged, typed, acted, declaredAt].filter((t) => typeof t === 'number');
  return times.length === 0 ? null : Math.min(...times);
}
