/**
 * Who asks for what: from an audit log, or without one from request counts of two scrapes or from rates of Prometheus. What cannot
 * be replayed is listed with the reason, never dropped in silence.
 */
import type { RequestDocument } from '../scenario/control-plane/document.ts';
import type { AuditGroup, AuditPart, AuditRequest } from './audit-log.ts';
import type { Evidence } from './evidence.ts';

/** A stretch of time that rates are taken over. */
export interface Window {
  /** Seconds from 1970; undefined when only the length is known. */
  readonly from: number | undefined;
  readonly seconds: number;
  readonly note: string;
}

/** Clients that ask for one thing. */
export interface MixedClient {
  readonly name: string;
  /** `leases`: renewals by kubelets; `agents`: one on every node; `stream`: a rate, whoever it is. */
  readonly kind: 'stream' | 'agents' | 'leases';
  readonly user: string;
  readonly groups: readonly string[];
  readonly request: RequestDocument;
  /** Requests of the window. */
  readonly requests: number;
  /** Of a stream over the whole window; of agents and leases while they run. */
  readonly perSecond: number;
  /** Clients behind it, 1 where they cannot be told apart. */
  readonly count: number;
  /** Median seconds inside the server of those that went well, and how many; undefined where that is not known. */
  readonly duration: { readonly median: number; readonly count: number } | undefined;
  /** File and what was counted. */
  readonly note: string;
}

/** Requests that are not replayed. */
export interface LeftOut {
  readonly what: string;
  readonly requests: number;
  readonly reason: string;
}

/** Clients, and what is not among them. */
export interface ClientMix {
  readonly window: Window | undefined;
  readonly clients: readonly MixedClient[];
  readonly leftOut: readonly LeftOut[];
  /** All requests of the window, replayed or not, by verb and resource. */
  readonly seen: ReadonlyMap<string, number>;
}

/** Fewer requests than these in a window say nothing about a rate. */
const fewestRequests = 3;
/** A document has at most so many kinds of clients; the rarest are left out. */
const mostClients = 100;

const verbs: Readonly<Record<string, RequestDocument['verb']>> = {
  get: 'get',
  list: 'list',
  create: 'create',
  post: 'create',
  update: 'update',
  put: 'update',
  patch: 'patch',
  apply: 'patch',
  delete: 'delete',
};

/** Finds the clients of all evidence. `from` and `to`, in seconds from 1970, narrow the window of an audit log. */
export function mixOf(evidence: Evidence, narrowed?: { readonly from: number; readonly to: number }): ClientMix {
  const { audit, pair, rates } = evidence;
  if (audit !== undefined) return mixOfAudit(evidence, audit, narrowed);
  if (pair !== undefined) {
    const { seconds, before, after, clock } = pair;
    const window = { from: undefined, seconds, note: `between ${before.file} and ${after.file}: ${clock}` };
    const rows = pair.requests.map((row) => ({ ...row, perSecond: row.count / seconds, note: after.file }));
    return mixOfRates(rows, window);
  }
  if (rates === undefined) return { window: undefined, clients: [], leftOut: [], seen: new Map() };
  const rows = rates.rates.map((rate) => ({ ...rate, subresource: '', count: rate.perSecond * 600, note: rates.file }));
  const window = { from: undefined, seconds: 600, note: `${rates.file} says rates, not counts: ten minutes of them` };
  return mixOfRates(rows, window);
}

/** The time between two reads of /metrics, when the log has them; else all of the log. */
function windowOf(audit: AuditPart, narrowed: { readonly from: number; readonly to: number } | undefined): Window {
  if (narrowed !== undefined) {
    return { from: narrowed.from, seconds: narrowed.to - narrowed.from, note: `a part of ${audit.file}` };
  }
  const [first, last] = [Math.min(...audit.scrapes), Math.max(...audit.scrapes)];
  if (audit.scrapes.length === 2 && last - first > 1) {
    return { from: first, seconds: last - first, note: `${audit.file}, between its two reads of /metrics` };
  }
  return { from: audit.from, seconds: audit.to - audit.from, note: `${audit.file}, first to last request` };
}

