import {
  applyMitigations,
  compare as compareStudy,
  comparedMeasures,
  type CompareOptions,
  type CompareResult,
  compareRows,
  compareText,
  engineVersion,
  judgeThresholds,
  mitigations,
  parseMitigationList,
  parseScenario,
  partialComparison,
  resultJson,
  seedAt,
  thresholdsOf,
  thresholdText,
  type Condition,
  type ConditionAnswer,
  type RecordBook,
  type Variant,
} from '@brownout/scenarios';
import { begun } from '../begun-study.ts';
import type { CommandContext } from '../context.ts';
import { exitInterrupted, exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { refuseShard } from '../machines/shard.ts';
import { readFormat } from '../output-format.ts';
import { conductOn } from '../pool/conduct-on.ts';
import { readAmount, readInAll, readMeasures, readReplications, readShare } from '../read-options.ts';
import { runsIn } from '../store/remembering.ts';
import type { StudyOptions } from '../study-options.ts';
import { deliver, type StudyOutput } from '../study-output.ts';
import { findScenario, planStudy, type StudyPlan } from '../study-plan.ts';
import { inSession, resumeText, setupOf } from '../study-session.ts';

/** `brownout compare`: variants of a scenario beside their baseline, under the same seeds. */

/** Options of the command as typed. */
export interface CompareCommandOptions extends StudyOptions {
  readonly halfWidth?: string;
  readonly relative?: string;
}

/** Runs of each variant when nothing is said, and at most when a precision is asked for. */
const usualReplications = 10;
const mostReplications = 200;

/** Compares and returns the exit code. */
export async function compare(
  name: string,
  options: CompareCommandOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const format = readFormat(options);
  const named = await findScenario(name, 'compare: mitigations are for scenarios of clusters', context);
  const plan = planStudy(named, options);
  const variants = readVariants(plan, options.mitigate ?? []);
  const settings = readSettings(plan, variants, options);
  const thresholds = readThresholds(variants, options.threshold);
  const study = begun(compareStudy(variants, settings));
  const folder = plan.folderFor(
    'compare',
    variants.slice(1).map((one) => one.name),
  );
  const setup = setupOf(
    'compare',
    plan,
    { folder, documents: variants.map(({ document }) => document) },
    options,
    args,
  );
  const end = await inSession(setup, context, ({ maker, options: watched }) => conductOn(study, maker, watched));
  const result = end.isStopped ? partialComparison(variants, settings, runsIn(end.book)) : end.result;
  if (result === undefined) {
    context.stderr.write(`Interrupted: ${end.book.size} runs are in ${end.file}, too few to compare.\n`);
    context.stderr.write(`${resumeText(args)}\n`);
    return exitInterrupted;
  }
  const judged = judge(plan, thresholds, { result, book: end.book });
  await deliver(outputOf(thresholds, result, judged), { folder, format, context });
  if (!end.isStopped) return judged.some(({ answers }) => answers.some(({ holds }) => !holds)) ? exitThreshold : exitOk;
  context.stderr.write(
    `Interrupted: the first ${result.replications} runs of each variant are compared; ${end.book.size} runs are in ${end.file}.\n${resumeText(args)}\n`,
  );
  return exitInterrupted;
}

/** The baseline and one variant for each `--mitigate`. */
function readVariants({ document, scenario, changes }: StudyPlan, lists: readonly string[]): Variant[] {
  if (lists.length === 0) {
    throw new InputError('compare: expected at least one --mitigate, such as --mitigate staged-rollout');
  }
  const names = lists.map((list) => list.trim());
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new InputError(`compare: --mitigate ${twice} stands there twice`);
  if (names.includes('baseline')) throw new InputError('compare: "baseline" is what the variants are compared with');
  return [
    { name: 'baseline', document, changes },
    ...names.map((name) => {
      const { document: changed, applied } = applyMitigations(document, parseMitigationList(name, mitigations));
      parseScenario(changed, `${scenario.id} + ${name}`);
      return { name, document: changed, changes: applied.flatMap(({ difference }) => difference) };
    }),
  ];
}

/** The thresholds of the scenario and those typed. The baseline is not judged, so its names need not be known there. */
function readThresholds([, ...variants]: readonly Variant[], typed: readonly string[] = []): readonly Condition[] {
  return readInAll(variants, (document) => thresholdsOf(document, typed));
}

function readSettings(plan: StudyPlan, variants: readonly Variant[], options: CompareCommandOptions): CompareOptions {
  const measures = readInAll(variants, (one) => readMeasures(options.measures, one)) ?? comparedMeasures;
  const halfWidth =
    options.halfWidth === undefined
      ? undefined
      : readAmount('--half-width', options.halfWidth, measures[0]!, plan.document);
  const relativeHalfWidth = readShare('--relative', options.relative);
  const isPrecise = halfWidth !== undefined || relativeHalfWidth !== undefined;
  if (isPrecise) refuseShard('compare', 'a comparison to a precision ends when it is reached', options.shard);
  const replications = readReplications(options.replications, 2) ?? (isPrecise ? mostReplications : usualReplications);
  return {
    replications,
    measures,
    seed: plan.seed,
    ...(plan.untilSeconds === undefined ? {} : { untilSeconds: plan.untilSeconds }),
    ...(isPrecise
      ? {
          precision: {
            ...(halfWidth === undefined ? {} : { halfWidth }),
            ...(relativeHalfWidth === undefined ? {} : { relativeHalfWidth }),
          },
        }
      : {}),
  };
}

interface Judged {
  readonly variant: string;
  readonly answers: readonly ConditionAnswer[];
}

/** The thresholds for every variant; the baseline is what is to be improved, and need not meet them. */
function judge(
  { seed, untilSeconds }: StudyPlan,
  thresholds: readonly Condition[],
  { result, book }: { readonly result: CompareResult; readonly book: RecordBook },
): Judged[] {
  if (thresholds.length === 0) return [];
  return result.variants.slice(1).map(({ name, documentHash: hash, digests }) => {
    const runs = digests.map(
      (_, index) => book.get({ hash, engine: engineVersion, seed: seedAt(seed, index), until: untilSeconds ?? null })!,
    );
    return { variant: name, answers: judgeThresholds(thresholds, runs) };
  });
}

function outputOf(thresholds: readonly Condition[], result: CompareResult, judged: readonly Judged[]): StudyOutput {
  return {
    json: resultJson(judged.length === 0 ? result : { ...result, thresholds: judged }),
    rows: () => compareRows(result),
    text: (width, style) =>
      [
        ...judged.map(({ variant, answers }) => thresholdText(thresholds, answers, { width, style, variant })),
        compareText(result, { width, style }),
      ].join('\n'),
  };
}
