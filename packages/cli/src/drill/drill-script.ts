/**
 * A drill played from a file: who takes part and what they do when, as YAML or JSON. Strict: an unknown key or a time without
 * a unit is refused with its place in the file. Nothing in it says what comes of it.
 *
 *     trainees: { ana: [platform], bo: [commander, networking] }
 *     until: 2 h
 *     actions:
 *       - { at: 22 min, by: bo, line: pipeline stop }
 *       - { after: 30 s, by: ana, line: kubectl --context large-1 get nodes }
 */
import {
  DocumentError,
  loadDocument,
  longestLine,
  mostEntries,
  mostTrainees,
  readTime,
  type DifficultyId,
  type DrillSetup,
  type Facilitation,
  type TraineeDeed,
  type FaultDocument,
} from '@brownout/scenarios';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../input-error.ts';

/** When something is done: at a time, in seconds after the trigger, or so long after the command before has come back. */
export type ScriptMoment = { readonly at: number } | { readonly after: number };

/** Something that somebody does. */
export interface ScriptAction {
  readonly moment: ScriptMoment;
  /** Absent: the only trainee, or the facilitator for what only that one can do. */
  readonly by: string | undefined;
  readonly deed: TraineeDeed | Facilitation;
  /** Where it stands, for messages: `actions[3]`. */
  readonly place: string;
}

/** A script, read. */
export interface DrillScript {
  /** What it says of the setup. */
  readonly setup: Partial<Omit<DrillSetup, 'document'>>;
  readonly actions: readonly ScriptAction[];
}

/** Larger files are refused unread. */
const largestScript = 1_000_000;

const setupKeys = ['trainees', 'difficulty', 'colleagues', 'seed', 'start', 'until', 'hints', 'actions'];
const deedKeys = ['line', 'push', 'interrupt', 'acknowledge', 'note', 'message', 'hint', 'fault'];
const actionKeys = ['at', 'after', 'by', 'cluster', 'to', ...deedKeys];

/** Reads a file. Throws `InputError`, or `DocumentError` for malformed text. */
export async function readScript(name: string, folder: string): Promise<DrillScript> {
  const path = resolve(folder, name);
  const size = await stat(path).then(
    (one) => one.size,
    () => undefined,
  );
  if (size === undefined) throw new InputError(`cannot read "${name}": no such file`);
  if (size > largestScript) throw new InputError(`cannot read "${name}": larger than ${largestScript / 1e6} MB`);
  const { data } = await loadDocument(await readFile(path, 'utf8'), name);
  return scriptOf(data, name);
}

/** Reads what a file holds. Throws `DocumentError` with every problem. */
export function scriptOf(data: unknown, origin: string): DrillScript {
  const reader = new ScriptReader();
  const script = reader.script(data);
  if (reader.problems.length > 0) throw new DocumentError(origin, reader.problems);
  return script;
}

type Keyed = Readonly<Record<string, unknown>>;

class ScriptReader {
  readonly problems: { readonly path: string; readonly message: string }[] = [];

