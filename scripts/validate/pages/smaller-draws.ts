/** What draws from the priors say on the smaller model: how often each question is answered yes, and which priors decide. */
import { shareInterval } from '@brownout/core';
import type { Studied } from '../incident-plan.ts';
import { bandValue, drawsOf, isInside } from '../judge.ts';
import { decidedBy, questions } from '../questions.ts';
import { byId, type TableResult, type VariantResult } from '../results.ts';
import { decisivePriors, sensitivityOf } from '../sensitivity.ts';
import type { WholeRuns } from '../whole-runs.ts';
import { runsText, shareText, table } from './markdown.ts';
import { correlationsTable, halvesTable, priorsTable, significant } from './sensitivity-page.ts';
import { verdictTable } from './smaller-verdicts.ts';

/** The sections; none while there are no draws. */
export function drawsSections(studied: Studied, tables: readonly TableResult[], whole: WholeRuns): string[] {
  const draws = byId(tables, 'draws')?.variants[0];
  if (draws === undefined || draws.rows.length === 0) return [];
  const found = sensitivityOf(decidedBy(studied, { model: 'smaller' }), tables);
  const names = decisivePriors(found, Infinity);
  return [
    '## Draws from the priors',
    `Every assumption that has a range is drawn from it at once, ${runsText(draws)} times (a Latin hypercube on a logarithmic scale, a seed for each draw). Answers to questions that do not ask for minutes, with 95 % intervals:`,
    table(['Question', 'Committed values: yes', 'Draws: yes'], questionRows(tables)),
    `Clusters lost, in how many of the ${draws.rows.length} draws: ${countsText(draws)}. By cluster: ${clustersText(studied, draws)}.`,
    ...(found.length === 0 ? ['There are too few draws yet to say what decides.'] : sensitivity(studied, names, found)),
    ...oneAtATime(tables, whole),
  ];
}

function sensitivity(studied: Studied, names: readonly string[], found: ReturnType<typeof sensitivityOf>): string[] {
  return [
    '### Which assumptions decide',
    `Partial rank correlations: how far the number of clusters lost (\`lost\`), the length of the outage (\`outage\`), the time to the last recovery (\`recovery\`) and that until the agents are gone by roll-back alone (\`roll-back\`) rise (+) or fall (-) with the assumption when the effect of all others is taken out. Bold: less than ${significant} likely by chance. Draws: ${found.map(({ band, count }) => `${band.id} ${count}`).join(', ')}.`,
    correlationsTable(names, found),
    'Share of draws in which the answer is yes, in percent: where the assumption lies in the lower / upper half of its draws. Where the two are far apart, the answer hangs on that assumption.',
    halvesTable(names, found),
    'The assumptions:',
    priorsTable(names, studied),
  ];
}

function questionRows(tables: readonly TableResult[]): string[][] {
  return questions.flatMap((question) => {
    const committed = byId(byId(tables, 'bands')?.variants ?? [], question.runs);
    const answers = [committed, drawsOf(question, tables)].map((variant) => {
      const yes = (variant?.rows ?? []).map((row) => isInside(question, bandValue(question, row)));
      return yes.length === 0 ? '-' : shareText(shareInterval(yes.filter(Boolean).length, yes.length));
    });
    return answers.every((answer) => answer === '-') ? [] : [[`\`${question.id}\`: ${question.title}`, ...answers]];
  });
}

function countsText({ rows }: VariantResult): string {
  const counts = new Map<number, number>();
  for (const { measures } of rows) {
    const lost = measures['clustersLost'] ?? 0;
    counts.set(lost, (counts.get(lost) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([lost, count]) => `${lost === 0 ? 'none' : lost} in ${count}`)
    .join(', ');
}

function clustersText({ incident }: Studied, { rows }: VariantResult): string {
  return incident
    .document()
    .clusters.map(({ id }) => `${id} ${rows.filter(({ measures }) => measures[`${id}/clustersLost`] === 1).length}`)
    .join(', ');
}

function oneAtATime(tables: readonly TableResult[], whole: WholeRuns): string[] {
  const baseline = byId(byId(tables, 'bands')?.variants ?? [], 'as-it-was');
  const variants = (byId(tables, 'one-at-a-time')?.variants ?? []).filter(({ rows }) => rows.length > 0);
  if (baseline === undefined || baseline.rows.length === 0 || variants.length === 0) return [];
  return [
    '### One at a time',
    'The assumptions that correlate most, each at the ends of its range while all others keep the committed value.',
    verdictTable([baseline, ...variants], baseline, (variant) =>
      whole(variant === baseline.id ? 'bands' : 'one-at-a-time', variant),
    ),
  ];
}
