import {
  didYouMean,
  documentHash,
  engineVersion,
  judgeThresholds,
  parseVary,
  type RecordBook,
  resultJson,
  seedAt,
  sweep as sweepStudy,
  sweepDesigns,
  sweepRows,
  sweepText,
  thresholdsOf,
  type Condition,
  type ScenarioDocument,
  type SweepDesign,
  type SweepOptions,
  type SweepResult,
} from '@brownout/scenarios';
import { begun } from '../begun-study.ts';
import type { CommandContext } from '../context.ts';
import { exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { readFormat } from '../output-format.ts';
import { conductOn } from '../pool/conduct-on.ts';
import { readMeasures, readReplications, readWhole } from '../read-options.ts';
import type { StudyOptions } from '../study-options.ts';
import { deliver, type StudyOutput } from '../study-output.ts';
import { findScenario, mitigated, planStudy, type StudyPlan } from '../study-plan.ts';
import { inSession, setupOf, toldStopped } from '../study-session.ts';

/** `brownout sweep`: a scenario at many points of a few parameters, as tables and heat maps. */

/** Options of the command as typed. */
export interface SweepCommandOptions extends StudyOptions {
  readonly vary?: readonly string[];
  readonly design: string;
  readonly points?: string;
}

/** Sweeps and returns the exit code. */
export async function sweep(
  name: string,
  options: SweepCommandOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const format = readFormat(options);
  const named = await findScenario(name, 'sweep: for scenarios of clusters so far', context);
  const plan = planStudy(named, options);
  const document = mitigated(plan, options);
  const thresholds = thresholdsOf(document, options.threshold);
  const study = begun(sweepStudy(document, readStudy(plan, document, options)));
  const folder = plan.folderFor('sweep', [documentHash(document), options.vary, options.design, options.points]);
  const setup = setupOf('sweep', plan, { folder, documents: [document] }, options, args);
  const end = await inSession(setup, context, ({ maker, options: watched }) => conductOn(study, maker, watched));
  if (end.isStopped) return toldStopped(end, args, context);
  const points = judge(plan, thresholds, end);
  await deliver(outputOf(end.result, points), { folder, format, context });
  return points.every(({ missed }) => missed.length === 0) ? exitOk : exitThreshold;
}

/** Names and places are those of the document that is run, mitigations included. */
function readStudy(plan: StudyPlan, document: ScenarioDocument, options: SweepCommandOptions): SweepOptions {
  const { vary = [], design } = options;
  if (vary.length === 0) {
    throw new InputError('sweep: expected at least one --vary, such as --vary clusters[0].nodes=1000..5000:5');
  }
  if (!isDesign(design)) {
    const hint = didYouMean(design, sweepDesigns) || `; known: ${sweepDesigns.join(', ')}`;
    throw new InputError(`--design: unknown design ${JSON.stringify(design)}${hint}`);
  }
  const points = readWhole('--points', options.points, [1, 100_000]);
  const replications = readReplications(options.replications);
  const measures = readMeasures(options.measures, document);
  return {
    factors: vary.map((text) => parseVary(document, text)),
    design,
    seed: plan.seed,
    ...(points === undefined ? {} : { points }),
    ...(replications === undefined ? {} : { replications }),
    ...(measures === undefined ? {} : { measures }),
    ...(plan.untilSeconds === undefined ? {} : { untilSeconds: plan.untilSeconds }),
  };
}

function isDesign(text: string): text is SweepDesign {
  return sweepDesigns.some((design) => design === text);
}

/** A threshold, and the points that miss it. */
interface JudgedPoints {
  readonly text: string;
  readonly points: number;
  readonly missed: readonly (readonly string[])[];
}

function judge(
  { seed, untilSeconds }: StudyPlan,
  thresholds: readonly Condition[],
  { result, book }: { readonly result: SweepResult; readonly book: RecordBook },
): JudgedPoints[] {
  const answers = result.rows.map(({ documentHash: hash, digests }) =>
    judgeThresholds(
      thresholds,
      digests.map(
        (_, index) =>
          book.get({ hash, engine: engineVersion, seed: seedAt(seed, index), until: untilSeconds ?? null })!,
      ),
    ),
  );
  return thresholds.map(({ text }, index) => ({
    text,
    points: result.rows.length,
    missed: result.rows.flatMap(({ set }, row) => (answers[row]![index]!.holds ? [] : [set])),
  }));
}

function outputOf(result: SweepResult, judged: readonly JudgedPoints[]): StudyOutput {
  return {
    json: resultJson(judged.length === 0 ? result : { ...result, thresholds: judged }),
    rows: () => sweepRows(result),
    text: (width, style) => {
      const lines = judged.map(({ text, points, missed }) =>
        missed.length === 0
          ? style.good(`✓ ${text}  met at all ${points} points`)
          : style.bad(`✗ ${text}  missed at ${missed.length} of ${points} points, first at ${missed[0]!.join(', ')}`),
      );
      const head = lines.length === 0 ? '' : `${[style.strong('THRESHOLDS'), ...lines].join('\n')}\n\n`;
      return head + sweepText(result, { width, style });
    },
  };
}
