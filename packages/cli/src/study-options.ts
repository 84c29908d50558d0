import type { Command } from 'commander';

/** Options that the commands over many runs share, declared in one place; read-options.ts reads them. */

/** As commander hands them over; those that may be repeated are absent when they were not typed. */
export interface StudyOptions {
  readonly mitigate?: readonly string[];
  readonly set?: readonly string[];
  /** False with `--no-trigger`. */
  readonly trigger: boolean;
  readonly seed: string;
  readonly until?: string;
  readonly replications?: string;
  readonly workers?: string;
  readonly measures?: string;
  readonly threshold?: readonly string[];
  readonly out?: string;
  readonly resume?: boolean;
  readonly redis?: string | true;
  readonly shard?: string;
  readonly json?: boolean;
  readonly format?: string;
}

/** Collects an option that may be repeated. */
export function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}

/** Options about the document and the runs; `replications` describes how many there are. */
export function addStudyOptions(
  command: Command,
  texts: { readonly mitigate: string; readonly replications: string; readonly out: string },
): Command {
  return command
    .option('--mitigate <list>', texts.mitigate, collect)
    .option(
      '--set <path=value>',
      'changes the document, such as clusters[large-1].nodes=5000; @file: one such line after the other; may be repeated',
      collect,
    )
    .option('--no-trigger', 'the same day without the rollout and without faults')
    .option('--seed <seed>', 'seed of the random streams; with several runs, of the first', '1')
    .option('--replications <n>', texts.replications)
    .option('--until <time>', 'ends runs this long after the trigger, such as 2h')
    .option('--workers <n>', 'runs made side by side (default: one for each core)')
    .option(
      '--threshold <condition>',
      'such as "outageSeconds < 5 min"; exit code 99 when missed; may be repeated',
      collect,
    )
    .option('--out <folder>', texts.out)
    .option('--resume', 'goes on from the runs that an earlier, interrupted study left in its folder')
    .option('--redis [url]', 'has the runs made by workers at a Redis (brownout worker); default BROWNOUT_REDIS')
    .option('--shard <i/n>', 'makes only share i of n, for brownout merge; auto/n in an Indexed Job of Kubernetes')
    .option('--json', 'prints the result as one JSON document; everything else goes to standard error')
    .option('--format <format>', 'text, json, or the rows of the result as ndjson or csv (default: text)');
}

/** `--measures`, for the commands that tabulate some. */
export function addMeasuresOption(command: Command): Command {
  return command.option('--measures <names>', 'KPIs to show, such as outageSeconds,byCluster.large.peakErrorShare');
}