  script(data: unknown): DrillScript {
    const whole = this.#keyed(data, '', setupKeys);
    const actions = whole['actions'] ?? [];
    if (!Array.isArray(actions)) this.#refuse('actions', 'a list', actions);
    const list: readonly unknown[] = Array.isArray(actions) ? actions : [];
    if (list.length > mostEntries) this.#refuse('actions', `at most ${mostEntries} entries`, list.length);
    const trainees = this.#trainees(whole['trainees']);
    const difficulty = whole['difficulty'];
    return {
      setup: {
        ...(trainees === undefined ? {} : { trainees }),
        ...(difficulty === undefined
          ? {}
          : { difficulty: this.#oneOf(difficulty, 'difficulty', ['guided', 'standard', 'expert']) as DifficultyId }),
        ...(whole['colleagues'] === undefined
          ? {}
          : { colleagues: this.#oneOf(whole['colleagues'], 'colleagues', ['by-difficulty', 'nobody']) as 'nobody' }),
        ...(whole['seed'] === undefined ? {} : { seed: this.#seed(whole['seed']) }),
        ...this.#optional('startSeconds', this.#time(whole['start'], 'start')),
        ...this.#optional('endSeconds', this.#time(whole['until'], 'until')),
        ...(whole['hints'] === undefined ? {} : { hintsAllowed: whole['hints'] === true }),
      },
      actions: list.slice(0, mostEntries).map((one, index) => this.#action(one, `actions[${index}]`)),
    };
  }

  #action(data: unknown, place: string): ScriptAction {
    const one = this.#keyed(data, place, actionKeys);
    const at = this.#time(one['at'], `${place}.at`);
    const after = this.#time(one['after'], `${place}.after`);
    if ((one['at'] === undefined) === (one['after'] === undefined)) {
      this.#refuse(place, 'one of at and after', one['at'] === undefined ? 'neither' : 'both');
    }
    if (after !== undefined && after < 0) this.#refuse(`${place}.after`, 'a time of 0 s or more', `${after} s`);
    const { by } = one;
    if (by !== undefined && typeof by !== 'string') this.#refuse(`${place}.by`, 'a name', by);
    const moment = after === undefined ? { at: at ?? 0 } : { after };
    return { moment, by: typeof by === 'string' ? by : undefined, deed: this.#deed(one, place), place };
  }

  #deed(one: Keyed, place: string): TraineeDeed | Facilitation {
    const named = deedKeys.filter((key) => one[key] !== undefined);
    const [kind] = named;
    if (named.length !== 1) {
      this.#refuse(place, `one of ${deedKeys.join(', ')}`, named.length === 0 ? 'none' : named.join(' and '));
    }
    const text = (key: string): string => this.#text(one[key], `${place}.${key}`);
    const cluster = one['cluster'] === undefined ? {} : { cluster: text('cluster') };
    switch (kind) {
      case 'push':
        return { kind: 'button', button: text('push'), ...cluster };
      case 'interrupt':
        return { kind: 'interrupt' };
      case 'acknowledge':
        return { kind: 'acknowledge', alert: text('acknowledge') };
      case 'note':
      case 'message':
        return { kind, text: text(kind) };
      case 'hint':
        return {
          kind,
          ...(one['to'] === undefined ? {} : { to: text('to') }),
          ...(typeof one['hint'] === 'string' ? { text: text('hint') } : {}),
        };
      case 'fault':
        return { kind, fault: one['fault'] as FaultDocument };
      default:
        return { kind: 'line', line: kind === undefined ? '' : text(kind) };
    }
  }

  #trainees(data: unknown): DrillSetup['trainees'] | undefined {
    if (data === undefined) return undefined;
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      this.#refuse('trainees', 'names with their roles, such as { ana: [platform] }', data);
      return undefined;
    }
    return Object.entries(data as Keyed)
      .slice(0, mostTrainees + 1)
      .map(([name, roles]) => {
        const isList = Array.isArray(roles) && roles.every((role) => typeof role === 'string');
        if (!isList) this.#refuse(`trainees.${name}`, 'a list of roles', roles);
        return { name, roles: isList ? roles : [] };
      });
  }

  #seed(value: unknown): string {
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    this.#refuse('seed', 'a text or a number', value);
    return '1';
  }

  #time(value: unknown, place: string): number | undefined {
    if (value === undefined) return undefined;
    const reading = typeof value === 'string' ? readTime(value) : { problem: 'a time has a unit' };
    if (reading.problem === undefined) return reading.value / 1_000_000;
    this.#refuse(place, 'a time such as "22 min"', value, reading.problem);
    return undefined;
  }

  #text(value: unknown, place: string): string {
    if (typeof value === 'string' && value.length <= longestLine) return value;
    this.#refuse(place, `a text of at most ${longestLine} characters`, value);
    return '';
  }

  #oneOf(value: unknown, place: string, names: readonly string[]): string {
    if (typeof value === 'string' && names.includes(value)) return value;
    this.#refuse(place, names.join(', '), value);
    return names[0]!;
  }

  #optional(key: 'startSeconds' | 'endSeconds', value: number | undefined): Partial<DrillSetup> {
    return value === undefined ? {} : { [key]: value };
  }

  #keyed(data: unknown, place: string, keys: readonly string[]): Keyed {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      this.#refuse(place, 'keys and values', data);
      return {};
    }
    for (const key of Object.keys(data)) {
      if (!keys.includes(key)) this.#refuse(place === '' ? key : `${place}.${key}`, keys.join(', '), `"${key}"`);
    }
    return data as Keyed;
  }

  #refuse(path: string, expected: string, got: unknown, why = ''): void {
    const shown = typeof got === 'string' ? got : (JSON.stringify(got) ?? String(got));
    const reason = why === '' ? '' : `: ${why}`;
    this.problems.push({ path, message: `expected ${expected}, got ${shown.slice(0, 80)}${reason}` });
  }
}
