import {
  applyMitigations,
  documentHash,
  knownMeasures,
  mitigationCostRanks,
  mitigations,
  parseChoice,
  parseCondition,
  plan as planStudyOf,
  type PlanOptions,
  planRows,
  planText,
  resultJson,
  type ScenarioDocument,
  type Style,
} from '@brownout/scenarios';
import { begun } from '../begun-study.ts';
import type { CommandContext } from '../context.ts';
import { exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { refuseShard } from '../machines/shard.ts';
import { readFormat } from '../output-format.ts';
import { conductOn } from '../pool/conduct-on.ts';
import { readInAll, readShare, readWhole, type RunDocument } from '../read-options.ts';
import type { StudyOptions } from '../study-options.ts';
import { deliver } from '../study-output.ts';
import { findScenario, mitigated, planStudy, type StudyPlan } from '../study-plan.ts';
import { inSession, setupOf, toldStopped } from '../study-session.ts';

/** `brownout plan`: the cheapest set of mitigations with which a goal is met. */

/** Options of the command as typed. */
export interface PlanCommandOptions extends StudyOptions {
  readonly goal?: readonly string[];
  readonly choose?: readonly string[];
  readonly most?: string;
  readonly chance?: string;
  readonly confidence?: string;
  readonly runnersUp?: string;
  readonly harm?: string;
}

/** Plans and returns the exit code: 99 when no set meets the goal. */
export async function plan(
  name: string,
  options: PlanCommandOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const format = readFormat(options);
  const named = await findScenario(name, 'plan: for scenarios of clusters so far', context);
  refuseShard('plan', 'a search decides from runs which ones it needs next', options.shard);
  if (options.replications !== undefined || options.threshold !== undefined) {
    throw new InputError('plan: makes as many runs as it needs; expected no --replications and no --threshold');
  }
  const setup = planStudy(named, options);
  const document = mitigated(setup, options);
  const study = begun(planStudyOf(document, readPlan(setup, document, options)));
  const { goal, choose, most, chance, confidence, runnersUp } = options;
  const content = [documentHash(document), goal, choose, most, chance, confidence, runnersUp];
  const folder = setup.folderFor('plan', content);
  const session = setupOf('plan', setup, { folder, documents: [document] }, options, args);
  const end = await inSession(session, context, ({ maker, options: watched }) => conductOn(study, maker, watched));
  if (end.isStopped) return toldStopped(end, args, context);
  const { result } = end;
  const output = {
    json: resultJson(result),
    text: (width: number, style: Style) => planText(result, { width, style }),
    rows: () => planRows(result),
  };
  await deliver(output, { folder, format, context });
  return result.best === null ? exitThreshold : exitOk;
}

/** Measures must be those of every set that is run, mitigations included. */
function readPlan(setup: StudyPlan, document: ScenarioDocument, options: PlanCommandOptions): PlanOptions {
  const { goal = [], choose = [], harm } = options;
  if (goal.length === 0) throw new InputError(`plan: expected --goal, such as --goal 'outageSeconds < 5 min'`);
  if (choose.length === 0) {
    throw new InputError('plan: expected at least one --choose, such as --choose more-api-servers:replicas=3,5,7');
  }
  const choices = choose.flatMap((text) => parseChoice(text, mitigations, mitigationCostRanks));
  const documents: readonly RunDocument[] = [
    { document },
    ...choices.map(({ text, chosen }) => ({ name: text, document: applyMitigations(document, [chosen]).document })),
  ];
  const goals = readInAll(documents, (one) => goal.map((text) => parseCondition(text, one)));
  const mean = goals.find(({ kind }) => kind === 'mean');
  if (mean !== undefined)
    throw new InputError(`--goal: no single run answers ${JSON.stringify(mean.text)}; ask for q95(...)`);
  readInAll(documents, (one) => {
    if (harm === undefined || knownMeasures(one).includes(harm)) return;
    throw new InputError(`--harm: unknown measure ${JSON.stringify(harm)}; see docs/kpis.md`);
  });
  const most = readWhole('--most', options.most, [1, 10]);
  const runnersUp = readWhole('--runners-up', options.runnersUp, [0, 100]);
  const chance = readShare('--chance', options.chance);
  const confidence = readShare('--confidence', options.confidence);
  if (confidence !== undefined && confidence <= 0.5) {
    throw new InputError(`--confidence: expected more than 0.5, got ${JSON.stringify(options.confidence)}`);
  }
  return {
    goals,
    choices,
    seed: setup.seed,
    ...(setup.untilSeconds === undefined ? {} : { untilSeconds: setup.untilSeconds }),
    ...(most === undefined ? {} : { most }),
    ...(chance === undefined ? {} : { chance }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(runnersUp === undefined ? {} : { runnersUp }),
    ...(harm === undefined ? {} : { harm }),
  };
}
