import { Command, CommanderError } from 'commander';
import type { CommandContext } from './context.ts';
import { exitBadInput, exitOk } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
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
}

/** Runs one invocation and returns its exit code. Never throws. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  let exitCode = exitOk;
  const program = createProgram(args, context, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitOk : exitBadInput;
    return reportFailure(error, context);
  }
}

function createProgram(args: readonly string[], context: CommandContext, setExitCode: (code: number) => void): Command {
  const program = new Command('brownout')
    .description(
      'Simulates cascade failures in clusters: what takes them down, when, why, and what would have saved them.',
    )
    .version(commandVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => Math.min(100, context.stdout.columns ?? 100),
      getErrHelpWidth: () => Math.min(100, context.stderr.columns ?? 100),
    })
    .showSuggestionAfterError(true)
    .addHelpText('after', '\nStart with: brownout replay openai-2024-12-11');
  program.hook('preAction', async (_program, command) => {
    const { set } = command.opts<{ readonly set?: readonly string[] }>();
    if (set?.some((one) => one.startsWith('@')) !== true) return;
    const { expandAssignments } = await import('./assignments-file.ts');
    command.setOptionValue('set', await expandAssignments(set, context.folder));
  });
  addReplay(program, args, context, setExitCode);
  addStudyCommands(program, args, context, setExitCode);
  addSearchCommands(program, args, context, setExitCode);
  program
    .command('list')
    .description('lists incidents and mitigations')
    .option('--json', 'prints them as JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { list } = await import('./commands/list.ts');
      list(options.json === true, context);
    });
  program
    .command('validate')
    .description('checks a scenario document and says everything that is wrong with it')
    .argument('<scenario>', 'a file (.yaml, .json, .ts) or the id of an incident')
    .action(async (scenario: string) => {
      const { validate } = await import('./commands/validate.ts');
      await validate(scenario, context);
    });
  program
    .command('schema')
    .description('prints the JSON Schema of scenario documents, for editors')
    .option('--example [incident]', 'prints an incident as YAML instead, to start a document of your own from')
    .option('--control-plane', 'the schema of documents of a control plane alone under declared load')
    .action(async (options: { readonly example?: string | true; readonly controlPlane?: boolean }) => {
      const { schema } = await import('./commands/schema.ts');
      await schema(options, context);
    });
  addMachineCommands(program, context, setExitCode);
  addResultCommands(program, context, setExitCode);
  addImportCommands(program, context, setExitCode);
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
  }).action(async (scenario: string, typed: StudyOptions) => {
    const { replay } = await import('./commands/replay.ts');
    const options = { ...typed, mitigate: typed.mitigate ?? [], set: typed.set ?? [] };
    setExitCode(await replay(scenario, options, args, context));
  });
}
