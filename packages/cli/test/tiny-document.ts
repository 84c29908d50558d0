/** The document of docs/guides/two-clusters.yaml with a handful of nodes: a minute of it takes a few milliseconds. */
import { completeDocument, loadDocument, scenarioTemplates, type ScenarioDocument } from '@brownout/scenarios';
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';

const guide = new URL('../../../docs/guides/two-clusters.yaml', import.meta.url);

/** The document, from two minutes before the trigger to `end` after it (default 3 min). */
export async function tinyDocument(end = '3 min'): Promise<ScenarioDocument> {
  const { data } = await loadDocument(await readFile(guide, 'utf8'), 'two-clusters.yaml');
  const whole = completeDocument(data, scenarioTemplates) as ScenarioDocument;
  return {
    ...whole,
    id: 'tiny',
    title: 'Two tiny clusters',
    horizon: { start: '-2 min', end },
    clusters: whole.clusters.map((cluster, index) => ({ ...cluster, nodes: 3 + 5 * index, podsPerNode: 5 })),
  };
}

/** The same as the text of a file. */
export async function tinyText(end?: string): Promise<string> {
  return stringify(await tinyDocument(end));
}
