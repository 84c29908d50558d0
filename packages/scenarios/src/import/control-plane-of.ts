/** A control plane under the load that was seen: a document that replays the imported requests by client and resource. */
import { gatesOn } from '../kubernetes/profiles/feature-gates.ts';
import type { ClientDocument, ControlPlaneDocument } from '../scenario/control-plane/document.ts';
import { assumed, derived, measured, type Stated } from '../scenario/provenance.ts';
import type { ClientMix, MixedClient } from './client-mix.ts';
import type { Evidence } from './evidence.ts';
import { requestCosts, type RequestCosts } from './request-costs.ts';
import type { ImportedSettings } from './settings.ts';
import { storedOf } from './stored.ts';

/** What a document says of the load, and what could not be found out about its costs. */
export interface ImportedControlPlane {
  readonly document: ControlPlaneDocument;
  readonly costs: RequestCosts;
}

/** Longest stretch that is replayed, in seconds. */
const longest = 1_800;

/** Machine sizes that are assumed where no file says them. */
const assumedCores = 4;
const assumedMemory = '16 GiB';

/** Builds it; undefined where nobody's requests are known. */
export function controlPlaneOf(
  evidence: Evidence,
  mix: ClientMix,
  settings: ImportedSettings,
): ImportedControlPlane | undefined {
  const { window, clients } = mix;
  if (window === undefined || clients.length === 0) return undefined;
  const asked = clients.map(({ request }) => request.resource ?? 'pods');
  const stored = storedOf(evidence, [...new Set(asked)]);
  const costs = requestCosts({
    evidence,
    clients,
    stored: sizesIn(stored),
    isConsistentFromCache: isConsistentFromCache(settings),
    nodes: clients.find(({ kind }) => kind === 'leases')?.count ?? 0,
  });
  const seconds = Math.min(longest, window.seconds);
  const document: ControlPlaneDocument = {
    version: 1,
    kind: 'control-plane',
    id: 'imported-load',
    title: 'A control plane under the load that was seen',
    summary: `Requests of ${window.note}.`,
    ...(settings.release === undefined ? {} : { profile: settings.release }),
    ...(Object.keys(settings.flags).length === 0 ? {} : { flags: settings.flags }),
    ...(settings.flowSchemas.length === 0 ? {} : { flowSchemas: settings.flowSchemas }),
    ...(settings.priorityLevels.length === 0 ? {} : { priorityLevelConfigurations: settings.priorityLevels }),
    ...machines(evidence, costs),
    stored,
    clients: clients.map((client) => clientDocument(client, costs)),
    phases: [
      {
        name: 'as seen',
        lasts: `${Math.max(1, Math.round(seconds))} s`,
        load: Object.fromEntries(clients.map((client) => [client.name, loadOf(client)])),
      },
    ],
  };
  return { document, costs };
}

function machines(evidence: Evidence, costs: RequestCosts): Pick<ControlPlaneDocument, 'apiServers' | 'etcd'> {
  const { scrape, nodes, pods } = evidence;
  const threads = scrape?.samples.get('go_sched_gomaxprocs_threads')?.[0]?.value;
  const resident = scrape?.samples.get('process_resident_memory_bytes')?.[0]?.value;
  const ofMachine = nodes?.value.find(({ isControlPlane }) => isControlPlane);
  const servers = pods?.value.filter(({ apiServerFlags }) => apiServerFlags !== undefined).length ?? 0;
  const cores: Stated<number> =
    threads !== undefined
      ? measured(threads, `${scrape!.file}: go_sched_gomaxprocs_threads`)
      : ofMachine?.cores !== undefined
        ? measured(ofMachine.cores, `${nodes!.file}: capacity of a control-plane node`)
        : assumed(assumedCores, 'no file says it: state your own');
  const memory: Stated<string> =
    ofMachine?.memoryBytes !== undefined
      ? measured(`${Math.round(ofMachine.memoryBytes)} B`, `${nodes!.file}: capacity of a control-plane node`)
      : assumed(assumedMemory, 'no file says it: state your own');
  // One page is of one server, and its requests are those of that server; an audit log is of one server as well.
  const replicas =
    servers > 1
      ? assumed(1, `requests and durations are those of one server of ${servers}; it is replayed alone`)
      : assumed(1, 'the files are of one server');
  return {
    apiServers: {
      replicas,
      cores,
      memory,
      ...(resident === undefined
        ? {}
        : { baseline: measured(`${resident} B`, `${scrape!.file}: process_resident_memory_bytes`) }),
      ...(costs.background === undefined ? {} : { background: derived(costs.background.cores, costs.background.note) }),
    },
    etcd: {
      members: assumed(1, 'reads go to one member, and commits are measured with all of them'),
      cores: assumed(assumedCores, 'no file says it: state your own'),
      memory: assumed(assumedMemory, 'no file says it: state your own'),
      ...(costs.fsync === undefined
        ? {}
        : { fsync: derived(`${Number((costs.fsync.seconds * 1000).toPrecision(3))} ms`, costs.fsync.note) }),
    },
  };
}

function clientDocument(client: MixedClient, costs: RequestCosts): ClientDocument {
  const { name, kind, user, groups, request, count, requests, perSecond, note } = client;
  const found = costs.factors.get(name);
  const common = {
    name,
    user,
    ...(groups.length === 0 ? {} : { groups }),
    ...(found === undefined ? {} : { costFactor: measured(found.factor, found.note) }),
  };
  const period = `${Number((count / perSecond).toPrecision(4))} s`;
  if (kind === 'leases') {
    return { ...common, kind, count: measured(count, note), period: measured(period, note), jitter: 0 };
  }
  if (kind === 'agents') {
    return {
      ...common,
      kind,
      request,
      period: measured(period, `${note}, of ${count} agents`),
      jitter: assumed(0.1, 'usual for collectors'),
      after: 'success',
      start: 'spread',
      timeout: assumed('60 s', 'default of --request-timeout'),
      retry: 'client-go',
    };
  }
  return {
    ...common,
    kind,
    request,
    connections: assumed(
      Math.max(1, Math.min(count, Math.floor(requests / 10))),
      'connections last longer than the window: few of them are opened in it',
    ),
    timeout: assumed('60 s', 'default of --request-timeout'),
    retry: 'client-go',
  };
}

function loadOf({ kind, count, perSecond, note }: MixedClient): Stated<number | string> {
  if (kind === 'stream') return measured(`${Number(perSecond.toPrecision(4))}/s`, note);
  return measured(count, kind === 'leases' ? note : 'pods of its DaemonSet, or nodes');
}

function isConsistentFromCache({ release, flags }: ImportedSettings): boolean {
  const stated = flags['kube-apiserver']?.['feature-gates'] as Readonly<Record<string, boolean>> | undefined;
  return stated?.['ConsistentListFromCache'] ?? gatesOn(release ?? '1.30', {}).has('ConsistentListFromCache');
}

function sizesIn(stored: ControlPlaneDocument['stored']): Parameters<typeof requestCosts>[0]['stored'] {
  const plain = (value: unknown): number =>
    Number(
      /^[\d.]+/.exec(
        String(typeof value === 'object' && value !== null && 'value' in value ? value.value : value),
      )?.[0] ?? 0,
    );
  return Object.fromEntries(
    Object.entries(stored).map(([type, { count, json, stored: bytes }]) => [
      type,
      { count: plain(count), jsonBytes: plain(json), storedBytes: plain(bytes) },
    ]),
  );
}
