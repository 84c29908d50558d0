import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { collect } from './study-options.ts';

/** The part of the command line that trains people. */

/** Options of `brownout drill` as typed. */
export interface DrillCommandOptions {
  readonly role?: readonly string[];
  readonly trainee?: readonly string[];
  readonly difficulty?: string;
  readonly colleagues: boolean;
  readonly hints: boolean;
  readonly set?: readonly string[];
  readonly trigger: boolean;
  readonly seed?: string;
  readonly speed: string;
  readonly start?: string;
  readonly until?: string;
  readonly script?: string;
  readonly session?: string;
  readonly debrief: string;
  readonly runs?: string;
  readonly workers?: string;
  readonly threshold?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
  readonly serve?: boolean;
  readonly host: string;
  readonly port: string;
}

/** Adds `drill`. */
export function addDrillCommand(program: Command, context: CommandContext, setExitCode: (code: number) => void): void {
  program
    .command('drill')
    .description('a training exercise: live through the outage, act, be locked out, recover, be debriefed')
    .argument('[scenario]', 'the id of an incident (see brownout list) or a file; not with --session')
    .option('--role <id>', 'a role that you hold; may be repeated (default: all of them)', collect)
    .option(
      '--trainee <name=roles>',
      'somebody who takes part, such as ana=platform+networking; may be repeated',
      collect,
    )
    .option('--difficulty <level>', 'guided, standard or expert (default: standard)')
    .option('--no-colleagues', 'nobody else works on what your roles do not cover')
    .option('--no-hints', 'no hints')
    .option('--set <path=value>', 'changes the document; may be repeated', collect)
    .option('--no-trigger', 'a day on which nothing happens, or only what the facilitator makes happen')
    .option('--seed <seed>', 'seed of the random streams')
    .option('--speed <n>', 'simulated seconds to one of the clock on the wall', '20')
    .option('--start <time>', 'where it begins, after the trigger, such as 20min')
    .option('--until <time>', 'where it ends, after the trigger, such as 3h')
    .option('--script <file>', 'plays what a file says instead of asking for it (YAML or JSON)')
    .option('--session <file>', 'a session that was saved: plays it again, checks its digest and debriefs it')
    .option(
      '--debrief <runs>',
      'full: with counterfactuals and alternatives; short: beside nobody and the crew; none',
      'full',
    )
    .option('--runs <n>', 'seeds under which the debrief compares what else could have been done (default: 1)')
    .option('--workers <n>', 'runs of the debrief made side by side (default: one for each core)')
    .option(
      '--threshold <condition>',
      'of the session, such as "outageSeconds < 2 h"; exit code 99 when missed; may be repeated',
      collect,
    )
    .option('--out <folder>', 'where session, debrief and postmortem go (default: a folder of brownout-out)')
    .option('--json', 'prints the debrief as one JSON document; everything else goes to standard error')
    .option('--serve', 'hosts it for several people: one page each, with roles')
    .option('--host <address>', 'of --serve: where to listen; only this machine by default', '127.0.0.1')
    .option('--port <n>', 'of --serve', '7878')
    .action(async (scenario: string | undefined, options: DrillCommandOptions) => {
      const { drill } = await import('./commands/drill.ts');
      setExitCode(await drill(scenario, options, context));
    });
}
