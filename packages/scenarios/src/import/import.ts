/** From files that a user saved to documents that can be replayed, and an account of what came from where. */
import { sourcesOf } from '../scenario/provenance.ts';
import type { ControlPlaneDocument } from '../scenario/control-plane/document.ts';
import { mixOf, type ClientMix } from './client-mix.ts';
import { controlPlaneOf } from './control-plane-of.ts';
import { combine, type Evidence, type ImportPart } from './evidence.ts';
import { redacted } from './redact.ts';
import { scenarioOf, type ShortDocument } from './scenario-of.ts';
import { isUpstreamName, type ImportedSettings, settingsOfEvidence } from './settings.ts';

/** What a user may choose. */
export interface ImportOptions {
  /** Seconds between two scrapes; default as the pages say. */
  readonly seconds?: number;
  /** Gives namespaces, accounts, agents, users, schemas and levels other names. Default false. */
  readonly redact?: boolean;
  /** The DaemonSet that the scenario rolls out, as `name` or `namespace/name`; default the template's agent. */
  readonly triggerDaemonSet?: string;
  /** Narrows an audit log to a stretch, in seconds from 1970; default between its two reads of /metrics, else all. */
  readonly window?: { readonly from: number; readonly to: number };
}

/** What became of the files. */
export interface ImportReport {
  /** Numbers that were imported, with file and query. */
  readonly imported: readonly {
    readonly document: string;
    readonly path: string;
    readonly text: string;
    readonly note: string;
  }[];
  /** Numbers that stay assumptions. */
  readonly assumed: readonly {
    readonly document: string;
    readonly path: string;
    readonly text: string;
    readonly note: string;
  }[];
  /** Requests that are not replayed. */
  readonly leftOut: ClientMix['leftOut'];
  /** What could not be determined, and notes on what was dropped. */
  readonly notes: readonly string[];
}

/** Documents and their account. */
export interface Imported {
  /** A scenario document for the template `telemetry-rollout`; undefined without nodes. */
  readonly scenario: ShortDocument | undefined;
  /** A control plane under the load that was seen; undefined without requests. */
  readonly controlPlane: ControlPlaneDocument | undefined;
  readonly report: ImportReport;
}

/** Builds documents from what files say. Throws `DocumentError` where they contradict each other. */
export function importCluster(parts: readonly ImportPart[], options: ImportOptions = {}): Imported {
  const whole = combine(parts, options.seconds);
  const evidence = options.redact === true ? redacted(whole, isUpstreamName) : whole;
  const trigger =
    options.redact === true ? renamedTrigger(whole, evidence, options.triggerDaemonSet) : options.triggerDaemonSet;
  const mix = mixOf(evidence, options.window);
  const settings = settingsOfEvidence(evidence);
  const loaded = controlPlaneOf(evidence, mix, settings);
  const scenario = scenarioOf(evidence, mix, settings, trigger);
  const entries = [
    ...(scenario === undefined ? [] : sourcesOf(scenario).map((entry) => ({ ...entry, document: 'scenario' }))),
    ...(loaded === undefined ? [] : sourcesOf(loaded.document).map((entry) => ({ ...entry, document: 'load' }))),
  ];
  const row = ({ document, path, text, note }: (typeof entries)[number]) => ({ document, path, text, note });
  return {
    scenario,
    controlPlane: loaded?.document,
    report: {
      imported: entries.filter(({ source }) => source !== 'assumed').map(row),
      assumed: entries.filter(({ source }) => source === 'assumed').map(row),
      leftOut: mix.leftOut,
      notes: [...(loaded?.costs.unknown ?? []), ...notesOn(evidence, settings, mix)],
    },
  };
}

/** The name typed is the real one; the document has the new one. */
function renamedTrigger(whole: Evidence, evidence: Evidence, wanted: string | undefined): string | undefined {
  const index = (whole.daemonSets?.value ?? []).findIndex(
    ({ namespace, name }) => name === wanted || `${namespace}/${name}` === wanted,
  );
  return index < 0 ? wanted : evidence.daemonSets!.value[index]!.name;
}

function notesOn(evidence: Evidence, settings: ImportedSettings, mix: ClientMix): readonly string[] {
  const notes: string[] = [];
  const { audit, pair, ignored } = evidence;
  if (settings.release !== undefined) notes.push(`Kubernetes ${settings.release}: ${settings.releaseNote}`);
  else notes.push('no version of Kubernetes was found: the profile of the documents is their default');
  if (settings.asUpstream > 0)
    notes.push(`${settings.asUpstream} flow schemas and priority levels are as upstream has them`);
  if (settings.droppedFlags.length > 0)
    notes.push(`flags that set nothing in the model, values not kept: ${settings.droppedFlags.join(', ')}`);
  const kinds = Object.entries(ignored).map(([kind, count]) => `${count} ${kind}`);
  if (kinds.length > 0) notes.push(`objects that were not read: ${kinds.join(', ')}`);
  if (audit !== undefined && audit.repeated > 0)
    notes.push(`${audit.repeated} events of ${audit.file} stand there twice and count once`);
  if (mix.window !== undefined)
    notes.push(`rates are those of ${Number(mix.window.seconds.toPrecision(4))} s: ${mix.window.note}`);
  if (audit !== undefined && pair !== undefined) notes.push(...disagreements(mix, evidence));
  if (audit !== undefined)
    notes.push('encodings and compression of answers are in no file: JSON without gzip is taken');
  return notes;
}

/** Where the audit log and the metrics of the same time count differently, one of them leaves something out. */
function disagreements(mix: ClientMix, { pair, audit }: Evidence): readonly string[] {
  const metricVerbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', APPLY: 'patch' };
  return pair!.requests.flatMap(({ verb, resource, subresource, count }) => {
    if (subresource !== '' || count < 10) return [];
    const id = `${metricVerbs[verb] ?? verb.toLowerCase()} ${resource}`;
    const other = mix.seen.get(id) ?? 0;
    const isNear = Math.abs(other - count) <= Math.max(3, 0.1 * count);
    return isNear
      ? []
      : [
          `${id}: ${count} in ${pair!.after.file}, ${other} in ${audit!.file}: not the same stretch of time, or one leaves some out`,
        ];
  });
}
