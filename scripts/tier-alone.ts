/**
 * One large cluster of 11 December 2024 alone, with nobody who acts: what the DNS tier's way of asking for names that fail
 * does to API servers that come back, and to names. Makes the figures of docs/decisions/0057, a minute or two a cluster.
 *
 *     node --conditions=brownout-source --import tsx scripts/tier-alone.ts large-3 8                    dear and cheap questions
 *     node --conditions=brownout-source --import tsx scripts/tier-alone.ts large-3 5 '30 s,1 min,5 min'   longest negative TTLs
 */
import { incidents, runScenario, type ScenarioDocument } from '@brownout/scenarios';

type Registry = NonNullable<ScenarioDocument['dns']['registry']>;

const [id = 'large-3', seeds = '8', caps] = process.argv.slice(2);
const incident = incidents.find((one) => one.id === 'openai-2024-12-11')!.document();
const cluster = incident.clusters.find((one) => one.id === id);
if (cluster === undefined) throw new RangeError(`expected the id of a cluster of the incident, got "${id}"`);

const variants: readonly (readonly [string, Partial<Registry>])[] =
  caps === undefined
    ? [
        ['constant, slices', { maxNegativeTtl: '5 s' }],
        ['growing, slices', {}],
        ['constant, endpoints', { maxNegativeTtl: '5 s', reads: 'endpoints' }],
        ['growing, endpoints', { reads: 'endpoints' }],
      ]
    : caps.split(',').map((cap) => [cap, { maxNegativeTtl: cap }]);

function documentWith(change: Partial<Registry>): ScenarioDocument {
  return {
    ...incident,
    horizon: { start: '-2 min', end: '70 min' },
    published: [],
    clusters: [cluster!],
    rollout: { waves: [{ clusters: [id], at: '0 min' }] },
    // An alert that waits for longer than the run wakes nobody.
    operators: { ...incident.operators, alert: { ...incident.operators.alert, for: '3 h' } },
    dns: { ...incident.dns, registry: { ...incident.dns.registry!, ...change } },
  };
}

/** Mean of a column from minute 10 to 70 after the rollout. */
function meanOf(document: ScenarioDocument, seed: number, columns: readonly string[]): number[] {
  const { t, columns: all } = runScenario(document, { seed }).series;
  const rows = [...t.keys()].filter((row) => t[row]! >= 600 && t[row]! < 4_200);
  return columns.map((column) => rows.reduce((sum, row) => sum + all[column]![row]!, 0) / rows.length);
}

for (const [name, change] of variants) {
  const columns = [`apiServersReady.${id}`, `dnsFailureShare.${id}`];
  const means = Array.from({ length: Number(seeds) }, (_, run) => meanOf(documentWith(change), run + 1, columns));
  const [ready, failing] = columns.map(
    (_, column) => means.reduce((sum, each) => sum + each[column]!, 0) / means.length,
  );
  process.stdout.write(
    `${id}  ${name.padEnd(20)}  ready ${ready!.toFixed(3)}  names that fail ${failing!.toFixed(3)}\n`,
  );
}
