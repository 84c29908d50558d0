/**
 * Flags of kube-apiserver: from a command line, from lines of flags, from the command of a static pod. Only flags that set
 * something in the model are kept; of the others the name alone, since their values name files, addresses and keys.
 */
import { apiServerFlags } from '../kubernetes/profiles/api-server-flags.ts';
import type { Cursor } from './cursor.ts';
import { refusal } from './input.ts';

/** Flags that the model reads as they were written, by name; names of the others. */
export interface FlagValues {
  readonly known: Readonly<Record<string, string>>;
  readonly dropped: readonly string[];
}

/** What a file of flags says. */
export interface FlagsPart {
  readonly kind: 'flags';
  readonly file: string;
  readonly flags: FlagValues;
}

/** Upper bound of a flag's value; the longest known ones are lists of feature gates. */
const longestValue = 10_000;

const knownNames: ReadonlySet<string> = new Set(
  apiServerFlags.filter(({ models }) => models !== undefined).map(({ name }) => name),
);

/** Reads a command line or lines of flags; a line that is neither is refused. */
export function readFlags(file: string, text: string): FlagsPart {
  const found = new Collection(file);
  text.split('\n').forEach((line, index) => {
    const words = wordsOf(line.replace(/\\\s*$/, '').replace(/^\s*-\s+/, ''), file, index + 1);
    for (const word of words) found.add(word, index + 1);
  });
  if (found.count === 0) throw refusal(file, 'expected flags such as --max-requests-inflight=400, got none');
  return { kind: 'flags', file, flags: found.values() };
}

/** Flags of the command of a container; undefined when it is no kube-apiserver. */
export function flagsOfCommand(words: readonly Cursor[]): FlagValues | undefined {
  const first = words[0];
  if (first === undefined || !/(^|\/)(kube-apiserver|hyperkube)$/.test(String(first.value))) return undefined;
  const found = new Collection(first.origin);
  for (const word of words.slice(1)) {
    if (typeof word.value !== 'string') word.refuse('a flag as text');
    found.add(word.value as string, undefined);
  }
  return found.values();
}

class Collection {
  readonly #file: string;
  readonly #known = new Map<string, string>();
  readonly #dropped = new Set<string>();
  #pending: string | undefined;
  count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(word: string, line: number | undefined): void {
    const [, name, value] = /^--([a-z][a-z0-9-]{0,100})(?:=([^]*))?$/.exec(word) ?? [];
    if (name === undefined) {
      if (this.#pending !== undefined) this.#keep(this.#pending, word, line);
      else if (this.count > 0 || !/(^|\/)[\w.-]+$/.test(word))
        throw this.#refusal(
          `expected a flag such as --max-requests-inflight=400, got a text of ${word.length} characters`,
          line,
        );
      this.#pending = undefined;
      return;
    }
    this.count += 1;
    this.#pending = value === undefined ? name : undefined;
    this.#keep(name, value ?? 'true', line);
  }

  values(): FlagValues {
    return { known: Object.fromEntries(this.#known), dropped: [...this.#dropped].sort() };
  }

  #keep(name: string, value: string, line: number | undefined): void {
    if (!knownNames.has(name)) {
      this.#dropped.add(name);
      return;
    }
    if (value.length > longestValue) {
      throw this.#refusal(`--${name}: expected at most ${longestValue} characters, got ${value.length}`, line);
    }
    const earlier = this.#known.get(name);
    if (earlier !== undefined && earlier !== value && this.#pending !== name && earlier !== 'true') {
      throw this.#refusal(`--${name} stands twice with different values; leave one`, line);
    }
    this.#known.set(name, value);
  }

  #refusal(message: string, line: number | undefined): Error {
    return refusal(this.#file, message, line === undefined ? undefined : { line, column: 1 });
  }
}

/** Words of a line, quotes taken off. */
function wordsOf(line: string, file: string, number: number): readonly string[] {
  const words: string[] = [];
  let rest = line.trim();
  if (rest.startsWith('#')) return [];
  while (rest !== '') {
    const match = /^((?:[^\s"']|"[^"]*"|'[^']*')+)\s*/.exec(rest);
    if (match === null) throw refusal(file, 'a quotation mark is not closed', { line: number, column: 1 });
    words.push(match[1]!.replace(/["']/g, ''));
    rest = rest.slice(match[0].length);
  }
  return words;
}