function mixOfAudit(
  evidence: Evidence,
  audit: AuditPart,
  narrowed: { readonly from: number; readonly to: number } | undefined,
): ClientMix {
  const window = windowOf(audit, narrowed);
  const leftOut: LeftOut[] = [];
  const clients: MixedClient[] = [];
  if (!(window.seconds > 0)) return { window: undefined, clients, leftOut, seen: new Map() };
  const names = new Set<string>();
  const seen = new Map<string, number>();
  for (const group of audit.groups) {
    const inside = group.requests.filter(({ at }) => at >= window.from! && at <= window.from! + window.seconds);
    const id = `${verbs[group.verb] ?? group.verb} ${group.resource}`;
    seen.set(id, (seen.get(id) ?? 0) + inside.length);
    const reason = inside.length === 0 ? 'outside the window' : reasonAgainst(group, inside, clients.length);
    if (reason === undefined) clients.push(clientOf(evidence, group, inside, window, audit.file, names));
    else leftOut.push({ what: whatOf(group), requests: inside.length || group.requests.length, reason });
  }
  return { window, clients: clients.sort((a, b) => b.requests - a.requests), leftOut, seen };
}

function reasonAgainst(group: AuditGroup, inside: readonly AuditRequest[], clients: number): string | undefined {
  if (group.resource === '') return 'no object is asked for';
  if (group.verb === 'watch') return 'watches are not replayed';
  if (verbs[group.verb] === undefined) return `the verb ${group.verb} is not in the model`;
  if (inside.every(({ code }) => code >= 400)) return 'all were refused';
  if (inside.length < fewestRequests) return `fewer than ${fewestRequests} in the window`;
  return clients >= mostClients ? `more than ${mostClients} kinds of clients` : undefined;
}

function whatOf({ userAgent, verb, resource, subresource }: AuditGroup): string {
  return `${userAgent} ${verb}${resource === '' ? '' : ` ${resource}`}${subresource === '' ? '' : `/${subresource}`}`;
}

function clientOf(
  evidence: Evidence,
  group: AuditGroup,
  inside: readonly AuditRequest[],
  window: Window,
  file: string,
  names: Set<string>,
): MixedClient {
  const request = requestOf(group, evidence.nodes?.value.length);
  const [kind, count] = kindOf(evidence, group);
  const well = inside.filter(({ code }) => code > 0 && code < 400).map(({ seconds }) => seconds);
  const running = kind === 'stream' ? undefined : whileRunning(inside, file);
  const product = group.userAgent.split('/', 1)[0]!;
  return {
    name: uniqueName(`${product}-${request.verb}-${group.resource}`, names),
    kind,
    user: group.user,
    groups: group.isMaster && !group.user.startsWith('system:serviceaccount:') ? ['system:masters'] : [],
    request,
    requests: inside.length,
    perSecond: running?.perSecond ?? inside.length / window.seconds,
    count,
    duration: well.length === 0 ? undefined : { median: medianOf(well), count: well.length },
    note: running?.note ?? `${file}: ${inside.length} requests in ${seconds(window.seconds)}`,
  };
}

/** Fewer say nothing about when their clients began and ended. */
const fewestForRunning = 20;

/**
 * Agents and kubelets ask again and again for as long as they run. Between the first tenth and the last tenth of their requests
 * all of them ran; the rest may be starts and ends. Undefined where there are too few.
 */
function whileRunning(
  inside: readonly AuditRequest[],
  file: string,
): { readonly perSecond: number; readonly note: string } | undefined {
  if (inside.length < fewestForRunning) return undefined;
  const times = inside.map(({ at }) => at).sort((a, b) => a - b);
  const tenth = Math.floor(times.length / 10);
  const [from, to] = [times[tenth]!, times[times.length - 1 - tenth]!];
  const count = times.length - 1 - 2 * tenth;
  if (!(to > from)) return undefined;
  const note = `${file}: ${inside.length} requests, of which the middle ${count} in ${seconds(to - from)}`;
  return { perSecond: count / (to - from), note };
}

