import {
  isControlPlaneDocument,
  judgeThresholds,
  measureValues,
  momentText,
  plainStyle,
  reportText,
  resultJson,
  runRows,
  thresholdsOf,
  thresholdText,
  type RunResult,
  type Style,
} from '@brownout/scenarios';
import { RunFailure } from '../background-run.ts';
import type { CommandContext } from '../context.ts';
import { findDocument } from '../document-file.ts';
import { exitInterrupted, exitOk, exitThreshold } from '../exit-codes.ts';
import { refuseForOneRun } from '../machines/session.ts';
import { readFormat, readTable, tableText } from '../output-format.ts';
import { findEarlierRun, prepareFolder, writeRun, writeScenario } from '../output-folder.ts';
import type { ReplayOptions } from '../program.ts';
import { ProgressLine } from '../progress.ts';
import { readReplications, readWorkers } from '../read-options.ts';
import { planReplay, type ReplayPlan } from '../replay-plan.ts';
import { fileWidth } from '../study-output.ts';
import { styleFor, widthFor } from '../style.ts';

/** `brownout replay`: one run of a scenario, told as a story or printed as JSON. */

/** A run that has ended. */
interface Ended {
  readonly result: RunResult;
  /** Stopped by the user before its end. */
  readonly isPartial: boolean;
}

/** Replays a scenario and returns the exit code. */
export async function replay(
  name: string,
  options: ReplayOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const format = readFormat(options);
  const table = readTable(options.table, format);
  const named = await findDocument(name, context.folder);
  if (isControlPlaneDocument(named.document)) {
    const { replayControlPlane } = await import('./replay-control-plane.ts');
    return await replayControlPlane(named, options, context);
  }
  const plan = planReplay(named, name, options);
  const thresholds = thresholdsOf(plan.document, options.threshold);
  const workers = readWorkers(options.workers);
  const replications = readReplications(options.replications) ?? 1;
  if (replications > 1) {
    const { replayMany } = await import('./replay-many.ts');
    return await replayMany({ plan, replications, workers, thresholds }, options, args, context);
  }
  refuseForOneRun(options);
  await prepareFolder(plan.folder, context.folder);
  const { result, isPartial } = await run(name, plan, options.until !== undefined, context);
  const earlier = plan.baseline && (await findEarlierRun(plan.baseline.folder, context.folder, plan.baseline.wanted));
  const content = { changes: plan.changes, isPartial, ...(earlier === undefined ? {} : { baseline: earlier }) };
  const answers = isPartial ? [] : judgeThresholds(thresholds, [{ measures: measureValues(result) }]);
  const json = resultJson(answers.length === 0 ? result : { ...result, thresholds: answers });
  const text = (width: number, paints: Style, endsWithOutcome: boolean): string => {
    const judged = thresholdText(thresholds, answers, { width, style: paints });
    const told = reportText(result, { width, style: paints, endsWithOutcome, ...content });
    return judged === '' ? told : `${judged}\n${told}`;
  };
  const files = await writeRun(plan.folder, context.folder, json, text(fileWidth, plainStyle, false));
  await writeScenario(plan.folder, context.folder, plan.document);
  const { stdout, environment } = context;
  const messages = format === 'text' ? stdout : context.stderr;
  const style = styleFor(messages, environment);
  const closing: string[] = [];
  if (isPartial) {
    closing.push(style.warn(`Interrupted: the run got as far as ${momentText(result, result.horizon.endSeconds)}.`));
  }
  if (format === 'json') {
    stdout.write(json);
  } else if (format !== 'text') {
    stdout.write(tableText(runRows(result, table), format));
  } else {
    stdout.write(text(widthFor(stdout), style, true));
    const wantsBaseline = plan.baseline !== undefined && earlier === undefined && !isPartial;
    if (wantsBaseline) closing.push('Replay it without --mitigate as well to see the KPIs of both runs side by side.');
  }
  messages.write(`${[...closing, `Result: ${files.result}`, `Report: ${files.report}`].join('\n')}\n`);
  if (isPartial) return exitInterrupted;
  return answers.every(({ holds }) => holds) ? exitOk : exitThreshold;
}

async function run(name: string, plan: ReplayPlan, endsEarly: boolean, context: CommandContext): Promise<Ended> {
  const { document, scenario, seed, applied, endSeconds } = plan;
  const progress = new ProgressLine(context.stderr, scenario.clock);
  const untilSeconds = endsEarly ? endSeconds : undefined;
  const running = context.run({ document, origin: name, seed, untilSeconds, applied }, (simulated, end) =>
    progress.update(simulated, end),
  );
  let isPartial = false;
  const stopListening = context.onInterrupt(() => {
    isPartial = true;
    running.abort();
  });
  try {
    const result = await running.result;
    return { result, isPartial };
  } catch (error) {
    if (!(error instanceof RunFailure) || error.timeSeconds === undefined) throw error;
    const seconds = Math.ceil(error.timeSeconds + scenario.horizon.start / 1_000_000);
    throw new RunFailure(`${error.message}\nagain: the same command with --until ${seconds}s`, error.timeSeconds);
  } finally {
    progress.clear();
    stopListening();
  }
}
