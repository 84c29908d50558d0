import {
  applyMitigations,
  documentHash,
  mitigations,
  parseMitigationList,
  parseScenario,
  readTime,
  spanText,
  type AppliedMitigation,
  type Scenario,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { assignAll } from './assign-all.ts';
import type { NamedDocument } from './document-file.ts';
import { InputError } from './input-error.ts';
import { defaultFolder, type Counterpart } from './output-folder.ts';
import type { ReplayOptions } from './program.ts';
import { readReplications } from './read-options.ts';
import type { StudyOptions } from './study-options.ts';

/** From what was typed to what will be run. All bad input is found here, before anything is written or simulated. */

/** One run, ready to start. */
export interface ReplayPlan {
  readonly seed: string;
  /** The document after `--set`, `--no-trigger` and mitigations. */
  readonly document: ScenarioDocument;
  readonly scenario: Scenario;
  readonly applied: readonly AppliedMitigation[];
  /** What `--set` and `--no-trigger` changed, as difference lines. */
  readonly changes: readonly string[];
  /** Seconds after the trigger at which the run ends. */
  readonly endSeconds: number;
  /** Where the result goes. */
  readonly folder: string;
  /** The same run without the mitigations, and where replay would have put it; undefined when nothing is mitigated. */
  readonly baseline: { readonly folder: string; readonly wanted: Counterpart } | undefined;
}

/** Reads everything that was typed. Throws `InputError` or `DocumentError`. */
export function planReplay(named: NamedDocument, name: string, options: ReplayOptions): ReplayPlan {
  const seed = readSeed(options.seed);
  const chosen = options.mitigate.flatMap((list) => parseMitigationList(list, mitigations));
  parseScenario(named.document, named.origin);
  const { document: baseline, changes } = assignAll(named.document, options);
  const { document, applied } = applyMitigations(baseline, chosen);
  const scenario = parseScenario(document, [name, ...applied.map(({ id }) => id)].join(' + '));
  const endSeconds = readUntil(options.until, scenario);
  // Many runs have a folder of their own, whatever their number, so that more may be asked for later.
  const isMany = (readReplications(options.replications) ?? 1) > 1;
  const words = [...changeWords(options), ...(isMany ? ['replications'] : [])];
  const hasOwnValues = options.mitigate.some((list) => list.includes(':'));
  const folderOf = (one: ScenarioDocument, mitigationIds: readonly string[], needsHash: boolean): string => {
    const hash = needsHash || !named.isIncident || options.set.length > 0 ? [documentHash(one).slice(0, 8)] : [];
    return defaultFolder({ scenario: scenario.id, seed, mitigationIds, changes: [...words, ...hash] });
  };
  const mitigationIds = applied.map(({ id }) => id);
  const wanted = { documentHash: documentHash(baseline), seed, endSeconds };
  return {
    seed,
    document,
    scenario,
    applied,
    changes,
    endSeconds,
    folder: options.out ?? folderOf(document, mitigationIds, hasOwnValues),
    baseline: applied.length === 0 ? undefined : { folder: folderOf(baseline, [], false), wanted },
  };
}

/** Options that change a run, as words of its folder's name. */
export function changeWords({ trigger, until }: Pick<StudyOptions, 'trigger' | 'until'>): string[] {
  return [...(trigger ? [] : ['no-trigger']), ...(until === undefined ? [] : [`until-${until.replace(/\s/g, '')}`])];
}

/** `--seed` as typed. */
export function readSeed(text: string): string {
  if (/^[\x21-\x7e]{1,64}$/.test(text)) return text;
  throw new InputError(`--seed: expected 1 to 64 printable characters without spaces, got ${JSON.stringify(text)}`);
}

/** `--until` as typed, in seconds after the trigger; default the end of the horizon. */
export function readUntil(text: string | undefined, scenario: Scenario): number {
  const [start, end] = [scenario.horizon.start / 1_000_000, scenario.horizon.end / 1_000_000];
  if (text === undefined) return end;
  const got = `got ${JSON.stringify(text)}`;
  const reading = readTime(text);
  if (reading.problem !== undefined) {
    throw new InputError(`--until: expected a time after the trigger such as 2h, ${got}: ${reading.problem}`);
  }
  const seconds = reading.value / 1_000_000;
  if (seconds > start && seconds <= end) return seconds;
  throw new InputError(
    `--until: the scenario runs from ${spanText(start)} to ${spanText(end)} after the trigger, ${got}`,
  );
}
