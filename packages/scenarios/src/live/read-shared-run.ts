/** Reads a run that somebody sent, from the text of a link or of a file. */
import { longestLink, type SharedRun, sharedRunSchema } from './shared-run.ts';
import { checkedRun, longestFile } from './shared-run-schema.ts';

/** Keys of a link, each at most once, and those that may come again. */
const single = ['v', 'incident', 'name', 'text', 'seed', 'crew', 'until', 'log', 'engine', 'digest'] as const;
const lists = ['set', 'mitigate'] as const;

/** Every key once, and as many changes as a run may have. */
const mostPairs = 120;

/** Reads the text of a link, with or without what stands before it. Throws RangeError that says what is wrong with it. */
export function readLink(text: string): SharedRun {
  if (text.length > longestLink) {
    throw new RangeError(`link: expected at most ${longestLink} characters, got ${text.length}`);
  }
  const pairs = text.replace(/^[#?]+/, '').split('&');
  if (pairs.length > mostPairs) throw new RangeError(`link: expected at most ${mostPairs} parts, got ${pairs.length}`);
  const values = new Map<string, string[]>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    const isList = lists.some((name) => name === key);
    if (!isList && !single.some((name) => name === key)) throw new RangeError(`link: unknown key "${shown(key)}"`);
    const before = values.get(key) ?? [];
    if (!isList && before.length > 0) throw new RangeError(`link: the key "${key}" stands twice`);
    values.set(key, [...before, unescaped(key, pair.slice(equals + 1))]);
  }
  const one = (key: (typeof single)[number]): string | undefined => values.get(key)?.[0];
  if (one('v') !== '1') throw new RangeError(`link: expected v=1, got ${shown(one('v') ?? 'none')}`);
  const [incident, name, until, log] = [one('incident'), one('name'), one('until'), one('log')];
  if (incident !== undefined && (name !== undefined || one('text') !== undefined)) {
    throw new RangeError('link: expected an incident or a document, got both');
  }
  return checkedRun('link', {
    schema: sharedRunSchema,
    source: incident === undefined ? { kind: 'text', name, text: one('text') } : { kind: 'incident', id: incident },
    seed: one('seed'),
    assignments: values.get('set'),
    mitigations: values.get('mitigate'),
    crew: one('crew'),
    untilSeconds: until === undefined ? undefined : until === '' ? NaN : Number(until),
    actions: log === undefined ? undefined : jsonIn('link: log', log),
    engine: one('engine'),
    digest: one('digest'),
  });
}

/** Reads the text of such a file. Throws RangeError that says what is wrong with it. */
export function readRunFile(text: string): SharedRun {
  if (text.length > longestFile) {
    throw new RangeError(`file: expected at most ${longestFile} characters, got ${text.length}`);
  }
  return checkedRun('file', jsonIn('file', text));
}

function unescaped(key: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(`link: ${key}: malformed, "${shown(text)}"`);
  }
}

function jsonIn(where: string, text: string): unknown {
  try {
    const data: unknown = JSON.parse(text);
    return data;
  } catch {
    throw new RangeError(`${where}: malformed JSON`);
  }
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
