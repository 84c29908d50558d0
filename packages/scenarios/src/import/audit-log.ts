/**
 * An audit log of the API server, one event per line: who asks for what, how often, in which form, and how long it took. Kept are
 * counts by kind of request. Bodies, annotations, addresses, names of objects and identifiers are not.
 */
import { epochOf } from '../scenario/clock.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { Cursor } from './cursor.ts';
import { plainJson, refusal } from './input.ts';

/** Requests of one kind from one kind of client. */
export interface AuditGroup {
  /** First word of the user agent, such as `kubelet/v1.31.14`. */
  readonly userAgent: string;
  /** Full user name; the nodes are `system:node:{n}`. */
  readonly user: string;
  /** Whether the user is one of `system:masters`. */
  readonly isMaster: boolean;
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly resourceVersion: 'unset' | '0' | 'other';
  readonly limit: number;
  readonly selector: 'none' | 'name' | 'node' | 'scanned';
  readonly requests: readonly AuditRequest[];
  /** Different users behind it: how many nodes, for those. */
  readonly users: number;
}

/** One request. */
export interface AuditRequest {
  /** Seconds from 1970 when it was received. */
  readonly at: number;
  /** Seconds inside the server. */
  readonly seconds: number;
  readonly code: number;
}

/** What a log says. */
export interface AuditPart {
  readonly kind: 'audit';
  readonly file: string;
  readonly groups: readonly AuditGroup[];
  /** Moments at which somebody read /metrics, in seconds from 1970. */
  readonly scrapes: readonly number[];
  readonly repeated: number;
  /** Of the first and the last request. */
  readonly from: number;
  readonly to: number;
}

type Open = Omit<AuditGroup, 'requests' | 'users'> & { readonly requests: AuditRequest[]; readonly names: Set<string> };

/** Reads a log. Throws `DocumentError` with the number of the line that is wrong. */
export function readAuditLog(file: string, text: string): AuditPart {
  const groups = new Map<string, Open>();
  const seen = new Set<string>();
  const scrapes: number[] = [];
  let repeated = 0;
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    inLine(file, index + 1, () => {
      const event = eventOf(file, line);
      const stage = event.key('stage').name();
      if (stage === 'RequestReceived' || stage === 'ResponseStarted') return;
      const id = event.key('auditID').name();
      if (seen.has(id)) repeated += 1;
      else {
        seen.add(id);
        keep(event, groups, scrapes);
      }
    });
  });
  if (seen.size === 0) {
    throw refusal(file, 'expected events of stage ResponseComplete, got none; the policy must not omit that stage');
  }
  const kept = [...groups.values()].map(({ names, ...group }) => ({ ...group, users: names.size }));
  const times = [...scrapes, ...kept.flatMap(({ requests }) => requests.map(({ at }) => at))];
  const [from, to] = times.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [Infinity, -Infinity]);
  return {
    kind: 'audit',
    file,
    groups: kept.sort((a, b) => b.requests.length - a.requests.length),
    scrapes,
    repeated,
    from: from!,
    to: to!,
  };
}

/** Gives errors the number of the line. */
function inLine(file: string, number: number, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const problems = error.problems.map((problem) => ({
      ...problem,
      position: { line: number, column: problem.position?.column ?? 1 },
    }));
    throw new DocumentError(file, problems);
  }
}

function eventOf(file: string, line: string): Cursor {
  const event = new Cursor(file, plainJson(file, line));
  if (event.key('kind').value !== 'Event' || !String(event.key('apiVersion').value).startsWith('audit.k8s.io/')) {
    event.key('kind').refuse('an audit event (kind "Event" of audit.k8s.io)');
  }
  return event;
}

function keep(event: Cursor, groups: Map<string, Open>, scrapes: number[]): void {
  const [path = '', query = ''] = uriOf(event.key('requestURI')).split('?', 2);
  const at = timeAt(event.key('requestReceivedTimestamp'));
  const seconds = timeAt(event.key('stageTimestamp')) - at;
  if (seconds < 0) event.key('stageTimestamp').refuse('a time not before requestReceivedTimestamp');
  if (path === '/metrics') scrapes.push(at);
  const named = event.key('objectRef');
  const user = event.key('user').key('username').name();
  const isNode = user.startsWith('system:node:');
  const parameters = parametersOf(query);
  const group: Open = {
    userAgent: (event.key('userAgent').nameIfAny() ?? 'unknown').split(' ', 1)[0]!,
    user: isNode ? 'system:node:{n}' : user,
    isMaster: event
      .key('user')
      .key('groups')
      .itemsIfAny()
      .some(({ value }) => value === 'system:masters'),
    verb: event.key('verb').name(),
    resource: named.key('resource').nameIfAny() ?? '',
    subresource: named.key('subresource').nameIfAny() ?? '',
    resourceVersion: versionOf(parameters.get('resourceVersion')),
    limit: limitOf(parameters.get('limit'), event),
    selector: selectorOf(parameters),
    requests: [],
    names: new Set(),
  };
  const { requests: _, names: __, ...identity } = group;
  const key = JSON.stringify(identity);
  const known = groups.get(key) ?? group;
  groups.set(key, known);
  known.requests.push({ at, seconds, code: codeOf(event.key('responseStatus').key('code')) });
  known.names.add(user);
}

function uriOf(place: Cursor): string {
  if (typeof place.value !== 'string' || !place.value.startsWith('/') || place.value.length > 100_000) {
    return place.refuse('a path such as /api/v1/pods');
  }
  return place.value;
}

function codeOf(place: Cursor): number {
  return place.isAbsent ? 0 : place.amount();
}

function timeAt(place: Cursor): number {
  const text = place.name();
  const [, fraction = ''] = /\.(\d{1,9})(?:Z|[-+])/.exec(text) ?? [];
  try {
    return epochOf(text) + (fraction === '' ? 0 : Number(`0.${fraction}`));
  } catch {
    return place.refuse('a time such as 2026-11-23T10:54:22.444829Z');
  }
}

/** Parameters of a query by name; the last one counts. Values that cannot be decoded stay as they are. */
function parametersOf(query: string): ReadonlyMap<string, string> {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, decoded(value)] as const;
    });
  return new Map(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function versionOf(text: string | undefined): AuditGroup['resourceVersion'] {
  if (text === undefined || text === '') return 'unset';
  return text === '0' ? '0' : 'other';
}

function limitOf(text: string | undefined, event: Cursor): number {
  if (text === undefined) return 0;
  if (!/^\d{1,9}$/.test(text)) return event.key('requestURI').refuse('a limit that is a number');
  return Number(text);
}

function selectorOf(parameters: ReadonlyMap<string, string>): AuditGroup['selector'] {
  const field = parameters.get('fieldSelector') ?? '';
  if (field.startsWith('metadata.name=')) return 'name';
  if (field.startsWith('spec.nodeName=')) return 'node';
  return field !== '' || (parameters.get('labelSelector') ?? '') !== '' ? 'scanned' : 'none';
}
