import {
  applyMitigations,
  documentHash,
  mitigations,
  momentText,
  parseMitigationList,
  parseScenario,
  readTime,
  reportText,
  resultJson,
  scenarioJsonSchema,
  setPath,
  spanText,
  type AppliedMitigation,
  type RunResult,
  type Scenario,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { RunFailure } from '../background-run.ts';
import type { CommandContext } from '../context.ts';
import { findDocument, type NamedDocument } from '../document-file.ts';
import { exitInterrupted, exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { defaultFolder, findEarlierRun, prepareFolder, writeRun } from '../output-folder.ts';
import type { ReplayOptions } from '../program.ts';
import { ProgressLine } from '../progress.ts';
import { styleFor, widthFor } from '../style.ts';

/** `brownout replay`: one run of a scenario, told as a story or printed as JSON. */

/** What is going to be run, after all changes. */
interface Plan {
  readonly named: NamedDocument;
  readonly baseline: ScenarioDocument;
  readonly document: ScenarioDocument;
  readonly scenario: Scenario;
  readonly applied: readonly AppliedMitigation[];
  /** What `--set` and `--no-trigger` changed. */
  readonly changes: readonly string[];
  readonly endSeconds: number;
  readonly folder: string;
}

/** Width of report.txt. */
const fileWidth = 100;

/** Replays a scenario and returns the exit code. */
export async function replay(name: string, options: ReplayOptions, context: CommandContext): Promise<number> {
  const plan = await makePlan(name, options, context);
  await prepareFolder(plan.folder, context.folder);
  const { result, isInterrupted } = await run(name, plan, options, context);
  const baseline = await findBaseline(plan, options, context);
  const extras = { changes: plan.changes, isPartial: isInterrupted, ...(baseline === undefined ? {} : { baseline }) };
  const files = await writeRun(
    plan.folder,
    context.folder,
    result,
    reportText(result, { width: fileWidth, ...extras }),
  );
  const { stdout, stderr, environment } = context;
  const style = styleFor(options.json === true ? stderr : stdout, environment);
  const closing: string[] = [];
  if (isInterrupted) {
    const where = momentText(result, result.horizon.endSeconds);
    closing.push(style.warn(`Interrupted: the run got as far as ${where}.`));
  }
  if (options.json === true) {
    stdout.write(resultJson(result));
  } else {
    stdout.write(reportText(result, { width: widthFor(stdout), style, endsWithOutcome: true, ...extras }));
    if (plan.applied.length > 0 && baseline === undefined && !isInterrupted) {
      closing.push(`Replay it without --mitigate as well to see both runs' KPIs side by side.`);
    }
  }
  closing.push(`Result: ${files.result}`, `Report: ${files.report}`);
  (options.json === true ? stderr : stdout).write(`${closing.join('\n')}\n`);
  return isInterrupted ? exitInterrupted : exitOk;
}

async function makePlan(name: string, options: ReplayOptions, context: CommandContext): Promise<Plan> {
  const seed = readSeed(options.seed);
  const chosen = options.mitigate.flatMap((list) => parseMitigationList(list, mitigations));
  const named = await findDocument(name, context.folder);
  parseScenario(named.document, named.origin);
  const assignments = [...options.set, ...(options.trigger ? [] : ['rollout=null'])];
  const changes: string[] = [];
  let baseline = named.document;
  for (const assignment of assignments) {
    const assigned = setPath(baseline, assignment, scenarioJsonSchema());
    parseScenario(assigned.document, `assignment "${assignment}"`);
    baseline = assigned.document;
    changes.push(...(assigned.difference.length === 0 ? [`${assignment} (as it was)`] : assigned.difference));
  }
  const { document, applied } = applyMitigations(baseline, chosen);
  const scenario = parseScenario(document, `${name} after ${applied.map(({ id }) => id).join(', ')}`);
  const endSeconds = readUntil(options.until, scenario);
  const isPlain = named.isIncident && options.set.length === 0 && options.mitigate.every((list) => !list.includes(':'));
  const words = [
    ...(options.trigger ? [] : ['no-trigger']),
    ...(options.until === undefined ? [] : [`until-${options.until.replace(/\s/g, '')}`]),
    ...(isPlain ? [] : [documentHash(document).slice(0, 8)]),
  ];
  const mitigationIds = applied.map(({ id }) => id);
  const folder = options.out ?? defaultFolder({ scenario: scenario.id, seed, mitigationIds, changes: words });
  return { named, baseline, document, scenario, applied, changes, endSeconds, folder };
}

async function run(
  name: string,
  plan: Plan,
  options: ReplayOptions,
  context: CommandContext,
): Promise<{ readonly result: RunResult; readonly isInterrupted: boolean }> {
  const progress = new ProgressLine(context.stderr, plan.scenario.clock);
  const request = {
    document: plan.document,
    origin: name,
    seed: options.seed,
    untilSeconds: options.until === undefined ? undefined : plan.endSeconds,
    applied: plan.applied,
  };
  const running = context.run(request, (simulated, end) => progress.update(simulated, end));
  let isInterrupted = false;
  const stopListening = context.onInterrupt(() => {
    isInterrupted = true;
    running.abort();
  });
  try {
    return { result: await running.result, isInterrupted };
  } catch (error) {
    if (!(error instanceof RunFailure) || error.timeSeconds === undefined) throw error;
    const seconds = Math.ceil(error.timeSeconds + plan.scenario.horizon.start / 1_000_000);
    throw new RunFailure(
      `${error.message}\nagain: brownout replay ${name} --seed ${options.seed} --until ${seconds}s`,
      error.timeSeconds,
    );
  } finally {
    progress.clear();
    stopListening();
  }
}

/** An earlier run of the same scenario and seed without the mitigations, if its result is where replay puts it. */
async function findBaseline(
  plan: Plan,
  options: ReplayOptions,
  context: CommandContext,
): Promise<RunResult | undefined> {
  if (plan.applied.length === 0) return undefined;
  const words = [
    ...(options.trigger ? [] : ['no-trigger']),
    ...(options.until === undefined ? [] : [`until-${options.until.replace(/\s/g, '')}`]),
    ...(plan.named.isIncident && options.set.length === 0 ? [] : [documentHash(plan.baseline).slice(0, 8)]),
  ];
  const folder = defaultFolder({ scenario: plan.scenario.id, seed: options.seed, mitigationIds: [], changes: words });
  const wanted = { documentHash: documentHash(plan.baseline), seed: options.seed, endSeconds: plan.endSeconds };
  return await findEarlierRun(folder, context.folder, wanted);
}

function readSeed(text: string): string {
  if (/^[\x21-\x7e]{1,64}$/.test(text)) return text;
  throw new InputError(`--seed: expected 1 to 64 printable characters without spaces, got ${JSON.stringify(text)}`);
}

/** Seconds after the trigger at which the run ends. */
function readUntil(text: string | undefined, scenario: Scenario): number {
  const [start, end] = [scenario.horizon.start / 1_000_000, scenario.horizon.end / 1_000_000];
  if (text === undefined) return end;
  const reading = readTime(text);
  if (reading.problem !== undefined) {
    throw new InputError(
      `--until: expected a time after the trigger such as 2h, got ${JSON.stringify(text)}: ${reading.problem}`,
    );
  }
  const seconds = reading.value / 1_000_000;
  if (seconds > start && seconds <= end) return seconds;
  throw new InputError(
    `--until: the scenario runs from ${spanText(start)} to ${spanText(end)} after the trigger, got ${JSON.stringify(text)}`,
  );
}
