import { documentHash, type RecordBook, type RecordHeader, type ScenarioDocument } from '@brownout/scenarios';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandContext } from './context.ts';
import { exitInterrupted } from './exit-codes.ts';
import { commandText, shownArguments, studyArguments } from './machines/arguments.ts';
import {
  readMachines,
  shareFileName,
  startMachines,
  type MachineOptions,
  type MachinesAtWork,
} from './machines/session.ts';
import { ShardMade } from './machines/shard.ts';
import { prepareFolder } from './output-folder.ts';
import { RunsBroken, RunsStopped } from './pool/errors.ts';
import type { MakeOptions, RunMaker } from './pool/pool.ts';
import { RunsProgress } from './runs-progress.ts';
import { openRecordFile } from './store/record-file.ts';
import { remembering } from './store/remembering.ts';
import type { StudyOptions } from './study-options.ts';
import type { StudyPlan } from './study-plan.ts';

/** What every command over many runs needs around its study: threads, a file that remembers, progress, and an end that loses nothing. */

/** One study of one invocation. */
export interface SessionSetup {
  /** Where everything goes, as shown to people. */
  readonly folder: string;
  readonly header: Omit<RecordHeader, 'engine'>;
  readonly resume: boolean;
  readonly workers: number | undefined;
  /** Where the runs are made; default on threads of this process. */
  readonly machines?: MachineOptions;
}

/** What the study is given. */
export interface Session {
  readonly maker: RunMaker;
  /** To be handed on to the maker: stop and progress. */
  readonly options: MakeOptions;
  /** Everything that is made so far, earlier invocations included. */
  readonly book: RecordBook;
}

/** How it ended. */
export type SessionEnd<Result> =
  | { readonly isStopped: false; readonly result: Result; readonly file: string; readonly book: RecordBook }
  /** Stopped by the user: what was made is in the file, and in the book. */
  | { readonly isStopped: true; readonly file: string; readonly book: RecordBook };

/** Name of the file in a study's folder. */
export const recordFileName = 'replications.ndjson';

/**
 * Runs a study. An interrupt stops the runs under way and ends it in order; a second one ends the process, see `onInterrupt`.
 * Documents of runs that broke down are written beside the file, so that they can be made again alone.
 */
export async function inSession<Result>(
  { folder, header, resume, workers, machines = {} }: SessionSetup,
  context: CommandContext,
  study: (session: Session) => Promise<Result>,
): Promise<SessionEnd<Result>> {
  const wanted = readMachines(machines, context.environment);
  const path = await prepareFolder(folder, context.folder);
  const fileName = shareFileName(recordFileName, wanted.shard);
  const file = join(folder, fileName);
  const said = { ...header, arguments: studyArguments(header.arguments) };
  const record = openRecordFile({ path: join(path, fileName), name: file, header: said, resume });
  for (const remark of record.remarks) context.stderr.write(`${remark}\n`);
  const controller = new AbortController();
  const progress = new RunsProgress(context.stderr);
  const pool = await context.createPool(workers === undefined ? {} : { workers });
  const say = (text: string): void => {
    progress.clear();
    context.stderr.write(`${text}\n`);
  };
  const stop = (): void => {
    say('Stopping; once more ends at once.');
    controller.abort();
  };
  const stopListening = [context.onInterrupt(stop), context.onTerminate(stop)];
  let atWork: MachinesAtWork | undefined;
  try {
    const options = { signal: controller.signal, onProgress: progress.update };
    const { book } = record;
    atWork = await startMachines(wanted, {
      pool,
      remember: (maker) => remembering(maker, record),
      begin: (part) => record.begin(part),
      say,
    });
    const result = await study({ maker: atWork.maker, options, book });
    return { isStopped: false, result, file, book };
  } catch (error) {
    progress.clear();
    if (error instanceof ShardMade) error.message += `; they are in ${file}`;
    if (error instanceof RunsStopped) return { isStopped: true, file, book: record.book };
    if (error instanceof RunsBroken) throw await withDocuments(error, folder, path, record.book.size);
    throw error;
  } finally {
    progress.clear();
    for (const end of stopListening) end();
    record.close();
    await atWork?.close();
    await pool.close();
  }
}

/** The setup of a command's study of these documents; `word` is what the study is called in the file of its runs. */
export function setupOf(
  word: string,
  plan: StudyPlan,
  study: { readonly folder: string; readonly documents: readonly ScenarioDocument[] },
  options: StudyOptions & MachineOptions,
  args: readonly string[],
): SessionSetup {
  return {
    folder: study.folder,
    header: {
      documents: study.documents.map((document) => documentHash(document)),
      seed: plan.seed,
      title: `${word} ${plan.scenario.title}`,
      arguments: args,
    },
    resume: options.resume === true,
    workers: plan.workers,
    machines: options,
  };
}

/** Says that a study was stopped, where its runs are and how it goes on; returns the exit code. */
export function toldStopped(
  { file, book }: Pick<SessionEnd<unknown>, 'file' | 'book'>,
  args: readonly string[],
  { stderr }: CommandContext,
): number {
  stderr.write(`Interrupted: ${book.size} runs are in ${file}.\n${resumeText(args)}\n`);
  return exitInterrupted;
}

/** What a user has to type to go on. */
export function resumeText(args: readonly string[]): string {
  const typed = shownArguments(args).filter((arg) => arg !== '--resume');
  return `Go on with: ${commandText([...typed, '--resume'])}`;
}

/** The same error, with the command that makes each broken run again. */
async function withDocuments(error: RunsBroken, folder: string, path: string, made: number): Promise<Error> {
  const texts: string[] = [];
  for (const { wanted, hash, message, timeSeconds } of error.runs) {
    const name = `broken-${hash.slice(0, 8)}.json`;
    await writeFile(join(path, name), `${JSON.stringify(wanted.document, undefined, 2)}\n`);
    const until = wanted.untilSeconds === undefined ? '' : ` --until ${wanted.untilSeconds}s`;
    const when = timeSeconds === undefined ? '' : ` ${timeSeconds.toFixed(3)} s after its start`;
    texts.push(
      `seed ${wanted.seed} of document "${wanted.document.id}" (hash ${hash}) broke down${when}: ${message}`,
      `again: brownout replay ${quoted(join(folder, name))} --seed ${quoted(wanted.seed)}${until}`,
    );
  }
  texts.push(`The other runs are made and kept: ${made} are in ${join(folder, recordFileName)}; --resume uses them.`);
  const told = new Error(texts.join('\n'));
  told.name = 'RunFailure';
  return told;
}

function quoted(arg: string): string {
  return /^[\w./:=,+@%[\]-]+$/.test(arg) && !arg.includes('[') ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
