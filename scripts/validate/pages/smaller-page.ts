/** The page of the tables on the smaller model, each row beside what the whole says where it says something. */
import { medianInterval } from '@brownout/core';
import { engineVersion, reduced } from '@brownout/scenarios';
import type { Studied } from '../incident-plan.ts';
import { bandValue, judge } from '../judge.ts';
import { byId, type TableResult, type VariantResult } from '../results.ts';
import { idleMitigations } from '../tables/mitigations.ts';
import type { WholeRuns } from '../whole-runs.ts';
import { askedText } from './incident-page.ts';
import { countText, medianText, number, shownAs, table } from './markdown.ts';
import { pairedTables, ranked } from './mitigations-page.ts';
import { drawsSections } from './smaller-draws.ts';
import { verdictLevel, verdictList, verdictTable } from './smaller-verdicts.ts';

/** The page, from committed rows of both models. */
export function smallerPage(studied: Studied, tables: readonly TableResult[], whole: WholeRuns): string {
  return [
    ...head(studied, tables),
    ...paired('## Mitigations', 'mitigations', tables, whole, ranked),
    ...idleText(studied, tables),
    ...paired('## Recovery actions, singly, in pairs and together', 'recovery', tables, whole, (all) => all),
    ...paired('## Counterfactuals', 'counterfactuals', tables, whole, (all) => all),
    ...drawsSections(studied, tables, whole),
    ...bandsSection(studied, tables, whole),
  ].join('\n\n');
}

function head({ incident }: Studied, tables: readonly TableResult[]): string[] {
  const { nodes, nodesOfWhole, losses } = reduced(incident.document());
  return [
    `# ${incident.title}: the tables on the smaller model`,
    `**Every number on this page is from the smaller model, unless its column says *whole*: ${nodes} nodes stand for ${nodesOfWhole}.** A run of the whole takes most of a minute and these tables need thousands, so here they are from a model that takes a second or two; [those of the whole](${incident.id}.md) grow with time. How well the two agree was [measured on other runs](reduced-model.md).`,
    `Written by \`pnpm validate --model smaller\` (engine ${engineVersion}; rows with their hashes, seeds and digests: [data](data/)). ${countText(tables)}`,
    '**May be believed:** which clusters are lost and which are not, whether users have an outage at all, and which of two changes does more. **May not:** minutes, peaks and shares, which are rough and biased - the peak comes too early - and are printed because differences are made of them. Both hold as far as the comparison with the whole goes, which is one incident and a few changes. The smaller model cannot show:',
    losses.map((loss) => `- ${loss}`).join('\n'),
    `Each variant runs under the same seeds as its baseline, and differences are taken run by run. *In words*: the clusters lost in more than half of the runs beside those of the baseline, then the outage: *shorter* or *longer* where the ${100 * verdictLevel} % interval of the median difference leaves out zero (the sign test turned round), *no outage* where the median is 0. *Agree* compares the clusters lost in more than half of the runs of both models; runs of the whole that were made of an earlier state of the document are left out.`,
  ];
}

function paired(
  title: string,
  id: string,
  tables: readonly TableResult[],
  whole: WholeRuns,
  order: (variants: readonly VariantResult[]) => readonly VariantResult[],
): string[] {
  const all = byId(tables, id)?.variants ?? [];
  const variants = all.filter(({ rows }) => rows.length > 0);
  const [baseline] = variants;
  if (baseline === undefined || baseline !== all[0]) return [];
  const ordered = order(variants);
  return [
    title,
    about[id]!,
    verdictList(ordered, baseline),
    verdictTable(ordered, baseline, (variant) => whole(id, variant)),
    'What these verdicts are made of, as the smaller model gives it - minutes that are not to be believed one by one:',
    ...pairedTables(ordered, baseline),
  ];
}

const about: Readonly<Record<string, string>> = {
  mitigations: 'Ranked by outage, then by users affected. Parameters are the defaults that `brownout list` shows.',
  recovery:
    'To twelve hours after the trigger. The baseline is all that the operators had. *None* leaves roll-back through the API.',
  counterfactuals: 'The trigger removed must give a quiet day.',
};

function idleText(studied: Studied, tables: readonly TableResult[]): string[] {
  const idle = byId(tables, 'mitigations') === undefined ? [] : idleMitigations(studied);
  return idle.length === 0 ? [] : [`Not run, because they change nothing in this incident: ${idle.join(', ')}.`];
}

function bandsSection({ incident, study }: Studied, tables: readonly TableResult[], whole: WholeRuns): string[] {
  const judged = study.bands.map((band) => judge(band, tables)).filter(({ median }) => median !== undefined);
  if (judged.length === 0) return [];
  const rows = judged.map(({ band, median, never }) => {
    const runs = whole('bands', band.runs).map((run) => bandValue(band, run));
    return [
      `${band.id.split('-')[0]} ${band.title}`,
      askedText(band),
      band.published === undefined ? '' : number(band.published, shownAs(band)),
      medianText(median, shownAs(band)),
      never === 0 ? '0' : `${never} of ${median!.count}`,
      runs.length === 0 ? '' : medianText(medianInterval(runs), shownAs(band)),
      String(runs.length),
    ];
  });
  return [
    '## What the smaller model gives for the acceptance bands',
    `No verdicts: bands ask for minutes and peaks, and those are for [the whole](${incident.id}.md) to judge. Medians with 95 % intervals.`,
    table(['Band', 'Asked', 'Published', 'Smaller model', 'Never', 'Whole', 'Whole: runs'], rows),
  ];
}
