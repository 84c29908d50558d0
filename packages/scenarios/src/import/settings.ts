/** Release, flags and objects of flow control: what a cluster says about itself that the model knows, and nothing that is a default. */
import { flowSchemasOf } from '../kubernetes/profiles/flow-schemas.ts';
import { defaultPriorityLevels } from '../kubernetes/flow-control/priority-level.ts';
import { gateProblem, gatesOn } from '../kubernetes/profiles/feature-gates.ts';
import { kubernetesReleases, type KubernetesRelease } from '../kubernetes/profiles/release.ts';
import {
  type FlowSchemaDocument,
  flowSchemasSchema,
  type PriorityLevelDocument,
  priorityLevelsSchema,
} from '../scenario/flow-control-schema.ts';
import type { FlagsDocument } from '../scenario/flag-schema.ts';
import { canonicalJson } from '../scenario/hash.ts';
import { measured, type Stated } from '../scenario/provenance.ts';
import type { Evidence } from './evidence.ts';

/** What is known about the version and settings of a control plane. */
export interface ImportedSettings {
  readonly release: KubernetesRelease | undefined;
  /** How the release was found, or why it is another than the cluster's. */
  readonly releaseNote: string;
  readonly flags: FlagsDocument;
  readonly droppedFlags: readonly string[];
  readonly flowSchemas: readonly FlowSchemaDocument[];
  readonly priorityLevels: readonly PriorityLevelDocument[];
  /** Objects that are as upstream has them, and so not in the document. */
  readonly asUpstream: number;
}

/** Whose defaults are compared with where no version is found. */
const defaultRelease = '1.31';

/** Reads them off the evidence. */
export function settingsOfEvidence(evidence: Evidence): ImportedSettings {
  const [release, releaseNote] = releaseOf(evidence);
  const named = evidence.flags ?? flagsOfPods(evidence);
  const gates = gatesOf(evidence, release);
  const apiServer: Record<string, Stated<string | number | boolean | Readonly<Record<string, boolean>>>> = {};
  for (const [name, text] of Object.entries(named?.value.known ?? {})) {
    if (name !== 'feature-gates') apiServer[name] = measured(valueOf(text), `${named!.file}: --${name}`);
  }
  const stated = gatesOfText(named?.value.known['feature-gates']);
  const all = { ...stated, ...gates };
  if (Object.keys(all).length > 0) apiServer['feature-gates'] = all;
  const isDefaultSchema = sameAs(
    flowSchemasOf(release ?? defaultRelease),
    (one) => flowSchemasSchema().parse([one])[0],
  );
  const isDefaultLevel = sameAs(defaultPriorityLevels, (one) => priorityLevelsSchema().parse([one])[0]);
  const schemas = evidence.flowSchemas?.value ?? [];
  const levels = evidence.priorityLevels?.value ?? [];
  const own = [schemas.filter((one) => !isDefaultSchema(one)), levels.filter((one) => !isDefaultLevel(one))] as const;
  return {
    release,
    releaseNote,
    flags: Object.keys(apiServer).length === 0 ? {} : ({ 'kube-apiserver': apiServer } as FlagsDocument),
    droppedFlags: named?.value.dropped ?? [],
    flowSchemas: own[0],
    priorityLevels: own[1],
    asUpstream: schemas.length + levels.length - own[0].length - own[1].length,
  };
}

/** Whether a name is that of an object every cluster starts with. */
export function isUpstreamName(kind: 'schema' | 'level', name: string): boolean {
  const known = kind === 'schema' ? flowSchemasOf('1.29') : defaultPriorityLevels;
  return known.some((one) => one.name === name);
}

/** The version of most nodes or of the API server's own page; the nearest known release that is not newer. */
function releaseOf({ nodes, scrape }: Evidence): readonly [KubernetesRelease | undefined, string] {
  const built = scrape?.samples.get('kubernetes_build_info')?.[0]?.labels['git_version'];
  const counts = new Map<string, number>();
  for (const { version } of nodes?.value ?? []) {
    if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  const ofNodes = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
  const version = built !== undefined && /^v1\./.test(built) ? built : ofNodes;
  const minor = Number(/^v?1\.(\d{1,3})(\.|$)/.exec(version ?? '')?.[1]);
  if (version === undefined || !Number.isFinite(minor)) return [undefined, 'no version found'];
  const where = version === built ? scrape!.file : `${nodes!.file} (kubelets)`;
  const known = kubernetesReleases.filter((release) => Number(release.split('.')[1]) <= minor);
  const release = known.at(-1) ?? kubernetesReleases[0];
  const exact = release === `1.${minor}`;
  return [release, `${where}: ${version}${exact ? '' : `; ${release} is the nearest release that the model knows`}`];
}

/** Static pods of the API server, when there are any; they must agree. */
function flagsOfPods({ pods }: Evidence): Evidence['flags'] {
  const first = pods?.value.find(({ apiServerFlags }) => apiServerFlags !== undefined);
  return first === undefined ? undefined : { value: first.apiServerFlags!, file: pods!.file };
}

/** Gates that the page says and that are not as the release has them. */
function gatesOf({ scrape }: Evidence, release: KubernetesRelease | undefined): Readonly<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  const usual = gatesOn(release ?? defaultRelease, {});
  for (const { labels, value } of scrape?.samples.get('kubernetes_feature_enabled') ?? []) {
    const name = labels['name'] ?? '';
    const isOn = value === 1;
    if (isOn !== usual.has(name) && gateProblem(release ?? defaultRelease, name, isOn) === undefined)
      found[name] = isOn;
  }
  return found;
}

function gatesOfText(text: string | undefined): Readonly<Record<string, boolean>> {
  const pairs = (text ?? '').split(',').filter((pair) => /^\w+=(true|false)$/i.test(pair));
  return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0]!, /=true$/i.test(pair)]));
}

function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d{1,12}(\.\d+)?$/.test(text) ? Number(text) : text;
}

function sameAs<T, D extends { readonly metadata: { readonly name: string } }>(
  known: readonly (T & { readonly name: string })[],
  parse: (one: D) => unknown,
): (one: D) => boolean {
  const byName = new Map(known.map((one) => [one.name, canonicalJson(one)]));
  return (one) => byName.get(one.metadata.name) === canonicalJson(parse(one));
}
