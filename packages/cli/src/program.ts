import { Command, CommanderError } from 'commander';
import type { CommandContext, Sink } from './context.ts';
import { exitBadInput, exitOk } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { addExamples } from './examples.ts';
import { addCompletionCommands } from './program-completion.ts';
import { addDocumentCommands } from './program-documents.ts';
import { addDrillCommand } from './program-drill.ts';
import { addImportCommands } from './program-import.ts';
import { addMachineCommands } from './program-machines.ts';
import { addResultCommands } from './program-results.ts';
import { addSearchCommands } from './program-searches.ts';
import { addStudyCommands } from './program-studies.ts';
import { addStudyOptions, type StudyOptions } from './study-options.ts';
import { commandVersion } from './version.ts';

/**
 * The command line: which commands and options there are. Everything a command needs beyond that is imported when it runs,
 * so that `brownout --help` stays quick.
 */

/** Options of `brownout replay` as typed. */
export interface ReplayOptions extends StudyOptions {
  readonly mitigate: readonly string[];
  readonly set: readonly string[];
  readonly table?: string;
}

/** Runs one invocation and returns its exit code. Never throws. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  let exitCode = exitOk;
  const surroundings = { ...context };
  let complaint = '';
  const program = createProgram(
    args,
    surroundings,
    (code) => (exitCode = code),
    (text) => (complaint += text),
  );
  program.hook('preAction', () => {
    if (program.opts<{ readonly quiet?: boolean }>().quiet === true) surroundings.stderr = silent;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      const { missingInputText } = await import('./missing-input.ts');
      context.stderr.write((await missingInputText(program, args, error, context.folder)) ?? complaint);
      return error.exitCode === 0 ? exitOk : exitBadInput;
    }
    return reportFailure(error, context);
  }
}

/** Where messages go with `--quiet`. */
const silent: Sink = { write: () => undefined, isTerminal: false, columns: undefined };

/** `complain` gets what is wrong with the arguments themselves. */
function createProgram(
  args: readonly string[],
  context: CommandContext,
  setExitCode: (code: number) => void,
  complain: (text: string) => void,
): Command {
  const program = new Command('brownout')
    .description(
      'Simulates cascade failures in clusters: what takes them down, when, why, and what would have saved them.',
    )
    .version(commandVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: complain,
      getOutHelpWidth: () => Math.min(100, context.stdout.columns ?? 100),
      getErrHelpWidth: () => Math.min(100, context.stderr.columns ?? 100),
    })
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20 })
    .showSuggestionAfterError(true)
    .option('--quiet', 'says nothing on standard error but what went wrong: no progress, no remarks');
  program.hook('preAction', async (_program, command) => {
    const { set } = command.opts<{ readonly set?: readonly string[] }>();
    if (set?.some((one) => one.startsWith('@')) !== true) return;
    const { expandAssignments } = await import('./assignments-file.ts');
    command.setOptionValue('set', await expandAssignments(set, context.folder));
  });
  addReplay(program, args, context, setExitCode);
  addStudyCommands(program, args, context, setExitCode);
  addSearchCommands(program, args, context, setExitCode);
  addDocumentCommands(program, context, setExitCode);
  addMachineCommands(program, context, setExitCode);
  addResultCommands(program, context, setExitCode);
  addImportCommands(program, context, setExitCode);
  addDrillCommand(program, context, setExitCode);
  addCompletionCommands(program, context);
  addExamples(program);
  return program;
}

function addReplay(
  program: Command,
  args: readonly string[],
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  const command = program
    .command('replay')
    .description('runs an incident or a scenario file and tells what happened')
    .argument('<scenario>', 'the id of an incident (see brownout list) or a file (.yaml, .json, .ts)');
  addStudyOptions(command, {
    mitigate: 'id[:name=value,...][+id2...]; may be repeated',
    replications: 'runs with a seed each; more than one gives intervals (default: 1)',
    out: 'where result.json and report.txt go (default: brownout-out/<scenario>-<seed>...)',
  })
    .option('--table <table>', 'of one run as ndjson or csv: series, timeline, kpis, causes or assumptions')
    .action(async (scenario: string, typed: StudyOptions & Pick<ReplayOptions, 'table'>) => {
      const { replay } = await import('./commands/replay.ts');
      const options = { ...typed, mitigate: typed.mitigate ?? [], set: typed.set ?? [] };
      setExitCode(await replay(scenario, options, args, context));
    });
}
