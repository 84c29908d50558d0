import {
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
  type Style,
} from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { refuseShard } from '../machines/shard.ts';
import { readFormat } from '../output-format.ts';
import { conductOn } from '../pool/conduct-on.ts';
import { readShare, readWhole } from '../read-options.ts';
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
  const study = readPlan(setup, options);
  const { goal, choose, most, chance, confidence, runnersUp } = options;
  const content = [documentHash(document), goal, choose, most, chance, confidence, runnersUp];
  const folder = setup.folderFor('plan', content);
  const session = setupOf('plan', setup, { folder, documents: [document] }, options, args);
  const end = await inSession(session, context, ({ maker, options: watched }) =>
    conductOn(planStudyOf(document, study), maker, watched),
  );
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

function readPlan(setup: StudyPlan, options: PlanCommandOptions): PlanOptions {
  const { goal = [], choose = [], harm } = options;
  if (goal.length === 0) throw new InputError(`plan: expected --goal, such as --goal 'outageSeconds < 5 min'`);
  if (choose.length === 0) {
    throw new InputError('plan: expected at least one --choose, such as --choose more-api-servers:replicas=3,5,7');
  }
  const goals = goal.map((text) => parseCondition(text, setup.document));
  const mean = goals.find(({ kind }) => kind === 'mean');
  if (mean !== undefined)
    throw new InputError(`--goal: no single run answers ${JSON.stringify(mean.text)}; ask for q95(...)`);
  if (harm !== undefined && !knownMeasures(setup.document).includes(harm)) {
    throw new InputError(`--harm: unknown measure ${JSON.stringify(harm)}; see docs/kpis.md`);
  }
  const most = readWhole('--most', options.most, [1, 10]);
  const runnersUp = readWhole('--runners-up', options.runnersUp, [0, 100]);
  const chance = readShare('--chance', options.chance);
  const confidence = readShare('--confidence', options.confidence);
  return {
    goals,
    choices: choose.flatMap((text) => parseChoice(text, mitigations, mitigationCostRanks)),
    seed: setup.seed,
    ...(setup.untilSeconds === undefined ? {} : { untilSeconds: setup.untilSeconds }),
    ...(most === undefined ? {} : { most }),
    ...(chance === undefined ? {} : { chance }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(runnersUp === undefined ? {} : { runnersUp }),
    ...(harm === undefined ? {} : { harm }),
  };
}
