/** `brownout drill`: a training exercise in the terminal, from a script, or for several people at their browsers. */
import {
  debriefText,
  DrillSession,
  incidents,
  judgeThresholds,
  measureValues,
  mostSeeds,
  replayDrill,
  thresholdsOf,
  thresholdText,
  type Debrief,
  type DebriefOptions,
  type DrillScript,
} from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { findDocument } from '../document-file.ts';
import { debriefOn, DebriefStopped, DrillThreads } from '../drill/debrief-runs.ts';
import { DrillFiles, readScript, readSession } from '../drill/drill-files.ts';
import { planDrill } from '../drill/drill-plan.ts';
import { firstLineFor } from '../examples.ts';
import { exitInterrupted, exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { defaultFolder, prepareFolder } from '../output-folder.ts';
import type { DrillCommandOptions } from '../program-drill.ts';
import { ProgressLine } from '../progress.ts';
import { readDebriefRuns, readWorkers } from '../read-options.ts';
import { styleFor, widthFor } from '../style.ts';

/** Runs of a debrief beside those of nobody and of the crew. */
const debriefs: Readonly<Record<string, DebriefOptions | undefined>> = {
  full: {},
  short: { counterfactuals: 0, alternatives: 0 },
  none: undefined,
};

/** A drill that is about to be played. */
interface Exercise {
  readonly session: DrillSession;
  readonly files: DrillFiles;
  readonly script: DrillScript | undefined;
  readonly speed: number;
  /** False when a session that was played again came to another digest. */
  readonly isSame: boolean;
}

/** Plays a drill and returns the exit code. */
export async function drill(
  name: string | undefined,
  options: DrillCommandOptions,
  context: CommandContext,
): Promise<number> {
  if (!(options.debrief in debriefs)) {
    throw new InputError(`--debrief: expected full, short or none, got "${options.debrief}"`);
  }
  const speed = readSpeed(options.speed);
  const workers = readWorkers(options.workers);
  const seeds = readDebriefRuns(options.runs, mostSeeds + 1) - 1;
  const exercise = await prepare(name, options, speed, context);
  const { session } = exercise;
  const thresholds = thresholdsOf(session.setup.document, options.threshold);
  const messages = options.json === true ? context.stderr : context.stdout;
  const isPlayed = await play(exercise, options, context);
  const saved = exercise.files.saveSession(session);
  if (!isPlayed) {
    messages.write(`Interrupted. Session: ${saved}\n`);
    return exitInterrupted;
  }
  const debrief = await debriefed(session, { ...options, seeds }, workers, context);
  const files = exercise.files.saveDebrief(debrief);
  const answers = judgeThresholds(thresholds, [{ measures: measureValues(session.result()) }]);
  const style = styleFor(messages, context.environment);
  const width = widthFor(messages);
  if (options.json === true)
    context.stdout.write(`${JSON.stringify({ ...debrief, thresholds: answers }, undefined, 2)}\n`);
  else context.stdout.write(`\n${debriefText(debrief, { width, style })}`);
  messages.write(thresholdText(thresholds, answers, { width, style }));
  messages.write(`${[`Session: ${saved}`, ...files.map((file) => `Written: ${file}`)].join('\n')}\n`);
  return answers.every(({ holds }) => holds) && exercise.isSame ? exitOk : exitThreshold;
}

async function prepare(
  name: string | undefined,
  options: DrillCommandOptions,
  speed: number,
  context: CommandContext,
): Promise<Exercise> {
  if (options.session !== undefined) return await again(name, options, speed, context);
  if (name === undefined) {
    const known = incidents.map(({ id }) => id).join(', ');
    throw new InputError(
      `drill: expected the id of an incident, a file, or --session <file>\nknown: ${known}\nsuch as: ${firstLineFor('drill') ?? ''}`,
    );
  }
  const script = options.script === undefined ? undefined : await readScript(options.script, context.folder);
  const named = await findDocument(name, context.folder);
  const session = new DrillSession(
    planDrill(named, options, script?.setup),
    options.serve === true ? { frames: {} } : {},
  );
  const files = await filesFor(session, options, context);
  return { session, files, script, speed, isSame: true };
}

/** A session that was saved, played again to where it was. */
async function again(
  name: string | undefined,
  options: DrillCommandOptions,
  speed: number,
  context: CommandContext,
): Promise<Exercise> {
  if (name !== undefined || options.script !== undefined || options.serve === true) {
    throw new InputError(
      '--session: a saved session is its own scenario; expected no other, no --script and no --serve',
    );
  }
  const file = await readSession(options.session!, context.folder);
  const stop = { aborted: false };
  const stopListening = context.onInterrupt(() => (stop.aborted = true));
  const progress = new ProgressLine(context.stderr, file.setup.document.clock);
  try {
    const replayed = replayDrill(file, { abort: stop, onProgress: (now, end) => progress.update(now, end) });
    if (replayed === undefined) throw new InputError('drill: interrupted while the session was played again');
    const { session, isSame } = replayed;
    if (!isSame) {
      const text = `${options.session}: played again it comes to ${session.digest()}, saved with engine ${file.engine} was ${file.digest}`;
      context.stderr.write(`${text}\n`);
    }
    return { session, files: await filesFor(session, options, context), script: undefined, speed, isSame };
  } finally {
    progress.clear();
    stopListening();
  }
}

async function filesFor(
  session: DrillSession,
  options: DrillCommandOptions,
  context: CommandContext,
): Promise<DrillFiles> {
  const { setup, scenario } = session;
  const run = { scenario: scenario.id, seed: setup.seed ?? '1', mitigationIds: [], changes: ['drill'] };
  const folder = options.out ?? defaultFolder(run);
  await prepareFolder(folder, context.folder);
  return new DrillFiles(folder, context.folder);
}

/** To its end; false when it was interrupted. */
async function play(exercise: Exercise, options: DrillCommandOptions, context: CommandContext): Promise<boolean> {
  const { session, script, files, speed } = exercise;
  if (options.session !== undefined) return true;
  if (options.serve === true) {
    const { serveDrill } = await import('../drill/serve.ts');
    return await serveDrill(session, { speed, host: options.host, port: options.port, files }, context);
  }
  const messages = options.json === true ? context.stderr : context.stdout;
  const write = (text: string): void => messages.write(text);
  const text = { style: styleFor(messages, context.environment), width: widthFor(messages), write };
  const stop = { aborted: false };
  const progress = new ProgressLine(context.stderr, session.scenario.clock);
  const onProgress = (now: number, end: number): void => progress.update(now, end);
  const stopListening = context.onInterrupt(() => (stop.aborted = true));
  try {
    if (script !== undefined) {
      const { playScript } = await import('../drill/play-script.ts');
      return playScript(session, script, {
        ...text,
        abort: stop,
        onProgress,
        write: (line) => (progress.clear(), write(line)),
      });
    }
    if (context.keyboard === undefined)
      throw new InputError('drill: nobody can type here; expected --script or --serve');
    if (!session.start({ abort: stop, onProgress: (now) => onProgress(now, session.startSeconds) })) return false;
  } finally {
    progress.clear();
    stopListening();
  }
  const { playInteractively } = await import('../drill/interactive.ts');
  await playInteractively(session, context.keyboard, {
    ...text,
    speed,
    save: (file) => files.saveSession(session, file),
  });
  return true;
}

/** With the runs that were asked for; when they are interrupted, with what is known without them. */
async function debriefed(
  session: DrillSession,
  { debrief, seeds }: Pick<DrillCommandOptions, 'debrief'> & { readonly seeds: number },
  workers: number | undefined,
  context: CommandContext,
): Promise<Debrief> {
  const wanted = debriefs[debrief];
  if (wanted === undefined) return session.finish();
  const threads = new DrillThreads(workers);
  const stopListening = context.onInterrupt(() => threads.stop());
  const { stderr } = context;
  const tell = (text: string): void => {
    if (stderr.isTerminal) stderr.write(`\r${text}\u001b[K`);
  };
  try {
    return await debriefOn(session.record(), threads, {
      ...wanted,
      seeds,
      onProgress: ({ done, wanted: all, title }) => tell(`debrief: ${done.toFixed(1)} of ${all} runs, ${title}`),
    });
  } catch (error) {
    if (!(error instanceof DebriefStopped)) throw error;
    return session.finish();
  } finally {
    tell('');
    stopListening();
    await threads.close();
  }
}

function readSpeed(text: string): number {
  const speed = Number(text);
  if (speed >= 1 && speed <= 1000) return speed;
  throw new InputError(`--speed: expected 1 to 1000 simulated seconds to one of the clock, got "${text}"`);
}
