import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

/** The part of the command line that is about many machines. */

/** Options of `brownout worker` as typed. */
export interface WorkerCommandOptions {
  readonly redis?: string;
  readonly concurrency?: string;
  readonly grace: string;
  readonly lock: string;
}

/** Adds `worker` and `merge`. */
export function addMachineCommands(
  program: Command,
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  program
    .command('worker')
    .description('makes the runs that studies with --redis ask for, until it is told to end')
    .option('--redis <url>', 'redis://[user:password@]host[:port][/db], or rediss:// (default: BROWNOUT_REDIS)')
    .option('--concurrency <n>', 'jobs made side by side (default: one for each core)')
    .option('--grace <time>', 'how long jobs under way may go on after SIGTERM, then they are handed back', '20s')
    .option('--lock <time>', 'a worker without a sign of life for this long loses its jobs to another', '30s')
    .action(async (options: WorkerCommandOptions) => {
      const { worker } = await import('./commands/worker.ts');
      setExitCode(await worker(options, context));
    });
  program
    .command('merge')
    .description('puts the files of a study that was made in shares together into one')
    .argument('<files...>', 'what the shares wrote, in any order; the same file twice does no harm')
    .requiredOption('--out <file>', 'where the whole goes, such as <folder>/replications.ndjson')
    .option('--json', 'prints what became of the files as one JSON document')
    .action(async (files: readonly string[], options: { readonly out: string; readonly json?: boolean }) => {
      const { merge } = await import('./commands/merge.ts');
      setExitCode(await merge(files, options, context));
    });
}
