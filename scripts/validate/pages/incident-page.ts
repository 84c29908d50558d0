/** The page of an incident: bands, published beside simulated, clusters by size, counterfactuals. */
import { medianInterval } from '@brownout/core';
import { amountOf, type AcceptanceBand, documentHash, engineVersion } from '@brownout/scenarios';
import type { Studied } from '../incident-plan.ts';
import { type Judgement, judge } from '../judge.ts';
import { byId, resourcesText, type TableResult, valuesOf, type VariantResult } from '../results.ts';
import { plain } from '../tables/variations.ts';
import {
  asCount,
  asMinutes,
  asPercent,
  countText,
  medianText,
  number,
  runsText,
  shareText,
  shownAs,
  type Shown,
  table,
} from './markdown.ts';
import { thresholdSection } from './threshold-section.ts';

/** The page. */
export function incidentPage(studied: Studied, tables: readonly TableResult[], others: readonly Studied[]): string {
  const { incident } = studied;
  const document = incident.document();
  const shown = ['bands', 'draws', 'draws-roll-back', 'counterfactuals', 'threshold'].map((id) => byId(tables, id));
  return [
    `# ${incident.title}: simulated beside published`,
    `Written by \`pnpm validate\` (engine ${engineVersion}, document ${documentHash(document)}; rows with their hashes, seeds and digests: [data](data/)). ${countText(shown)}`,
    `Times are minutes after the trigger, ${document.clock.zero}. Medians come with the distribution-free 95 % interval of order statistics; runs in which something never came rank last and are counted, not dropped. Unit costs were measured on an unloaded server, the rest is documented or assumed; an assumption that was calibrated to published times says so in its note. ${operatorsText(studied, others)}`,
    bandsSection(studied, tables),
    publishedSection(studied, tables),
    clustersSection(studied, tables),
    counterfactualsSection(tables),
    thresholdSection(studied, tables),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function bandsSection({ study }: Studied, tables: readonly TableResult[]): string {
  if (study.bands.length === 0) return '';
  const judged = study.bands.map((band) => judge(band, tables));
  const headings = [
    'Band',
    'Asked',
    'Published',
    'Simulated: median [95 %]',
    'Never',
    'Runs inside',
    'Draws inside',
    'Verdict',
  ];
  return [
    '## Acceptance bands',
    'The bands are our own, set before the first comparison; a band is met when the median lies inside. *Draws inside*: share of runs inside when every prior is drawn anew from its range (assumed values without a range stay), a Latin hypercube, each draw with a seed of its own; brackets are 95 % intervals (Wilson). Bands marked * rest on how long people need, which is assumed: they test those priors as much as the model.',
    table(headings, judged.map(bandRow)),
  ].join('\n\n');
}

function bandRow({ band, median, never, runsInside, drawsInside, verdict }: Judgement): string[] {
  const shown = shownAs(band);
  const verdictText = verdict === 'miss' ? '**miss**' : verdict;
  return [
    `${band.id.split('-')[0]} ${band.title}${band.isCalibrated === true ? ' *' : ''}`,
    askedText(band),
    band.published === undefined ? '' : number(band.published, shown),
    medianText(median, shown),
    never === 0 ? '0' : `${never} of ${median?.count}`,
    shareText(runsInside),
    shareText(drawsInside),
    verdictText,
  ];
}

/** The band itself, such as `15 to 30 min`. */
export function askedText(band: AcceptanceBand): string {
  const unit = { minutes: 'min', percent: '%', points: 'points' }[band.shownAs];
  const [from, to] = [number(band.from, shownAs(band)), number(band.to, shownAs(band))];
  // A day is as good as no end, and keeps out what never came.
  if (band.shownAs === 'minutes' && band.to >= 86_400) return `from ${from} ${unit}`;
  if (band.from === band.to) return `${from} ${unit}`;
  return band.from < 0 || (band.shownAs !== 'minutes' && band.from === 0)
    ? `to ${to} ${unit}`
    : `${from} to ${to} ${unit}`;
}

function publishedSection({ incident }: Studied, tables: readonly TableResult[]): string {
  const facts = (incident.document().published ?? []).filter(({ compareWith }) => compareWith !== undefined);
  const baseline = baselineOf(tables);
  if (facts.length === 0 || baseline === undefined || baseline.rows.length === 0) return '';
  const rows = facts.map(({ at, text, compareWith }) => [
    text,
    number(amountOf(plain(at)) / 1e6, asMinutes),
    medianText(medianInterval(valuesOf(baseline, String(compareWith))), asMinutes),
  ]);
  const spread = (measure: string, shown: Shown): string =>
    medianText(medianInterval(valuesOf(baseline, measure)), shown);
  return [
    '## Published and simulated',
    table(['Fact', 'Published', 'Simulated: median [95 %]'], rows),
    `Clusters lost: ${spread('clustersLost', asCount)}. Share of users' requests that fail at the peak: ${spread('peakErrorShare', asPercent)} %. Lock-out in the worst cluster: ${spread('lockoutSeconds', asMinutes)} min. Runs: ${runsText(baseline)}.`,
  ].join('\n\n');
}

function clustersSection({ incident }: Studied, tables: readonly TableResult[]): string {
  const baseline = baselineOf(tables);
  if (baseline === undefined || baseline.rows.length === 0) return '';
  const rows = incident.document().clusters.map(({ id, nodes }) => {
    const lost = baseline.rows.filter(({ measures }) => measures[`${id}/clustersLost`] === 1);
    const recovered = lost.map(({ measures }) => measures[`${id}/lastClusterRecovered`] ?? Infinity);
    return [
      id,
      String(plain(nodes)),
      resourcesText(baseline, id),
      medianText(medianInterval(valuesOf(baseline, `${id}/firstSaturation`)), asMinutes),
      medianText(medianInterval(valuesOf(baseline, `${id}/cpuRise`)), asPercent),
      medianText(medianInterval(valuesOf(baseline, `${id}/peakErrorShare`)), asPercent),
      `${lost.length} of ${baseline.rows.length}`,
      recovered.length === 0 ? '' : medianText(medianInterval(recovered), asMinutes),
    ];
  });
  const headings = [
    'Cluster',
    'Nodes',
    'First resource to fail',
    'Saturated from (min)',
    'CPU rise (points)',
    'Users failing at the peak (%)',
    'Lost in',
    'Recovered (min), where lost',
  ];
  return ['## Cluster by cluster', table(headings, rows)].join('\n\n');
}

function counterfactualsSection(tables: readonly TableResult[]): string {
  const variants = (byId(tables, 'counterfactuals')?.variants ?? []).filter(({ rows }) => rows.length > 0);
  if (variants.length < 2) return '';
  const measures: readonly (readonly [string, string, Shown])[] = [
    ['Clusters lost', 'clustersLost', asCount],
    ['First saturation', 'firstSaturation', asMinutes],
    ['First user error', 'firstUserError', asMinutes],
    ['Peak', 'peakImpact', asMinutes],
    ['Outage', 'outageSeconds', asMinutes],
    ['Users affected (%)', 'usersAffectedShare', asPercent],
    ['First recovery', 'firstClusterRecovered', asMinutes],
    ['Last recovery', 'lastClusterRecovered', asMinutes],
  ];
  const rows = variants.map((variant) => [
    variant.title,
    runsText(variant),
    ...measures.map(([, measure, shown]) => medianText(medianInterval(valuesOf(variant, measure)), shown)),
  ]);
  return [
    '## Counterfactuals',
    'The trigger removed must give a quiet day. Recovery at 0: no cluster was lost.',
    table(['Run', 'Runs', ...measures.map(([heading]) => heading)], rows),
  ].join('\n\n');
}

function baselineOf(tables: readonly TableResult[]): VariantResult | undefined {
  return byId(byId(tables, 'bands')?.variants ?? [], 'as-it-was');
}

/** Which other incidents are answered by the very same people: their parameters must not differ from one to the next. */
function operatorsText({ incident }: Studied, others: readonly Studied[]): string {
  const hash = documentHash(incident.document().operators);
  const same = others.filter((other) => other.incident.id !== incident.id);
  const alike = same.filter((other) => documentHash(other.incident.document().operators) === hash);
  const named = alike.length === 0 ? '' : `, the same as in ${alike.map((other) => other.incident.id).join(', ')}`;
  return `Operators' parameters: ${hash}${named}.`;
}
