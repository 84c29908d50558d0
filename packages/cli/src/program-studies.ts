import type { Command } from 'commander';
import type { CompareCommandOptions } from './commands/compare.ts';
import type { SweepCommandOptions } from './commands/sweep.ts';
import type { CommandContext } from './context.ts';
import { addMeasuresOption, addStudyOptions, collect } from './study-options.ts';

/** The part of the command line that is about studies over many runs. */

/** Adds `compare` and `sweep`. */
export function addStudyCommands(
  program: Command,
  args: readonly string[],
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  const scenario = ['<scenario>', 'the id of an incident (see brownout list) or a file (.yaml, .json, .ts)'] as const;
  const out = 'where results and the file of replications go (default: brownout-out/<scenario>-<seed>...)';
  const compare = program
    .command('compare')
    .description(
      'runs a scenario and variants of it under the same seeds, and says which of them differ, and by how much',
    )
    .argument(...scenario);
  addStudyOptions(compare, {
    mitigate: 'one variant: id[:name=value,...][+id2...]; repeated, one variant each',
    replications: 'runs of each variant (default: 10; with a precision asked for, at most so many: 200)',
    out,
  });
  addMeasuresOption(compare)
    .option('--half-width <amount>', 'ends once every difference in the first measure is known to within this: "2 min"')
    .option('--relative <share>', 'the same as a share of the difference: 0.1 or "10 %"')
    .action(async (name: string, options: CompareCommandOptions) => {
      const { compare: run } = await import('./commands/compare.ts');
      setExitCode(await run(name, options, args, context));
    });
  const sweep = program
    .command('sweep')
    .description('runs a scenario at many points of a few parameters, under the same seeds')
    .argument(...scenario);
  addStudyOptions(sweep, {
    mitigate: 'id[:name=value,...][+id2...], before anything is varied; may be repeated',
    replications: 'runs of each point (default: 1; intervals need more)',
    out,
  });
  addMeasuresOption(sweep)
    .option('--vary <path=values>', 'a range a..b, a..b:n or a..b:n:log, or a list a,b,c; may be repeated', collect)
    .option('--design <name>', 'grid, latin-hypercube, sobol or morris', 'grid')
    .option('--points <n>', 'points of a Latin hypercube or Sobol sequence, trajectories of Morris')
    .action(async (name: string, options: SweepCommandOptions) => {
      const { sweep: run } = await import('./commands/sweep.ts');
      setExitCode(await run(name, options, args, context));
    });
}
