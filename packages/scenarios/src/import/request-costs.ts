/**
 * What requests cost in the imported cluster, as multiples of what the model has for them. A request that waits for nobody takes
 * as long as its CPU, and for a write as the commit; so the median duration of requests on a server with little to do gives its
 * CPU. A duration that is mostly something else, or of too few requests, gives nothing.
 */
import { operationOf } from '../kubernetes/unit-costs/unit-costs.ts';
import { quantities } from '../kubernetes/requests/operation-quantities.ts';
import type { StoredType } from '../kubernetes/requests/operation-types.ts';
import type { MixedClient } from './client-mix.ts';
import type { Evidence } from './evidence.ts';
import { etcdMean } from './scrape-pair.ts';

/** Fewer requests than these give no cost. */
const fewestForCost = 10;
/** Busier servers make requests wait, and then durations are no costs. Share of the cores. */
const busiest = 0.3;

/** Costs found. */
export interface RequestCosts {
  /** By name of the client. */
  readonly factors: ReadonlyMap<string, { readonly factor: number; readonly note: string }>;
  /** Seconds of a commit beside its CPU; undefined where etcd's durations are not known. */
  readonly fsync: { readonly seconds: number; readonly note: string } | undefined;
  /** Cores the API server used beside the imported requests. */
  readonly background: { readonly cores: number; readonly note: string } | undefined;
  /** What could not be determined, and why. */
  readonly unknown: readonly string[];
}

/** What the costs are calculated from. */
export interface CostQuestion {
  readonly evidence: Evidence;
  readonly clients: readonly MixedClient[];
  readonly stored: Readonly<Record<string, StoredType>>;
  /** Whether a LIST without a version comes from the watch cache. */
  readonly isConsistentFromCache: boolean;
  readonly nodes: number;
}

/** Commit of the model, fsync left out: etcd's CPU of a write, in seconds. */
interface ModelCosts {
  readonly apiServer: number;
  readonly etcd: number;
  readonly path: 'cache' | 'quorum-read' | 'write';
}

/** Finds costs. */
export function requestCosts(question: CostQuestion): RequestCosts {
  const { evidence, clients } = question;
  const unknown: string[] = [];
  const factors = new Map<string, { readonly factor: number; readonly note: string }>();
  const cores = evidence.scrape?.samples.get('go_sched_gomaxprocs_threads')?.[0]?.value;
  const { pair } = evidence;
  const used = pair?.cpuSeconds === undefined ? undefined : pair.cpuSeconds / pair.seconds;
  if (used !== undefined && cores !== undefined && used / cores > busiest) {
    unknown.push(
      `costs of requests: the server was busy (${digits(used)} of ${cores} cores), so durations contain waiting`,
    );
    return { factors, fsync: undefined, background: undefined, unknown };
  }
  const fsync = fsyncOf(question);
  for (const client of clients) {
    const found = factorOf(client, question, fsync?.seconds);
    if (typeof found === 'string') unknown.push(`cost of ${client.name}: ${found}`);
    else factors.set(client.name, found);
  }
  return { factors, fsync, background: backgroundOf(question, factors, used), unknown };
}

/**
 * A commit is etcd's time for an update of a lease, less the CPU of the model; updates of leases are there in every cluster. How
 * much of the CPU it is depends on the factor of that client, and the factor on how long etcd takes.
 */
function fsyncOf(question: CostQuestion): RequestCosts['fsync'] {
  const { pair } = question.evidence;
  const waits = pair && etcdMean(pair, 'update', 'leases');
  const client = question.clients.find(({ kind }) => kind === 'leases');
  if (waits === undefined || client?.duration === undefined) return undefined;
  const model = modelOf(client, question);
  const cpu = model.etcd * Math.max(0, (client.duration.median - waits) / model.apiServer);
  if (cpu >= waits) return undefined;
  const note = `${pair!.after.file}: updates of leases take ${ms(waits)} in etcd, of which ${ms(cpu)} is CPU in the model`;
  return { seconds: waits - cpu, note };
}

/** Measured CPU over that of the model; a text says why not. */
function factorOf(
  client: MixedClient,
  question: CostQuestion,
  fsync: number | undefined,
): { readonly factor: number; readonly note: string } | string {
  const { duration } = client;
  if (duration === undefined) return 'no durations of requests that went well';
  if (duration.count < fewestForCost) return `${duration.count} requests; ${fewestForCost} are needed`;
  const model = modelOf(client, question);
  const isWrite = model.path === 'write';
  if (isWrite && fsync === undefined) return 'a write waits for etcd, and no two scrapes say how long';
  const waits = isWrite ? fsync! : 0;
  const inModel = model.apiServer + model.etcd;
  const factor = (duration.median - waits) / inModel;
  if (!(factor >= 0.01 && factor <= 100)) {
    return `${ms(duration.median)}, where the model has ${ms(inModel + waits)}: not the same kind of request`;
  }
  const less = isWrite ? ` less ${ms(waits)} of fsync` : '';
  const note = `${client.note}, median ${ms(duration.median)}${less} on an idle server, where the model has ${ms(inModel)}`;
  return { factor: Number(factor.toPrecision(3)), note };
}

/** CPU that no imported request explains; work that goes on all the time and what was left out. */
function backgroundOf(
  question: CostQuestion,
  factors: RequestCosts['factors'],
  used: number | undefined,
): RequestCosts['background'] {
  if (used === undefined) return undefined;
  const inRequests = question.clients.reduce((sum, client) => {
    const model = modelOf(client, question);
    return sum + client.perSecond * model.apiServer * (factors.get(client.name)?.factor ?? 1);
  }, 0);
  const { pair } = question.evidence;
  const cores = Math.max(0, used - inRequests);
  const note = `${pair!.after.file}: ${digits(used)} cores used (process_cpu_seconds_total), of which imported requests take ${digits(inRequests)}`;
  return { cores: Number(cores.toPrecision(3)), note };
}

/** CPU of one request in the model, in seconds. */
function modelOf({ request, name }: MixedClient, question: CostQuestion): ModelCosts {
  const gates = { ConsistentListFromCache: question.isConsistentFromCache };
  const operation = operationOf(name, request as Parameters<typeof operationOf>[1], gates);
  const type = question.stored[request.resource ?? 'pods'] ?? { count: 0, jsonBytes: 0, storedBytes: 0 };
  const size = { pods: question.stored['pods']?.count ?? 0, nodes: question.nodes };
  const values = quantities(operation, size, type);
  return {
    apiServer: operation.costs.apiServerCpu.evaluate(values) / 1e6,
    etcd: operation.costs.etcdCpu.evaluate(values) / 1e6,
    path: operation.path,
  };
}

function ms(seconds: number): string {
  return `${digits(seconds * 1000)} ms`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
