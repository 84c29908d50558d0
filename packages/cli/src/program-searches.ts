import type { Command } from 'commander';
import type { PlanCommandOptions } from './commands/plan.ts';
import type { TipCommandOptions } from './commands/tip.ts';
import type { CommandContext } from './context.ts';
import { addStudyOptions, collect } from './study-options.ts';

/** The part of the command line that is about searches: which value, which set. */

/** Adds `tip` and `plan`. */
export function addSearchCommands(
  program: Command,
  args: readonly string[],
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  const scenario = ['<scenario>', 'the id of an incident (see brownout list) or a file (.yaml, .json, .ts)'] as const;
  const texts = {
    mitigate: 'id[:name=value,...][+id2...], before anything is searched; may be repeated',
    replications: 'not for searches: they make as many runs as they need (--budget)',
    out: 'where results and the file of replications go (default: brownout-out/<scenario>-<seed>...)',
  };
  const tip = program
    .command('tip')
    .description('finds the value at which a scenario tips over, with its confidence interval')
    .argument(...scenario);
  addStudyOptions(tip, texts)
    .option('--vary <path=a..b>', 'what is searched: path=a..b[:log], or a mitigation with id:parameter=a..b')
    .option('--when <condition>', 'what tips: "outageSeconds > 5 min", "q95(peakErrorShare) > 1 %"')
    .option(
      '--trigger-size <path=a..b>',
      'a phase diagram instead: over the load of --vary and the size of the trigger',
    )
    .option('--rows <n>', 'sizes of the trigger in a phase diagram (default: 6)')
    .option('--unattended', 'nobody acts; without --when: does it come back by itself? (hidden capacity)')
    .option('--tolerance <share>', 'width of the interval to end with, as a share of the range (default: 0.02)')
    .option('--budget <n>', 'runs at most, for each row of a phase diagram (default: 48, more for rare events)')
    .option('--expect <bound>', 'such as "value > 5000"; exit code 99 when the interval does not say so')
    .action(async (name: string, options: TipCommandOptions) => {
      const { tip: run } = await import('./commands/tip.ts');
      setExitCode(await run(name, options, args, context));
    });
  const plan = program
    .command('plan')
    .description('finds the cheapest set of mitigations with which a goal is met')
    .argument(...scenario);
  addStudyOptions(plan, texts)
    .option('--goal <condition>', 'such as "outageSeconds < 5 min"; repeated, all of them', collect)
    .option(
      '--choose <mitigation>',
      'id[:parameter=a,b,c][,cost=1,2,3]: sizes from cheap to dear; repeated, one mitigation each',
      collect,
    )
    .option('--most <n>', 'mitigations in one set (default: 2)')
    .option('--chance <share>', 'share of days on which the goal must be met (default: 0.9)')
    .option('--confidence <share>', 'default: 0.95')
    .option('--runners-up <n>', 'sets to find beyond the cheapest (default: 1)')
    .option('--harm <measure>', 'KPI on the front of cost against it (default: outageSeconds)')
    .action(async (name: string, options: PlanCommandOptions) => {
      const { plan: run } = await import('./commands/plan.ts');
      setExitCode(await run(name, options, args, context));
    });
}
