/** A debrief as text: the score and what it is made of, decisions with what they were worth, what else could have been done. */
import type { Debrief, Decision, RankedRun, ScoreRow } from '../drill/debrief.ts';
import { seedSpreadText } from '../drill/debrief-seeds.ts';
import { clockOf } from '../scenario/clock.ts';
import type { DrillTextOptions } from './drill-board.ts';
import type { Style } from './style.ts';
import { table, wrap, type Cell } from './text.ts';
import { shareText, spanText } from './words.ts';

/** See above. What no run was made for is left out. */
export function debriefText(debrief: Debrief, { width, style }: DrillTextOptions): string {
  const { title, trainees, difficulty, score, rows, decisions, ranking } = debrief;
  const who = trainees.map(({ name, roles }) => `${name} (${roles.join(', ')})`).join(', ');
  const { points } = score;
  const lines = [
    style.strong(`Debrief: ${title}`),
    ...wrap(`${who}; ${difficulty}; seed ${debrief.seed}`, width),
    '',
    ...(points === null
      ? []
      : [`Score ${style.strong(points.toFixed(0))} (0: as if nobody had acted, 100: as the people of the document)`]),
    ...wrap(score.verdict, width),
    '',
    ...table(
      [
        { title: '' },
        { title: 'you', align: 'right' },
        { title: 'nobody', align: 'right' },
        { title: 'the crew', align: 'right' },
      ],
      rows.map((row) => [
        row.title,
        shown(row, row.own, debrief),
        shown(row, row.nobody, debrief),
        shown(row, row.crew, debrief),
      ]),
      width,
      style.faint,
    ),
    ...decisionLines(decisions, { width, style }),
    ...rankingLines(ranking, { width, style }),
  ];
  return `${lines.join('\n')}\n`;
}

function shown({ unit }: ScoreRow, value: number | null, { clock }: Debrief): string {
  if (value === null) return '-';
  switch (unit) {
    case 'seconds':
      return spanText(value);
    case 'minutes':
      return spanText(value * 60);
    case 'share':
      return shareText(value);
    case 'count':
      return String(Math.round(value));
    case 'moment':
      return clockOf(clock.zero, value);
  }
}

const verdicts: Readonly<Record<Decision['verdict'], readonly [text: string, paint: keyof Style | undefined]>> = {
  helped: ['helped', 'good'],
  harmed: ['harmed', 'bad'],
  'no-difference': ['made no difference', undefined],
  failed: ['did not come off', 'warn'],
  'not-tried': ['not tried without it', 'faint'],
};

function decisionLines(decisions: readonly Decision[], { width, style }: DrillTextOptions): string[] {
  if (decisions.length === 0) return ['', 'Nobody did anything.'];
  const rows = decisions.map(({ clock, by, text, verdict, gainMinutes }): readonly (Cell | string)[] => {
    const [word, paint] = verdicts[verdict];
    const gain = gainMinutes === null ? '' : `${gainMinutes > 0 ? '+' : ''}${gainMinutes.toFixed(1)}`;
    return [clock, by, { text: word, paint: paint && style[paint] }, gain, text];
  });
  const columns = [
    { title: 'time' },
    { title: 'who' },
    { title: 'verdict' },
    { title: 'minutes', align: 'right' as const },
    { title: 'decision' },
  ];
  return ['', style.strong('Decisions, and what they were worth'), ...table(columns, rows, width, style.faint)];
}

function rankingLines(ranking: readonly RankedRun[], { width, style }: DrillTextOptions): string[] {
  if (ranking.length < 2) return [];
  const isAgain = ranking.some(({ again }) => again !== null);
  const rows = ranking.map(({ kind, text, lostMinutes, differenceMinutes, again }): readonly (Cell | string)[] => [
    spanText(lostMinutes * 60),
    kind === 'session' ? '' : `${differenceMinutes > 0 ? '+' : ''}${differenceMinutes.toFixed(1)}`,
    ...(isAgain ? [again === null ? '' : seedSpreadText(again)] : []),
    { text, paint: kind === 'session' ? style.strong : undefined },
  ]);
  const columns = [
    { title: 'lost', align: 'right' as const },
    { title: 'minutes to you', align: 'right' as const },
    ...(isAgain ? [{ title: 'than you' }] : []),
    { title: 'the same day' },
  ];
  return ['', style.strong('What else could have been'), ...table(columns, rows, width, style.faint)];
}
