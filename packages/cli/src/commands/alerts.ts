/** `brownout alerts`: the users' own alert rules on the metrics of a simulated outage. */
import { applyMitigations, mitigations, parseMitigationList, parseScenario } from '@brownout/scenarios';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext } from '../context.ts';
import { findDocument } from '../document-file.ts';
import { exitOk } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import type { AlertsCommandOptions } from '../program-results.ts';
import { ProgressLine } from '../progress.ts';
import { alertsText } from '../prometheus/alerts-text.ts';
import { detectionText, withoutPages } from '../prometheus/detection.ts';
import { evaluateAlerts } from '../prometheus/evaluate.ts';
import { largestRulesFile } from '../prometheus/rules-file.ts';
import { readScrape } from '../read-scrape.ts';
import { assignAll } from '../assign-all.ts';
import { readSeed, readUntil } from '../replay-plan.ts';
import { styleFor, widthFor } from '../style.ts';
import { readTextFile } from '../text-file.ts';

/** Runs the scenario, evaluates the rules, prints what became of them; returns the exit code. */
export async function alerts(name: string, options: AlertsCommandOptions, context: CommandContext): Promise<number> {
  const named = await findDocument(name, context.folder);
  const seed = readSeed(options.seed);
  const scrapeSeconds = readScrape(options.scrape);
  const rules = await readTextFile(options.rules, context.folder, largestRulesFile);
  parseScenario(named.document, named.origin);
  const chosen = (options.mitigate ?? []).flatMap((list) => parseMitigationList(list, mitigations));
  const assigned = assignAll(named.document, { set: options.set ?? [], trigger: options.trigger });
  const changed = applyMitigations(assigned.document, chosen).document;
  const document = options.feed === undefined ? changed : withoutPages(changed);
  const scenario = parseScenario(document, name);
  const progress = new ProgressLine(context.stderr, scenario.clock);
  const result = await evaluateAlerts({
    document,
    seed,
    untilSeconds: readUntil(options.until, scenario),
    rules,
    rulesFile: options.rules,
    scrapeSeconds,
    ...(options.cluster === undefined ? {} : { clusters: readClusters(options.cluster, scenario.clusters) }),
    onProgress: (simulated, end) => progress.update(simulated, end),
    onLoaded: (samples) => {
      progress.clear();
      context.stderr.write(`${samples} samples loaded; Prometheus evaluates the rules\n`);
    },
  }).finally(() => progress.clear());
  context.stdout.write(
    options.json === true
      ? `${JSON.stringify(result, undefined, 2)}\n`
      : alertsText(result, styleFor(context.stdout, context.environment), widthFor(context.stdout)),
  );
  if (options.feed !== undefined) {
    await write(options.feed, detectionText(result, options.rules), context.folder);
    context.stderr.write(`${options.feed}: for a run with --set @${options.feed}\n`);
  }
  return exitOk;
}

async function write(file: string, text: string, folder: string): Promise<void> {
  await writeFile(resolve(folder, file), text).catch((error: unknown) => {
    throw new InputError(`cannot write "${file}": ${error instanceof Error ? error.message : String(error)}`);
  });
}

function readClusters(wanted: readonly string[], clusters: readonly { readonly id: string }[]): readonly string[] {
  const ids = clusters.map(({ id }) => id);
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new InputError(`--cluster: expected one of ${ids.join(', ')}, got "${unknown}"`);
  return wanted;
}
