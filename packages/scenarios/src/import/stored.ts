/** What is stored, by type: counts from the scrape, or from the lists; sizes from the lists, or assumed. */
import { referenceObject } from '../kubernetes/unit-costs/unit-costs.ts';
import type { ControlPlaneDocument } from '../scenario/control-plane/document.ts';
import { assumed, derived, measured, type Sourced } from '../scenario/provenance.ts';
import type { Evidence } from './evidence.ts';

/** The section of a document. */
export type StoredDocument = ControlPlaneDocument['stored'];

/** Sizes taken where no list says them, in bytes. Pods: measured ones; nodes: KEP-589; the rest: judgement. */
const usual: Readonly<Record<string, number>> = { pods: 5_100, nodes: 20_000, leases: 600 };
const otherwise = 1_000;

/** Sections for the types that are asked for, and for all that were counted. */
export function storedOf(evidence: Evidence, asked: readonly string[]): StoredDocument {
  const counts = countsOf(evidence);
  const types = [...new Set([...counts.keys(), ...asked])].sort();
  return Object.fromEntries(
    types.map((type) => {
      const json = sizeOf(evidence, type);
      const bytes = Number(/^\d+/.exec(json.value)![0]);
      const stored = Math.round((bytes * referenceObject.storedBytes) / referenceObject.jsonBytes);
      const note = `${referenceObject.storedBytes} of ${referenceObject.jsonBytes} bytes, as of measured pods`;
      const count = counts.get(type) ?? assumed(1, 'asked for, and counted nowhere');
      return [type, { count, json, stored: derived(`${stored} B`, note) }];
    }),
  );
}

function countsOf({ scrape, sizes, nodes, pods }: Evidence): ReadonlyMap<string, Sourced<number>> {
  const counts = new Map<string, Sourced<number>>();
  for (const [type, { value, file }] of Object.entries(sizes)) {
    counts.set(type, measured(value.count, `${file}: counted`));
  }
  if (nodes !== undefined) counts.set('nodes', measured(nodes.value.length, `${nodes.file}: counted`));
  if (pods !== undefined) counts.set('pods', measured(pods.value.length, `${pods.file}: counted`));
  for (const { labels, value } of scrape?.samples.get('apiserver_storage_objects') ?? []) {
    const type = (labels['resource'] ?? '').split('.', 1)[0]!;
    if (/^[a-z]{1,80}$/.test(type) && value > 0) {
      counts.set(type, measured(value, `${scrape!.file}: apiserver_storage_objects`));
    }
  }
  return counts;
}

function sizeOf({ sizes }: Evidence, type: string): Sourced<string> {
  const found = sizes[type];
  if (found === undefined || found.value.count === 0) {
    const bytes = usual[type] ?? otherwise;
    return assumed(`${bytes} B`, `no list of ${type} was given`);
  }
  const bytes = `${Math.round(found.value.jsonBytes)} B`;
  if (found.value.hasManagedFields) return measured(bytes, `${found.file}: mean of ${found.value.count}`);
  return derived(
    bytes,
    `${found.file}: mean of ${found.value.count} without managedFields, which kubectl leaves out: really larger`,
  );
}