function requestOf(group: AuditGroup, nodes: number | undefined): RequestDocument {
  const verb = verbs[group.verb]!;
  if (verb !== 'list') {
    const isFromCache = verb === 'get' && group.resourceVersion === '0';
    return { verb, resource: group.resource, ...(isFromCache ? { resourceVersion: '0' as const } : {}) };
  }
  const selector = group.selector === 'node' ? 'indexed' : group.selector;
  return {
    verb,
    resource: group.resource,
    resourceVersion: group.resourceVersion === '0' ? '0' : 'unset',
    ...(selector === 'none' ? {} : { selector }),
    ...(selector === 'indexed' && nodes !== undefined && nodes > 0 ? { matching: 1 / nodes } : {}),
    ...(group.limit > 0 ? { limit: group.limit } : {}),
  };
}

/** Leases of nodes are renewed by kubelets; a service account of a DaemonSet is an agent on every node. */
function kindOf({ daemonSets, nodes, pods }: Evidence, group: AuditGroup): readonly [MixedClient['kind'], number] {
  if (group.verb === 'update' && group.resource === 'leases' && group.user === 'system:node:{n}') {
    return ['leases', group.users];
  }
  const owner = daemonSets?.value.find(
    ({ namespace, serviceAccount }) => group.user === `system:serviceaccount:${namespace}:${serviceAccount}`,
  );
  if (owner === undefined) return ['stream', group.users];
  const own = pods?.value.filter(
    (pod) => pod.namespace === owner.namespace && pod.serviceAccount === owner.serviceAccount,
  ).length;
  const count = own !== undefined && own > 0 ? own : (nodes?.value.length ?? 0);
  return count === 0 ? ['stream', 1] : ['agents', count];
}

interface RateRow {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly count: number;
  readonly perSecond: number;
  readonly note: string;
  readonly seconds?: number;
}

/** Without user agents nobody knows who asks: each kind of request is a stream of its own, of one service account. */
function mixOfRates(rows: readonly RateRow[], window: Window): ClientMix {
  const names = new Set<string>();
  const clients: MixedClient[] = [];
  const leftOut: LeftOut[] = [];
  for (const row of rows) {
    const verb = verbs[row.verb.toLowerCase()];
    const what = `${row.verb} ${row.resource}${row.subresource === '' ? '' : `/${row.subresource}`}`;
    if (verb === undefined || row.resource === '')
      leftOut.push({ what, requests: row.count, reason: 'not in the model' });
    else if (row.count < fewestRequests) {
      leftOut.push({ what, requests: row.count, reason: `fewer than ${fewestRequests} in the window` });
    } else {
      clients.push({
        name: uniqueName(`any-${verb}-${row.resource}`, names),
        kind: 'stream',
        user: 'system:serviceaccount:imported:unknown',
        groups: [],
        request: { verb, resource: row.resource },
        requests: row.count,
        perSecond: row.perSecond,
        count: 1,
        duration: row.seconds === undefined ? undefined : { median: row.seconds / row.count, count: row.count },
        note: `${row.note}: ${what}, ${Number(row.perSecond.toPrecision(4))} a second; who asks is not known`,
      });
    }
  }
  return { window, clients, leftOut, seen: new Map(clients.map(({ name, requests }) => [name, requests])) };
}

/** Lower-case words joined by hyphens, told apart by a number. */
function uniqueName(wanted: string, names: Set<string>): string {
  const plain = wanted
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  let name = plain === '' ? 'client' : plain;
  for (let number = 2; names.has(name); number += 1) name = `${plain}-${number}`;
  names.add(name);
  return name;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function seconds(value: number): string {
  return `${Number(value.toPrecision(4))} s`;
}
