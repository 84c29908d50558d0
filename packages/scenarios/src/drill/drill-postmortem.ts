/** The draft of a postmortem of a session: the skeleton of reports, with what people decided and what that was worth. */
import { markdownTable, markdownText } from '../report/markdown-text.ts';
import { postmortemMarkdown } from '../report/postmortem.ts';
import { spanText } from '../report/words.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Debrief, ScoreRow } from './debrief.ts';
import { seedSpreadText } from './debrief-seeds.ts';

/** Where the parts on the exercise go. */
const BEFORE = '\n## Supporting information\n';

/** Markdown, ending in a line break. */
export function drillPostmortem(debrief: Omit<Debrief, 'postmortem'>, result: RunResult): string {
  const skeleton = postmortemMarkdown(result);
  const place = skeleton.indexOf(BEFORE);
  const own = partsOf(debrief).join('\n\n');
  if (place < 0) return `${skeleton}\n${own}\n`;
  return `${skeleton.slice(0, place)}\n${own}\n${skeleton.slice(place)}`;
}

function partsOf({ score, rows, decisions, ranking, trainees, difficulty }: Omit<Debrief, 'postmortem'>): string[] {
  const who = trainees.map(({ name, roles }) => `${name} (${roles.join(', ')})`).join(', ');
  const points = score.points === null ? '' : ` ${score.points} points: 0 is nobody, 100 the crew of the document.`;
  const alternatives = ranking.length < 2 ? [] : ['### What else could have been done', rankingTable(ranking)];
  return [
    '## The exercise',
    markdownText(`${who}; ${difficulty}. ${score.verdict}${points}`),
    table(
      ['measure', 'session', 'crew', 'nobody'],
      rows.map((row) => [row.title, valueText(row, row.own), valueText(row, row.crew), valueText(row, row.nobody)]),
    ),
    '### Decisions',
    decisions.length === 0
      ? 'Nobody did anything to a cluster.'
      : table(
          ['time', 'who', 'what', 'came off', 'made'],
          decisions.map(({ clock, by, text, isDone, verdict, gainMinutes }) => [
            clock,
            by,
            text,
            isDone ? 'yes' : 'no',
            gainMinutes === null ? verdict : `${verdict} (${signed(gainMinutes)} min)`,
          ]),
        ),
    ...alternatives,
  ];
}

function rankingTable(ranking: Debrief['ranking']): string {
  const isAgain = ranking.some(({ again }) => again !== null);
  return table(
    ['what', 'lost', 'against the session', ...(isAgain ? ['under other seeds'] : [])],
    ranking.map(({ text, lostMinutes, differenceMinutes, kind, again }) => [
      text,
      `${Number(lostMinutes.toPrecision(3))} min`,
      kind === 'session' ? '' : `${signed(differenceMinutes)} min`,
      ...(isAgain ? [again === null ? '' : seedSpreadText(again)] : []),
    ]),
  );
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable({ columns: titles.map((title) => ({ title, align: 'left' as const })), rows });
}

/** A value of the score table for people; "-" where there is none. */
export function valueText({ unit }: Pick<ScoreRow, 'unit'>, value: number | null): string {
  if (value === null) return '-';
  switch (unit) {
    case 'seconds':
      return spanText(value);
    case 'moment':
      return `+${spanText(value)}`;
    case 'minutes':
      return `${Number(value.toPrecision(3))} min`;
    case 'share':
      return `${Number((value * 100).toPrecision(3))} %`;
    case 'count':
      return String(value);
  }
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${Number(value.toPrecision(3))}`;
}
