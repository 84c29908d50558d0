/** The page on what would have helped: mitigations and recovery actions, paired with a baseline by seed. */
import { median, medianInterval, pairedMedianInterval } from '@brownout/core';
import { engineVersion } from '@brownout/scenarios';
import type { Studied } from '../incident-plan.ts';
import { byId, pairsOf, type TableResult, valueOf, valuesOf, type VariantResult } from '../results.ts';
import { idleMitigations } from '../tables/mitigations.ts';
import {
  asCount,
  asMinutes,
  asPercent,
  countText,
  differenceText,
  medianText,
  number,
  runsText,
  type Shown,
  table,
} from './markdown.ts';

const measures: readonly (readonly [heading: string, measure: string, shown: Shown])[] = [
  ['Outage (min)', 'outageSeconds', asMinutes],
  ['Users affected (%)', 'usersAffectedShare', { ...asPercent, digits: 2 }],
  ['Lock-out (min)', 'lockoutSeconds', asMinutes],
  ['Clusters lost', 'clustersLost', asCount],
  ['First recovery (min)', 'firstClusterRecovered', asMinutes],
  ['Last recovery (min)', 'lastClusterRecovered', asMinutes],
];

/** The page. */
export function mitigationsPage(studied: Studied, tables: readonly TableResult[]): string {
  const mitigations = byId(tables, 'mitigations');
  const recovery = byId(tables, 'recovery');
  const idle = idleMitigations(studied);
  return [
    `# ${studied.incident.title}: what would have helped`,
    `Written by \`pnpm validate\` (engine ${engineVersion}; rows with their hashes, seeds and digests: [data](data/)). ${countText([mitigations, recovery])}`,
    'Each variant runs under the same seeds as its baseline and shares its random numbers, so differences are taken run by run. A difference is the median over the pairs with its distribution-free 95 % interval (the sign test turned round), bold where the interval leaves out zero (of fewer than six pairs the smallest and the largest stand there, which is less than 95 %, and nothing is bold): it asks for no symmetry, and a recovery that never came by the end of the run counts as infinitely late instead of being dropped; where it never came on either side no difference was seen. Recovery at 0: no cluster was lost. Lock-out that has not ended lasts to the end of the run.',
    ...section(
      '## Mitigations',
      'Ranked by outage, then by users affected. Parameters are the defaults that `brownout list` shows.',
      mitigations,
      true,
    ),
    ...(idle.length === 0 ? [] : [`Not run, because they change nothing in this incident: ${idle.join(', ')}.`]),
    ...section(
      '## Recovery actions',
      'Singly, in pairs and together, to twelve hours after the trigger. The baseline is all that the operators had.',
      recovery,
      false,
    ),
    ...(recovery === undefined ? [] : [slownessText(recovery)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, text: string, result: TableResult | undefined, isRanked: boolean): string[] {
  const [baseline, ...others] = (result?.variants ?? []).filter(({ rows }) => rows.length > 0);
  if (baseline === undefined || baseline.id !== result?.variants[0]?.id) return [];
  const ordered = isRanked ? ranked([baseline, ...others]) : [baseline, ...others];
  return [title, text, ...pairedTables(ordered, baseline)];
}

/** The measures of variants in the order given, and the same as differences from the baseline, pair by pair. */
export function pairedTables(ordered: readonly VariantResult[], baseline: VariantResult): string[] {
  const headings = measures.map(([heading]) => heading);
  return [
    table(
      ['Variant', 'Runs', ...headings],
      ordered.map((one) => valuesRow(one, baseline)),
    ),
    'The same as differences from the baseline:',
    table(
      ['Variant', 'Pairs', ...headings],
      ordered.filter((one) => one !== baseline).map((one) => differencesRow(one, baseline)),
    ),
  ];
}

/** Best first: least median outage, then least users affected, then by id. */
export function ranked(variants: readonly VariantResult[]): VariantResult[] {
  const keys = new Map(
    variants.map((one) => [one, ['outageSeconds', 'usersAffectedShare'].map((name) => median(valuesOf(one, name)))]),
  );
  return [...variants].sort((a, b) => {
    const [outage, users] = keys.get(a)!;
    const [otherOutage, otherUsers] = keys.get(b)!;
    return outage! - otherOutage! || users! - otherUsers! || (a.id < b.id ? -1 : 1);
  });
}

function valuesRow(variant: VariantResult, baseline: VariantResult): string[] {
  const name = variant === baseline ? `**${variant.id}** (baseline)` : variant.id;
  return [
    name,
    runsText(variant),
    ...measures.map(([, measure, shown]) => medianText(medianInterval(valuesOf(variant, measure)), shown)),
  ];
}

function differencesRow(variant: VariantResult, baseline: VariantResult): string[] {
  const pairs = pairsOf(baseline, variant);
  return [
    variant.id,
    String(pairs.length),
    ...measures.map(([, measure, shown]) => {
      if (pairs.length === 0) return '-';
      const [first, second] = [0, 1].map((side) => pairs.map((pair) => valueOf(pair[side as 0 | 1], measure)));
      return differenceText(pairedMedianInterval(first!, second!), shown);
    }),
  ];
}

/** The finding that the dossier asks for: how much slower a single action is than all of them. */
function slownessText({ variants }: TableResult): string {
  const [all, ...others] = variants;
  const singles = others.filter(({ id, rows }) => rows.length > 0 && id !== 'none' && !id.includes('+'));
  if (all === undefined || all.rows.length === 0 || singles.length === 0) return '';
  const base = median(valuesOf(all, 'lastClusterRecovered'));
  const parts = singles.map((single) => {
    const ratio = median(valuesOf(single, 'lastClusterRecovered')) / base;
    return `${single.id} ${Number.isNaN(ratio) ? '-' : number(ratio, { factor: 1, digits: 2, never: 'never in time' })}`;
  });
  return `Median time to the last recovery, as a multiple of that with all actions: ${parts.join(', ')}. (Expected before the runs: at least 1.2; a finding, not a band.)`;
}
