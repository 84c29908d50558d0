/** Calls as they come from outside: nothing is taken on trust but its form, and the form is checked here. */
import type { DrillCall, FacilitatorCommand } from './drill-messages.ts';

/** Characters of the longest text in a call; the session cuts lines shorter than that. */
const longestText = 2000;

/** The call of this kind with this body. Throws RangeError that says what is wrong with it. */
export function readDrillCall(kind: string, body: unknown): DrillCall {
  const from = fieldsOf(body, 'the call');
  switch (kind) {
    case 'join':
      return { kind, code: textOf(from, 'code'), seat: optionalText(from, 'seat') };
    case 'leave':
      return { kind, token: textOf(from, 'token') };
    case 'enter':
      return { kind, token: textOf(from, 'token'), deed: deedOf(from['deed']) };
    case 'push':
      return {
        kind,
        token: textOf(from, 'token'),
        button: textOf(from, 'button'),
        cluster: optionalText(from, 'cluster'),
      };
    case 'complete':
      return { kind, token: textOf(from, 'token'), line: textOf(from, 'line') };
    case 'facilitate':
      return { kind, token: textOf(from, 'token'), command: commandOf(from['command']) };
    default:
      throw new RangeError(
        `drill: expected a call join, leave, enter, push, complete or facilitate, got "${kind.slice(0, 40)}"`,
      );
  }
}

type Fields = Readonly<Record<string, unknown>>;

function deedOf(given: unknown): Extract<DrillCall, { readonly kind: 'enter' }>['deed'] {
  const from = fieldsOf(given, 'deed');
  switch (from['kind']) {
    case 'line':
      return { kind: 'line', line: textOf(from, 'line') };
    case 'interrupt':
      return { kind: 'interrupt' };
    case 'acknowledge':
      return { kind: 'acknowledge', alert: textOf(from, 'alert') };
    default:
      throw new RangeError('drill: deed: expected the kind line, interrupt or acknowledge');
  }
}

function commandOf(given: unknown): FacilitatorCommand {
  const from = fieldsOf(given, 'command');
  switch (from['kind']) {
    case 'begin':
    case 'pause':
    case 'resume':
    case 'end':
      return { kind: from['kind'] };
    case 'note':
    case 'message':
      return { kind: from['kind'], text: textOf(from, 'text') };
    case 'hint':
      return { kind: 'hint', to: optionalText(from, 'to'), text: optionalText(from, 'text') };
    case 'free':
      return { kind: 'free', seat: textOf(from, 'seat') };
    case 'speed': {
      const { speed } = from;
      if (typeof speed === 'number' && speed >= slowest && speed <= fastest) return { kind: 'speed', speed };
      throw new RangeError(
        `drill: speed: expected ${slowest} to ${fastest} simulated seconds in a second, got ${String(speed)}`,
      );
    }
    case 'fault':
      // What a fault may be is for the run to say, which checks it as it checks documents.
      return {
        kind: 'fault',
        fault: fieldsOf(from['fault'], 'fault') as Extract<FacilitatorCommand, { readonly kind: 'fault' }>['fault'],
      };
    default:
      throw new RangeError(
        'drill: command: expected begin, pause, resume, speed, fault, hint, message, note, free or end',
      );
  }
}

/** Simulated seconds in a second. */
const slowest = 0.1;
const fastest = 1000;

function fieldsOf(given: unknown, what: string): Fields {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Fields;
  throw new RangeError(`drill: ${what}: expected an object, got ${Array.isArray(given) ? 'a list' : typeof given}`);
}

function textOf(from: Fields, key: string): string {
  const text = optionalText(from, key);
  if (text === undefined) throw new RangeError(`drill: ${key}: expected a text, got none`);
  return text;
}

function optionalText(from: Fields, key: string): string | undefined {
  const given = from[key];
  if (given === undefined) return undefined;
  if (typeof given !== 'string') throw new RangeError(`drill: ${key}: expected a text, got ${typeof given}`);
  if (given.length > longestText) {
    throw new RangeError(`drill: ${key}: expected at most ${longestText} characters, got ${given.length}`);
  }
  return given;
}
