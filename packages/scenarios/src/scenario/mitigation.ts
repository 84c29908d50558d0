import { enablePatches, produceWithPatches, type Draft } from 'immer';
import { differenceLines } from './difference.ts';
import { DocumentError } from './document-error.ts';
import { formatTime } from './format.ts';
import { didYouMean } from './nearest-name.ts';
import { orList } from './wording.ts';
import type { ScenarioDocument } from './document.ts';
import { readTime, type Reading } from './units.ts';

/**
 * Mitigations: named, parameterised changes to a scenario document. A recipe edits a draft; immer's patches of that edit are
 * the description of what the mitigation does, so the description cannot disagree with the deed.
 */

/**
 * What a parameter may be. A duration is handed to the recipe as a document writes it ("30 min"), a share as 0..1, names as
 * a list split at "/".
 */
export type MitigationParameter =
  | { readonly kind: 'duration'; readonly default: string; readonly description: string }
  | { readonly kind: 'count'; readonly default: number; readonly description: string }
  | { readonly kind: 'number'; readonly default: number; readonly description: string }
  | { readonly kind: 'share'; readonly default: number; readonly description: string }
  | { readonly kind: 'text'; readonly default: string; readonly description: string }
  | {
      readonly kind: 'names';
      readonly default: readonly string[];
      /** Names that are known; default any. */
      readonly options?: readonly string[];
      readonly description: string;
    }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly options: readonly string[];
      readonly description: string;
    };

/** Parameters by name. */
export type MitigationParameters = Readonly<Record<string, MitigationParameter>>;

/** The values a recipe receives for its parameters. */
export type ParameterValues<P extends MitigationParameters> = {
  readonly [Name in keyof P]: P[Name]['kind'] extends 'count' | 'number' | 'share'
    ? number
    : P[Name]['kind'] extends 'names'
      ? readonly string[]
      : string;
};

/** Values by parameter name, where the parameters are not known to the compiler. */
export type MitigationValues = Readonly<Record<string, string | number | readonly string[]>>;

/** A document while a recipe edits it: the same data, to be changed in place. */
export type ScenarioDraft = Draft<ScenarioDocument>;

/** Themes of mitigations, in the order in which lists show them. */
export const mitigationThemes = [
  'rollout',
  'agents',
  'flow control',
  'control plane',
  'clusters',
  'dns',
  'data plane',
  'people',
] as const;

/** A theme of mitigations. */
export type MitigationTheme = (typeof mitigationThemes)[number];

/** Themes as headings. */
export const themeTitles: Readonly<Record<MitigationTheme, string>> = {
  rollout: 'How the change goes out',
  agents: 'What the agents ask, and when',
  'flow control': 'Whom the API servers serve first',
  'control plane': 'Machines and releases of the control plane',
  clusters: 'How large clusters are',
  dns: 'Names',
  'data plane': 'Services and their instances',
  people: 'What people see, reach and do',
};

/** What `defineMitigation` asks for. */
export interface MitigationDefinition<P extends MitigationParameters> {
  /** Kebab case, as typed on the command line. */
  readonly id: string;
  /** The part of the world it changes, under which lists show it. */
  readonly theme: MitigationTheme;
  readonly title: string;
  /** The mechanism, in one sentence. */
  readonly what: string;
  /** What it costs to have it. */
  readonly costs: string;
  /** What it does not help with. */
  readonly leavesOut: string;
  readonly parameters: P;
  /** Edits the draft in place. Must not depend on anything but its two arguments. */
  readonly apply: (draft: ScenarioDraft, values: ParameterValues<P>) => void;
}

/** A change that might have saved the day. */
export interface Mitigation extends Omit<MitigationDefinition<MitigationParameters>, 'apply'> {
  readonly apply: (draft: ScenarioDraft, values: MitigationValues) => void;
}

/** A mitigation and the values chosen for its parameters. */
export interface ChosenMitigation {
  readonly mitigation: Mitigation;
  readonly values: MitigationValues;
}

/** What was done to a document, for the result. */
export interface AppliedMitigation {
  readonly id: string;
  readonly title: string;
  readonly parameters: MitigationValues;
  /** Lines such as `rollout.waves[1].bake: (absent) -> "30 min"`; empty when it changes nothing here. */
  readonly difference: readonly string[];
}

/** A document after mitigations. */
export interface Mitigated {
  readonly document: ScenarioDocument;
  readonly applied: readonly AppliedMitigation[];
}

/** Checks a mitigation's own texts and defaults, and lets its recipe see typed values. Throws RangeError. */
export function defineMitigation<const P extends MitigationParameters>(
  definition: MitigationDefinition<P>,
): Mitigation {
  const part = `mitigation "${definition.id}"`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.id)) {
    throw new RangeError(`${part}: expected an id in kebab case`);
  }
  for (const [name, text] of Object.entries({ ...definition, parameters: undefined, apply: undefined })) {
    if (typeof text === 'string' && text.trim() === '') throw new RangeError(`${part}: ${name} must not be empty`);
  }
  for (const [name, parameter] of Object.entries(definition.parameters)) {
    const written = Array.isArray(parameter.default) ? parameter.default.join('/') : String(parameter.default);
    const reading = readValue(parameter, written);
    if (reading.problem !== undefined) throw new RangeError(`${part}: default of ${name}: ${reading.problem}`);
  }
  return Object.freeze(definition) as unknown as Mitigation;
}

