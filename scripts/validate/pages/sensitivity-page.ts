/** The page on the assumptions: which of them decide the verdicts. */
import { medianInterval } from '@brownout/core';
import { engineVersion } from '@brownout/scenarios';
import type { Studied } from '../incident-plan.ts';
import { bandValue, isInside } from '../judge.ts';
import { byId, type TableResult, type VariantResult } from '../results.ts';
import { type BandSensitivity, decisivePriors, sensitivityOf } from '../sensitivity.ts';
import { countText, medianText, runsText, shownAs, table } from './markdown.ts';

/** Chance below which a correlation is printed bold: 1 % would be passed by a few of some two hundred by luck alone. */
export const significant = 0.001;

/** The page. */
export function sensitivityPage(studied: Studied, tables: readonly TableResult[]): string {
  const { incident } = studied;
  const found = sensitivityOf(studied, tables);
  const names = decisivePriors(found, Infinity);
  return [
    `# ${incident.title}: which assumptions decide`,
    `Written by \`pnpm validate\` (engine ${engineVersion}; rows with their hashes, seeds and digests: [data](data/)). ${countText(['draws', 'draws-roll-back', 'one-at-a-time'].map((id) => byId(tables, id)))}`,
    'Every prior is drawn from its range on a logarithmic scale, all at once, in a Latin hypercube; each draw is one run with a seed of its own.',
    ...(found.length === 0
      ? ['There are too few draws yet to say anything.']
      : [
          '## Correlation with what the bands measure',
          `Partial rank correlations: how far the measure rises (+) or falls (-) with the prior when the effect of all others is taken out. Bold: less than ${significant} likely by chance. Draws: ${found.map(({ band, count }) => `${band.id} ${count}`).join(', ')}. A measure that came out the same in all draws is left out.`,
          correlationsTable(names, found),
          '## Share of draws inside each band, by half of the range',
          'Lower half of the drawn values / upper half, in percent. Where the two are far apart, the verdict hangs on that assumption.',
          halvesTable(names, found),
          '## The priors',
          priorsTable(names, studied),
        ]),
    ...oneAtATime(studied, byId(tables, 'one-at-a-time')?.variants ?? [], tables),
  ].join('\n\n');
}

/** How each prior correlates with what the bands measure; bold where that is not luck. */
export function correlationsTable(names: readonly string[], found: readonly BandSensitivity[]): string {
  return table(
    ['Prior', ...found.map(({ band }) => band.id)],
    names.map((name) => correlationRow(name, found)),
  );
}

/** Share of draws inside each band where the prior lies in the lower and in the upper half of its draws. */
export function halvesTable(names: readonly string[], found: readonly BandSensitivity[]): string {
  return table(
    ['Prior', ...found.map(({ band }) => band.id)],
    names.map((name) => halvesRow(name, found)),
  );
}

/** The priors with their ranges. */
export function priorsTable(names: readonly string[], { study }: Studied): string {
  return table(
    ['Prior', 'Committed', 'Range'],
    names.map((name) => [name, `${study.priors[name]!.value}`, study.priors[name]!.range.join(' to ')]),
  );
}

function correlationRow(name: string, found: readonly BandSensitivity[]): string[] {
  return [
    name,
    ...found.map(({ effects }) => {
      const { correlation, probability } = byPrior(effects, name);
      const text = `${correlation > 0 ? '+' : ''}${correlation.toFixed(2)}`;
      return probability < significant ? `**${text}**` : text;
    }),
  ];
}

function halvesRow(name: string, found: readonly BandSensitivity[]): string[] {
  return [
    name,
    ...found.map(({ effects }) => {
      const { insideLow, insideHigh } = byPrior(effects, name);
      return `${(100 * insideLow).toFixed(0)} / ${(100 * insideHigh).toFixed(0)}`;
    }),
  ];
}

function byPrior<T extends { readonly prior: string }>(effects: readonly T[], name: string): T {
  return effects.find(({ prior }) => prior === name)!;
}

function oneAtATime({ study }: Studied, variants: readonly VariantResult[], tables: readonly TableResult[]): string[] {
  const bands = study.bands.filter(({ runs }) => runs === 'as-it-was');
  const baseline = byId(byId(tables, 'bands')?.variants ?? [], 'as-it-was');
  const shown = [...(baseline === undefined ? [] : [baseline]), ...variants].filter(({ rows }) => rows.length > 0);
  if (variants.every(({ rows }) => rows.length === 0)) return [];
  const rows = shown.map((variant) => [
    variant.title,
    runsText(variant),
    ...bands.map((band) => {
      const interval = medianInterval(variant.rows.map((row) => bandValue(band, row)));
      const text = medianText(interval, shownAs(band));
      return isInside(band, interval.median) ? text : `**${text}**`;
    }),
  ]);
  return [
    '## One at a time',
    'The priors that correlate most, each at the ends of its range while all others keep the committed value. Medians with 95 % intervals, in minutes or percent; bold: outside the band.',
    table(['Prior', 'Runs', ...bands.map(({ id }) => id)], rows),
  ];
}
