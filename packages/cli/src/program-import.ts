import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

/** The part of the command line that leads from a real cluster to documents. */

/** Options of `brownout import` as typed. */
export interface ImportCommandOptions {
  readonly out: string;
  readonly redact?: boolean;
  readonly triggerDaemonset?: string;
  readonly seconds?: string;
  readonly json?: boolean;
}

/** Options of `brownout calibrate` as typed. */
export interface CalibrateCommandOptions {
  readonly seconds?: string;
  readonly json?: boolean;
}

/** Adds `import` and `calibrate`. */
export function addImportCommands(
  program: Command,
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  program
    .command('import')
    .description("makes documents of your own cluster's files: what kubectl, /metrics and the audit log say")
    .argument('<files...>', 'saved files, plain or gzip; what each of them is, is told by its content')
    .option('--out <file>', 'the scenario; the load that was seen goes beside it, as <file>-load', 'imported.yaml')
    .option('--redact', 'gives namespaces, accounts, agents, users, schemas and levels other names')
    .option('--trigger-daemonset <name>', 'the DaemonSet that the scenario rolls out, with its requests')
    .option('--seconds <number>', 'between two scrapes of /metrics, where the pages do not say it')
    .option('--json', 'prints the account of every number as one JSON document')
    .addHelpText(
      'after',
      `
Save the files with:
  kubectl get nodes,pods,daemonsets -A -o json > cluster.json
  kubectl get flowschemas,prioritylevelconfigurations -o json > flow-control.json
  kubectl get --raw /metrics > before.txt; sleep 600; kubectl get --raw /metrics > after.txt
and the audit log of one API server, if there is one. Then:
  brownout import cluster.json flow-control.json before.txt after.txt audit.log`,
    )
    .action(async (files: readonly string[], options: ImportCommandOptions) => {
      const { importFiles } = await import('./commands/import.ts');
      setExitCode(await importFiles(files, options, context));
    });
  program
    .command('calibrate')
    .description('what requests cost on your own API server, from scrapes of its /metrics')
    .argument('<before>', 'a scrape of /metrics, plain or gzip')
    .argument('<after...>', 'a later one of the same process; more of them tell the CPU of kinds of requests apart')
    .option('--seconds <number>', 'between two scrapes, where the pages do not say it')
    .option('--json', 'prints the result as one JSON document')
    .action(async (before: string, after: readonly string[], options: CalibrateCommandOptions) => {
      const { calibrateFiles } = await import('./commands/calibrate.ts');
      setExitCode(await calibrateFiles([before, ...after], options, context));
    });
}