/**
 * Reads `staged-rollout:bake=30min,waves=4+break-glass`. Parameters not named keep their defaults. Throws `DocumentError`
 * for an unknown mitigation or parameter, naming the nearest right one, and for a value of the wrong kind.
 */
export function parseMitigationList(text: string, known: readonly Mitigation[]): ChosenMitigation[] {
  return text.split('+').map((entry) => {
    const [id = '', ...rest] = entry.split(':');
    const mitigation = known.find((candidate) => candidate.id === id.trim());
    if (mitigation === undefined) throw unknownMitigation(id.trim(), known);
    return { mitigation, values: readParameters(mitigation, rest.join(':')) };
  });
}

/** Applies mitigations in the order given; each sees what the ones before it did. */
export function applyMitigations(document: ScenarioDocument, chosen: readonly ChosenMitigation[]): Mitigated {
  enablePatches();
  let current = document;
  const applied = chosen.map(({ mitigation, values }): AppliedMitigation => {
    const before = current;
    const [after, patches] = produceWithPatches(before, (draft) => mitigation.apply(draft, values));
    current = after;
    const { id, title } = mitigation;
    return { id, title, parameters: values, difference: differenceLines(before, patches) };
  });
  return { document: current, applied };
}

function readParameters(mitigation: Mitigation, text: string): MitigationValues {
  const values = new Map(Object.entries(mitigation.parameters).map(([name, parameter]) => [name, initial(parameter)]));
  const written = text.trim() === '' ? [] : text.split(',');
  for (const assignment of written) {
    const [name = '', ...rest] = assignment.split('=');
    const parameter = new Map(Object.entries(mitigation.parameters)).get(name.trim());
    if (parameter === undefined) throw unknownParameter(mitigation, name.trim());
    const reading = readValue(parameter, rest.join('=').trim());
    if (reading.problem !== undefined) throw refusal(`mitigation "${mitigation.id}"`, name.trim(), reading.problem);
    values.set(name.trim(), reading.value);
  }
  return Object.fromEntries(values);
}

function initial(parameter: MitigationParameter): string | number | readonly string[] {
  return parameter.default;
}

function readValue(parameter: MitigationParameter, text: string): Reading<string | number | readonly string[]> {
  switch (parameter.kind) {
    case 'duration':
      return readDuration(text);
    case 'count':
      return readNumber(text, 'a whole number such as 3', (value) => Number.isSafeInteger(value) && value >= 0);
    case 'number':
      return readNumber(text, 'a number such as 1.5', Number.isFinite);
    case 'share':
      return readShare(text);
    case 'names':
      return readNames(text, parameter.options);
    case 'choice':
      return parameter.options.includes(text)
        ? { value: text }
        : { problem: `expected ${orList(parameter.options)}, got "${text}"${didYouMean(text, parameter.options)}` };
    case 'text':
      return text === '' ? { problem: 'expected a text, got nothing' } : { value: text };
  }
}

function readDuration(text: string): Reading<string> {
  const reading = readTime(text);
  if (reading.problem !== undefined) {
    return { problem: `expected a duration such as 30min, got "${text}": ${reading.problem}` };
  }
  return reading.value < 0
    ? { problem: `expected a duration of at least 0 s, got "${text}"` }
    : { value: formatTime(reading.value) };
}

function readNames(text: string, options: readonly string[] | undefined): Reading<readonly string[]> {
  const names = text
    .split('/')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const wrong = options === undefined ? undefined : names.find((name) => !options.includes(name));
  return wrong === undefined || options === undefined
    ? { value: names }
    : { problem: `expected ${orList(options)}, got "${wrong}"${didYouMean(wrong, options)}` };
}

function readNumber(text: string, expected: string, isRight: (value: number) => boolean): Reading<number> {
  const value = text === '' ? NaN : Number(text);
  return isRight(value) ? { value } : { problem: `expected ${expected}, got "${text}"` };
}

function readShare(text: string): Reading<number> {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : text === '' ? NaN : Number(text);
  return value >= 0 && value <= 1 ? { value } : { problem: `expected a share such as 0.05 or 5%, got "${text}"` };
}

function unknownMitigation(id: string, known: readonly Mitigation[]): DocumentError {
  const ids = known.map((mitigation) => mitigation.id);
  const hint = didYouMean(id, ids);
  return refusal(`mitigation "${id}"`, '', `unknown mitigation${hint === '' ? `; known: ${ids.join(', ')}` : hint}`);
}

function unknownParameter(mitigation: Mitigation, name: string): DocumentError {
  const names = Object.keys(mitigation.parameters);
  const known = names.length === 0 ? '; it has none' : `; known: ${names.join(', ')}`;
  const hint = didYouMean(name, names);
  return refusal(`mitigation "${mitigation.id}"`, '', `unknown parameter "${name}"${hint === '' ? known : hint}`);
}

function refusal(origin: string, path: string, message: string): DocumentError {
  return new DocumentError(origin, [{ path, message }]);
}
