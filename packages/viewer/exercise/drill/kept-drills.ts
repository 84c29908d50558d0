/**
 * Drills that pages of this browser host, kept in the storage of the place that the page came from, so that one can be taken up
 * when its page was closed or loaded again. Kept are the order and what people did, nothing that is computed. Bounded: so many
 * drills, each of so many characters. Anything may stand there; what is read is checked here for its form, and by the engine
 * for its meaning.
 */
import { difficulties, mostTrainees, type DrillEntry } from '@brownout/scenarios';
import type { DrillOrder, KeptPast } from '../engine/drill-protocol.ts';

/** One of them. */
export interface KeptDrill {
  /** Name of the session, which tabs of their own know. */
  readonly session: string;
  readonly order: DrillOrder;
  readonly past: KeptPast;
  /** When it was kept last, in milliseconds as `Date.now` counts them. */
  readonly at: number;
}

/** What of the browser's storage is used. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Drills at most: the oldest goes when another one comes. */
export const mostKept = 3;
/** Characters of an order, and of what was done, at most: browsers give a place some five million. */
export const longestKept = 700_000;

const prefix = 'brownout-drill/';
const states: readonly KeptPast['state'][] = ['waiting', 'running', 'paused', 'over'];

/** The storage of this page; undefined where the browser does not let it have any. */
export function shelfOfPage(): Shelf | undefined {
  try {
    const shelf = globalThis.localStorage;
    const probe = `${prefix}probe`;
    shelf.setItem(probe, '1');
    shelf.removeItem(probe);
    return shelf;
  } catch {
    return undefined;
  }
}

/** Keeps the order of a drill that begins. False when it is not kept, for it is too long or there is no room. */
export function keepOrder(shelf: Shelf, session: string, order: DrillOrder, now: number): boolean {
  const others = readAll(shelf).filter((one) => one.session !== session);
  for (const one of others.slice(mostKept - 1)) forget(shelf, one.session);
  // Nothing has been done yet: there is nothing to take up.
  const isKept = put(shelf, `${prefix}${session}/order`, JSON.stringify(order));
  return isKept && put(shelf, `${prefix}${session}/past`, JSON.stringify({ at: now, past: null }));
}

/** Keeps what was done in it. False when it is not kept; without its order, which another drill may have displaced, it is of no use. */
export function keepPast(shelf: Shelf, session: string, past: KeptPast, now: number): boolean {
  if (shelf.getItem(`${prefix}${session}/order`) === null) return false;
  return put(shelf, `${prefix}${session}/past`, JSON.stringify({ at: now, past }));
}

/** Keeps it no longer. */
export function forget(shelf: Shelf, session: string): void {
  shelf.removeItem(`${prefix}${session}/order`);
  shelf.removeItem(`${prefix}${session}/past`);
}

/** All that can be taken up, the latest first; what is no drill is forgotten. */
export function keptDrills(shelf: Shelf): KeptDrill[] {
  return readAll(shelf).flatMap(({ past, ...others }) => (past === null ? [] : [{ ...others, past }]));
}

type KeptAtFirst = Omit<KeptDrill, 'past'> & { readonly past: KeptPast | null };

function readAll(shelf: Shelf): KeptAtFirst[] {
  const names = new Set<string>();
  for (let index = 0; index < shelf.length; index++) {
    const [, session] = /^brownout-drill\/([\w-]{1,40})\/(?:order|past)$/.exec(shelf.key(index) ?? '') ?? [];
    if (session !== undefined) names.add(session);
  }
  const found: KeptAtFirst[] = [];
  for (const session of names) {
    const drill = read(shelf, session);
    if (drill === undefined) forget(shelf, session);
    else found.push(drill);
  }
  return found.sort((one, other) => other.at - one.at);
}

function put(shelf: Shelf, key: string, text: string): boolean {
  try {
    if (text.length > longestKept) throw new RangeError('too long');
    shelf.setItem(key, text);
    return true;
  } catch {
    // What stood there before is not what there is now.
    shelf.removeItem(key);
    return false;
  }
}

function read(shelf: Shelf, session: string): KeptAtFirst | undefined {
  const order = parsed(shelf.getItem(`${prefix}${session}/order`));
  const kept = parsed(shelf.getItem(`${prefix}${session}/past`));
  if (!isOrder(order) || !isRecord(kept)) return undefined;
  const { at, past } = kept;
  if (typeof at !== 'number' || !(past === null || isPast(past))) return undefined;
  return { session, order, past, at };
}

function parsed(text: string | null): unknown {
  if (text === null || text.length > longestKept) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Data = Readonly<Record<string, unknown>>;

function isRecord(data: unknown): data is Data {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value));
}

function isOrder(data: unknown): data is DrillOrder {
  if (!isRecord(data)) return false;
  const { source, seed, trainees, difficulty, colleagues, hintsAllowed, speed, beginsAtOnce, code, facilitatorCode } =
    data;
  return (
    isSource(source) &&
    isText(seed, 100) &&
    Array.isArray(trainees) &&
    trainees.length <= mostTrainees &&
    trainees.every(isTrainee) &&
    difficulties.some(({ id }) => id === difficulty) &&
    (colleagues === 'by-difficulty' || colleagues === 'nobody') &&
    typeof hintsAllowed === 'boolean' &&
    isNumberOrAbsent(data['startSeconds']) &&
    isNumberOrAbsent(data['endSeconds']) &&
    typeof speed === 'number' &&
    speed >= 1 &&
    speed <= 1000 &&
    typeof beginsAtOnce === 'boolean' &&
    isText(code, 80) &&
    isText(facilitatorCode, 80)
  );
}

function isSource(data: unknown): boolean {
  if (!isRecord(data)) return false;
  if (data['kind'] === 'incident') return isText(data['id'], 100);
  return data['kind'] === 'text' && isText(data['name'], 200) && isText(data['text'], longestKept);
}

function isTrainee(data: unknown): boolean {
  if (!isRecord(data) || !isText(data['name'], 60) || !Array.isArray(data['roles'])) return false;
  return data['roles'].every((role) => isText(role, 60));
}

function isPast(data: unknown): data is KeptPast {
  if (!isRecord(data)) return false;
  const { log, untilSeconds, state, engine, digest } = data;
  return (
    Array.isArray(log) &&
    (log as readonly unknown[]).every((entry): entry is DrillEntry => isRecord(entry)) &&
    typeof untilSeconds === 'number' &&
    Number.isFinite(untilSeconds) &&
    states.some((one) => one === state) &&
    isText(engine, 40) &&
    isText(digest, 100)
  );
}
