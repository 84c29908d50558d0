import { Command, CommanderError } from 'commander';
import type { CommandContext } from './context.ts';
import { exitBadInput, exitOk } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { addMachineCommands } from './program-machines.ts';
import { commandVersion } from './version.ts';

/**
 * The command line: which commands and options there are. Everything a command needs beyond that is imported when it runs,
 * so that `brownout --help` stays quick.
 */

/** Options of `brownout replay` as typed. */
export interface ReplayOptions {
  readonly mitigate: readonly string[];
  readonly set: readonly string[];
  /** False with `--no-trigger`. */
  readonly trigger: boolean;
  readonly seed: string;
  readonly until?: string;
  readonly replications?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The same as commander hands them over: options that were not typed are absent. */
type TypedReplayOptions = Omit<ReplayOptions, 'mitigate' | 'set'> & Partial<Pick<ReplayOptions, 'mitigate' | 'set'>>;

/** Runs one invocation and returns its exit code. Never throws. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  let exitCode = exitOk;
  const program = createProgram(context, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitOk : exitBadInput;
    return reportFailure(error, context);
  }
}

function createProgram(context: CommandContext, setExitCode: (code: number) => void): Command {
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
  addReplay(program, context, setExitCode);
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
  return program;
}

function addReplay(program: Command, context: CommandContext, setExitCode: (code: number) => void): void {
  const collect = (value: string, all: readonly string[] = []): readonly string[] => [...all, value];
  program
    .command('replay')
    .description('runs an incident or a scenario file and tells what happened')
    .argument('<scenario>', 'the id of an incident (see brownout list) or a file (.yaml, .json, .ts)')
    .option('--mitigate <list>', 'id[:name=value,...][+id2...]; may be repeated', collect)
    .option(
      '--set <path=value>',
      'changes the document, such as clusters[large-1].nodes=5000; may be repeated',
      collect,
    )
    .option('--no-trigger', 'the same day without the rollout and without faults')
    .option('--seed <seed>', 'seed of the random streams', '1')
    .option('--replications <n>', 'runs of a control plane under declared load, each with numbers of its own')
    .option('--until <time>', 'ends the run this long after the trigger, such as 2h')
    .option('--out <folder>', 'where result.json and report.txt go (default: brownout-out/<scenario>-<seed>...)')
    .option('--json', 'prints the result as one JSON document; everything else goes to standard error')
    .action(async (scenario: string, typed: TypedReplayOptions) => {
      const { replay } = await import('./commands/replay.ts');
      setExitCode(await replay(scenario, { ...typed, mitigate: typed.mitigate ?? [], set: typed.set ?? [] }, context));
    });
}
