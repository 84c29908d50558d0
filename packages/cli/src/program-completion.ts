import { Argument, type Command } from 'commander';
import { shells } from './completion/scripts.ts';
import type { CommandContext } from './context.ts';

/** The part of the command line that helps to type it. */

/** Adds `completion`, and `complete`, which its scripts ask. */
export function addCompletionCommands(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('prints a script that teaches a shell to complete commands, options, incidents and mitigations')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScripts } = await import('./completion/scripts.ts');
      context.stdout.write(completionScripts[shell]);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const { candidatesFor } = await import('./completion/candidates.ts');
      const found = candidatesFor(program, words);
      context.stdout.write(found.map(({ text, about }) => `${text}\t${about.replaceAll(/\s+/g, ' ')}\n`).join(''));
    });
}
