import {
  judgeThresholds,
  replicatedResult,
  replicationRows,
  replicationsText,
  reportText,
  resultJson,
  seedAt,
  summariseMeasures,
  thresholdText,
  type Condition,
  type ConditionAnswer,
  type Replication,
  type RunResult,
  type Wanted,
} from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { exitInterrupted, exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { readFormat } from '../output-format.ts';
import type { ReplayOptions } from '../program.ts';
import type { ReplayPlan } from '../replay-plan.ts';
import { sharedOf } from '../pool/shared-document.ts';
import { runsIn } from '../store/remembering.ts';
import { deliver, type StudyOutput } from '../study-output.ts';
import { inSession, resumeText } from '../study-session.ts';

/** `brownout replay --replications N`: the story of the first seed, and every KPI over all of them. */

/** What is made. */
export interface ManyRuns {
  readonly plan: ReplayPlan;
  readonly replications: number;
  readonly workers: number | undefined;
  readonly thresholds: readonly Condition[];
}

/** Makes the runs and returns the exit code. */
export async function replayMany(
  { plan, replications, workers, thresholds }: ManyRuns,
  options: ReplayOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const format = readFormat(options);
  if (options.table !== undefined) throw new InputError('--table: for one run; several are one row each');
  const { document, seed, scenario } = plan;
  const wanted = wantedRuns(plan, options, replications);
  let story: RunResult | undefined;
  const header = { documents: [sharedOf(document).hash], seed, title: scenario.title, arguments: args };
  const setup = { folder: plan.folder, header, resume: options.resume === true, workers, machines: options };
  const end = await inSession(setup, context, ({ maker, options: watched }) =>
    maker.make(wanted, { ...watched, resultsOf: [0], onResult: (result) => (story = result) }),
  );
  const runs = end.isStopped ? wanted.flatMap((one) => runsIn(end.book)(one) ?? []) : end.result;
  const closing: string[] = [];
  if (end.isStopped) {
    closing.push(
      `Interrupted after ${runs.length} of ${replications} runs; they are in ${end.file}.`,
      resumeText(args),
    );
  }
  if (runs.length === 0 || story === undefined) {
    context.stderr.write(`${closing.join('\n')}\n`);
    return exitInterrupted;
  }
  const told: RunResult = { ...story, mitigations: plan.applied };
  const answers = judgeThresholds(thresholds, runs);
  const output = outputOf(told, runs, { thresholds, answers, changes: plan.changes });
  await deliver(output, { folder: plan.folder, format, context, closing });
  if (end.isStopped) return exitInterrupted;
  return answers.every(({ holds }) => holds) ? exitOk : exitThreshold;
}

function wantedRuns({ document, seed, endSeconds }: ReplayPlan, { until }: ReplayOptions, count: number): Wanted[] {
  return Array.from({ length: count }, (_, index) => ({
    document,
    seed: seedAt(seed, index),
    ...(until === undefined ? {} : { untilSeconds: endSeconds }),
  }));
}

function outputOf(
  story: RunResult,
  runs: readonly Replication[],
  {
    thresholds,
    answers,
    changes,
  }: {
    readonly thresholds: readonly Condition[];
    readonly answers: readonly ConditionAnswer[];
    readonly changes: readonly string[];
  },
): StudyOutput {
  const seeds = [runs[0]!.seed, runs.at(-1)!.seed] as const;
  return {
    json: resultJson(replicatedResult(story, runs, answers)),
    rows: () => replicationRows(runs),
    text: (width, style) =>
      [
        thresholdText(thresholds, answers, { width, style }),
        `${style.strong(`THE RUN WITH SEED ${story.seed}`)}\n${reportText(story, { width, style, changes })}`,
        replicationsText(summariseMeasures(runs), { width, style, seeds }),
      ]
        .filter((part) => part !== '')
        .join('\n'),
  };
}
