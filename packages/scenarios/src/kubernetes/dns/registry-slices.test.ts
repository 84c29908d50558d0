import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../../test/small-scenario.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import { runScenario } from '../../scenario/run.ts';
import { measuredCosts } from '../../scenario/defaults.ts';
import { parseScenario } from '../../scenario/parse.ts';
import { OperationTable } from '../requests/operation.ts';
import { coreDnsObjects } from './core-dns-operations.ts';
import { sliceLookups } from './registry-dns-options.ts';

/** A table that knows the lookup, for a cluster of so many pods and names. */
function lookupCost(
  pods: number,
  names: number,
): { readonly cpu: number; readonly memory: number; readonly seats: number } {
  const { costs } = parseScenario({ ...smallScenario(), costs: measuredCosts }, 'x');
  const table = new OperationTable(costs, ({ storedObjects }) => Math.min(10, Math.ceil(storedObjects / 100)), [
    sliceLookups(names),
  ]);
  table.resize({ pods, nodes: pods / 10, stored: coreDnsObjects({ pods, services: names, namespaces: 0 }) });
  const number = table.number('registry-list-slices');
  return { cpu: table.apiServerCpu[number]!, memory: table.apiServerMemory[number]!, seats: table.seats[number]! };
}

describe('a lookup of EndpointSlices by label', () => {
  it('reads and decodes every slice of the cluster to answer with those of one Service', () => {
    // 1,050 slices of 11.2 kB each; of the answer there are 3.5. Unit costs as fitted: 33.2 us to decode a pod of 3.6 kB, half of it by size.
    const bytes = 500 + (150 * 75_000) / 1_050;
    const bySize = 0.5 + (0.5 * bytes) / 3_600;
    const { cpu, memory, seats } = lookupCost(75_000, 300);
    expect(cpu).toBeGreaterThan(1_050 * 33.2 * bySize);
    expect(cpu).toBeLessThan(1.15 * 1_050 * 33.2 * bySize);
    expect(memory).toBeGreaterThan(1_050 * bytes * 3.78);
    expect(seats).toBe(10);
  });

  it('grows with the cluster, where the GET of an Endpoints object does not', () => {
    expect(lookupCost(40_000, 300).cpu / lookupCost(10_000, 300).cpu).toBeGreaterThan(2);
  });
});

/** CPU of all API servers of the large cluster over ten quiet minutes, in seconds. */
function quietCpu(reads: 'endpoints' | 'endpoint-slices'): number {
  const document = smallScenario();
  const registry = { ...document.dns.registry!, ttl: '1 min', reads };
  const quiet = { ...document, rollout: null, dns: { registry } } as ScenarioDocument;
  const { series } = runScenario(quiet, { untilSeconds: 600 });
  return series.columns['apiServerCpu.large']!.reduce((sum, share) => sum + 60 * share, 0);
}

it('a tier that reads slices costs a quiet API server more, by its lookups and nothing else', () => {
  const more = quietCpu('endpoint-slices') - quietCpu('endpoints');
  expect(more).toBeGreaterThan(0);
});

it('the same seed gives the same run', () => {
  const document = smallScenario();
  const slices = {
    ...document,
    dns: { registry: { ...document.dns.registry!, reads: 'endpoint-slices' } },
  } as ScenarioDocument;
  const run = (): string => runScenario(slices, { untilSeconds: 400 }).digest;
  expect(run()).toBe(run());
});
