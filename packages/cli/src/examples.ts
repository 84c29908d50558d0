import type { Command } from 'commander';

/** The help teaches by example: what each command is for, as lines that can be typed. A test runs them, in this order. */

/** What a line is for, and the line itself. */
type Example = readonly [purpose: string, line: string];

/** By command; files that a line reads come from the user or from a line before it. */
const examples: Readonly<Record<string, readonly Example[]>> = {
  brownout: [
    ['what there is', 'brownout list'],
    ['the outage of 11 December 2024', 'brownout replay openai-2024-12-11'],
    ['a document of your own to start from', 'brownout schema --example telemetry-rollout > my-cluster.yaml'],
  ],
  list: [
    ['incidents, mitigations, releases of Kubernetes', 'brownout list --short'],
    ['what one of them does, costs and leaves out', 'brownout list break-glass'],
    ['the same for a program', 'brownout list --json > catalogue.json'],
  ],
  schema: [
    ['a document to change', 'brownout schema --example telemetry-rollout > my-cluster.yaml'],
    ['completion and checks in an editor', 'brownout schema > brownout.schema.json'],
  ],
  validate: [
    ['is it right, and what does it describe?', 'brownout validate my-cluster.yaml'],
    ['problems as data, for a pipeline', 'brownout validate my-cluster.yaml --json > checked.json'],
  ],
  replay: [
    ['the outage of 11 December 2024, beside what was published', 'brownout replay openai-2024-12-11'],
    ['the same day with two mitigations', 'brownout replay openai-2024-12-11 --mitigate serve-stale-dns+break-glass'],
    [
      'your own cluster, larger, until ten minutes after the trigger',
      "brownout replay my-cluster.yaml --set 'clusters[production].nodes=400' --until 10min --out outage",
    ],
    [
      'a check for a pipeline: exit code 99 when the threshold is missed',
      "brownout replay my-cluster.yaml --until 10min --threshold 'clustersLost < 1' --json > result.json",
    ],
  ],
  compare: [
    [
      'two mitigations against the day as it was, five seeds each',
      'brownout compare my-cluster.yaml --until 10min --mitigate cached-list --mitigate break-glass --replications 5',
    ],
  ],
  sweep: [
    [
      'the same rollout on three sizes of the cluster',
      "brownout sweep my-cluster.yaml --until 10min --vary 'clusters[production].nodes=100,200,400'",
    ],
    [
      'four points of two parameters',
      "brownout sweep my-cluster.yaml --until 10min --vary 'clusters[production].nodes=100..400' --vary agent.period=15s..2min --design sobol --points 4",
    ],
  ],
  tip: [
    [
      'from how many nodes on is the cluster lost?',
      "brownout tip my-cluster.yaml --until 10min --vary 'clusters[production].nodes=50..1000' --when 'clustersLost >= 1' --tolerance 0.2",
    ],
  ],
  plan: [
    [
      'the cheapest of two mitigations with which the cluster is kept',
      "brownout plan my-cluster.yaml --until 10min --goal 'clustersLost == 0' --choose cached-list --choose more-api-servers:replicas=5,7",
    ],
  ],
  report: [
    ['one page that opens without a network', 'brownout report outage'],
    ['a postmortem to fill in', 'brownout report outage --format postmortem --out postmortem.md'],
  ],
  export: [
    ['a table for a spreadsheet', 'brownout export outage --format csv --out series.csv'],
    ['a chart', 'brownout export outage --format svg --chart timeline --out timeline.svg'],
    ['lines for pandas or jq', 'brownout export outage --format ndjson --table timeline > timeline.ndjson'],
    ['metrics for a Prometheus', 'brownout export outage --format openmetrics --out metrics.om'],
  ],
  alerts: [
    [
      'would your rules have fired, and when?',
      'brownout alerts my-cluster.yaml --rules rules.yaml --until 10min --scrape 30s',
    ],
  ],
  import: [
    ['a scenario of your own cluster', 'brownout import cluster.json --out imported.yaml'],
    [
      'with its load, and without names that give it away',
      'brownout import cluster.json before.txt after.txt --redact --out redacted.yaml',
    ],
  ],
  calibrate: [['what requests cost on your API server', 'brownout calibrate before.txt after.txt']],
  worker: [
    [
      'four runs side by side for studies with --redis',
      'brownout worker --redis redis://localhost:6379 --concurrency 4',
    ],
  ],
  merge: [
    [
      'first share of two',
      "brownout sweep my-cluster.yaml --until 10min --vary 'clusters[production].nodes=100,200' --shard 1/2 --out share-1",
    ],
    [
      'second share, on another machine',
      "brownout sweep my-cluster.yaml --until 10min --vary 'clusters[production].nodes=100,200' --shard 2/2 --out share-2",
    ],
    [
      'both as one study',
      'brownout merge share-1/replications-1-of-2.ndjson share-2/replications-2-of-2.ndjson --out whole.ndjson',
    ],
  ],
  drill: [
    ['live through the outage, with hints', 'brownout drill openai-2024-12-11 --difficulty guided'],
    [
      'two people, a page each',
      'brownout drill openai-2024-12-11 --trainee ana=platform --trainee ben=networking --serve',
    ],
  ],
  completion: [
    ['for this shell', 'source <(brownout completion bash)'],
    ['for every new one', 'brownout completion zsh > _brownout'],
    ['fish reads it from its own folder', 'brownout completion fish > brownout.fish'],
  ],
};

/** The first of a command's examples that begins with it, as a line to type. */
export function firstLineFor(command: string): string | undefined {
  return examples[command]?.map(([, line]) => line).find((line) => line.startsWith(`brownout ${command} `));
}

/** Adds examples to the help of a command and of all commands below it. */
export function addExamples(program: Command): void {
  for (const command of [program, ...program.commands]) {
    const own = examples[command.name()];
    if (own === undefined) continue;
    command.addHelpText(
      'after',
      `\nExamples:\n${own.map(([purpose, line]) => `  # ${purpose}\n  ${line}`).join('\n')}`,
    );
  }
}
