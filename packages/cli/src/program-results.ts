import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { collect } from './study-options.ts';

/** The part of the command line that takes results, and metrics of runs, to other tools. */

/** Options of `brownout export` as typed. */
export interface ExportCommandOptions {
  readonly format: string;
  readonly table: string;
  readonly chart: string;
  readonly scrape: string;
  readonly cluster?: readonly string[];
  readonly metrics?: string;
  readonly out?: string;
}

/** Options of `brownout alerts` as typed. */
export interface AlertsCommandOptions {
  readonly rules: string;
  readonly mitigate?: readonly string[];
  readonly set?: readonly string[];
  readonly trigger: boolean;
  readonly seed: string;
  readonly until?: string;
  readonly scrape: string;
  readonly cluster?: readonly string[];
  readonly feed?: string;
  readonly json?: boolean;
}

/** Options of `brownout report` as typed. */
export interface ReportCommandOptions {
  readonly format: string;
  readonly baseline?: string;
  readonly out?: string;
}

/** Adds `export`, `report` and `alerts`. */
export function addResultCommands(
  program: Command,
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  program
    .command('export')
    .description('writes a result as NDJSON, CSV, Parquet, OpenMetrics, Vega-Lite or SVG')
    .argument('<result>', 'a folder that a command wrote, its result.json, or its replications.ndjson')
    .requiredOption('--format <format>', 'ndjson, csv, parquet, openmetrics, vega-lite or svg')
    .option('--table <table>', 'of ndjson, csv and parquet: series, timeline, kpis, causes or assumptions', 'series')
    .option(
      '--chart <chart>',
      'of vega-lite and svg: overview, timeline, causes, latencies, seats, or a measure such as saturation; of a study, one of its measures',
      'overview',
    )
    .option('--scrape <time>', 'of openmetrics: between two scrapes of a process', '30s')
    .option(
      '--cluster <id>',
      'of openmetrics: only this cluster; may be repeated. Of the charts latencies and seats: this one (default: the worst)',
      collect,
    )
    .option('--metrics <pattern>', 'of openmetrics: only metrics whose names match this regular expression')
    .option('--out <file>', 'where it goes (default: standard output, which Parquet cannot use)')
    .action(async (result: string, options: ExportCommandOptions) => {
      const { exportResult } = await import('./commands/export.ts');
      setExitCode(await exportResult(result, options, context));
    });
  program
    .command('report')
    .description('writes a result as one HTML file that opens offline, as Markdown, or as a postmortem to fill in')
    .argument('<result>', 'a folder that a replay wrote, or its result.json')
    .option('--format <format>', 'html, markdown or postmortem', 'html')
    .option('--baseline <result>', 'of html and markdown: another run of the scenario to set beside it')
    .option('--out <file>', 'where it goes; - is standard output (default: a file beside the result)')
    .action(async (result: string, options: ReportCommandOptions) => {
      const { report } = await import('./commands/report.ts');
      setExitCode(await report(result, options, context));
    });
  addAlerts(program, context, setExitCode);
}

function addAlerts(program: Command, context: CommandContext, setExitCode: (code: number) => void): void {
  program
    .command('alerts')
    .description('evaluates your own alert rules on the metrics of a simulated outage, with a real Prometheus')
    .argument('<scenario>', 'the id of an incident (see brownout list) or a file (.yaml, .json, .ts)')
    .requiredOption('--rules <file>', 'alert and recording rules as Prometheus or its operator reads them')
    .option('--mitigate <list>', 'id[:name=value,...][+id2...]; may be repeated', collect)
    .option(
      '--set <path=value>',
      'changes the document; @file: one such line after the other; may be repeated',
      collect,
    )
    .option('--no-trigger', 'the same day without its cause: which rules fire for nothing?')
    .option('--seed <seed>', 'seed of the random streams', '1')
    .option('--until <time>', 'ends the run this long after the trigger, such as 2h')
    .option('--scrape <time>', 'between two scrapes of a process', '30s')
    .option('--cluster <id>', 'scrapes only this cluster; may be repeated', collect)
    .option(
      '--feed <file>',
      'runs with people whom no alert wakes, and writes when these rules would have, for --set @file of a next run',
    )
    .option('--json', 'prints the result as one JSON document; everything else goes to standard error')
    .action(async (scenario: string, options: AlertsCommandOptions) => {
      const { alerts } = await import('./commands/alerts.ts');
      setExitCode(await alerts(scenario, options, context));
    });
}
