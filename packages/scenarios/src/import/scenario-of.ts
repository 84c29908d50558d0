/** A scenario of one cluster from the generic template: what was imported is stated, the rest is the template's. */
import { measured } from '../scenario/provenance.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { didYouMean } from '../scenario/nearest-name.ts';
import type { ClientMix } from './client-mix.ts';
import type { Evidence } from './evidence.ts';
import type { ImportedSettings } from './settings.ts';

/** A document that names its template; parts that are not stated come from there. */
export type ShortDocument = Readonly<Record<string, unknown>>;

/** Builds it. `daemonSet` is the agent that is rolled out; undefined leaves the template's. */
export function scenarioOf(
  evidence: Evidence,
  mix: ClientMix,
  settings: ImportedSettings,
  daemonSet: string | undefined,
): ShortDocument | undefined {
  const { nodes, pods } = evidence;
  if (nodes === undefined || nodes.value.length === 0) {
    if (daemonSet !== undefined)
      throw new DocumentError('--trigger-daemonset', [
        { path: '', message: 'expected a file of nodes among the files, got none' },
      ]);
    return undefined;
  }
  const count = nodes.value.length;
  const perNode = pods === undefined ? undefined : pods.value.filter(({ node }) => node !== undefined).length / count;
  const kubernetes = {
    ...(settings.release === undefined ? {} : { profile: measured(settings.release, settings.releaseNote) }),
    ...(Object.keys(settings.flags).length === 0 ? {} : { flags: settings.flags }),
    ...(settings.flowSchemas.length === 0 ? {} : { flowSchemas: settings.flowSchemas }),
    ...(settings.priorityLevels.length === 0 ? {} : { priorityLevelConfigurations: settings.priorityLevels }),
  };
  const agent = daemonSet === undefined ? undefined : agentOf(evidence, mix, daemonSet);
  return {
    template: 'telemetry-rollout',
    id: 'imported-cluster',
    title:
      agent === undefined
        ? 'A telemetry agent is rolled out to the imported cluster'
        : `${String(agent['name'])} is rolled out to the imported cluster`,
    ...(Object.keys(kubernetes).length === 0 ? {} : { kubernetes }),
    clusters: [
      {
        id: 'imported',
        nodes: measured(count, `${nodes.file}: counted`),
        ...(perNode === undefined || Math.round(perNode) === 0
          ? {}
          : {
              podsPerNode: measured(
                Math.round(perNode),
                `${pods!.file}: ${pods!.value.length} pods, those on nodes counted`,
              ),
            }),
        ...machinesOf(evidence),
      },
    ],
    ...(agent === undefined ? {} : { agent }),
  };
}

function machinesOf({ nodes, pods, scrape }: Evidence): { readonly apiServers?: ShortDocument } {
  const machine = nodes!.value.find(({ isControlPlane }) => isControlPlane);
  const servers = pods?.value.filter(({ apiServerFlags }) => apiServerFlags !== undefined).length ?? 0;
  const threads = scrape?.samples.get('go_sched_gomaxprocs_threads')?.[0]?.value;
  const apiServers = {
    ...(servers === 0 ? {} : { replicas: measured(servers, `${pods!.file}: static pods of kube-apiserver`) }),
    ...(threads !== undefined
      ? { cores: measured(threads, `${scrape!.file}: go_sched_gomaxprocs_threads`) }
      : machine?.cores === undefined
        ? {}
        : { cores: measured(machine.cores, `${nodes!.file}: capacity of a control-plane node`) }),
    ...(machine?.memoryBytes === undefined
      ? {}
      : {
          memory: measured(`${Math.round(machine.memoryBytes)} B`, `${nodes!.file}: capacity of a control-plane node`),
        }),
  };
  return Object.keys(apiServers).length === 0 ? {} : { apiServers };
}

/** The agent of a DaemonSet: its dearest request as the audit log has it, else the template's request under its name. */
function agentOf({ daemonSets }: Evidence, mix: ClientMix, wanted: string): ShortDocument {
  const known = daemonSets?.value ?? [];
  const found = known.find(({ namespace, name }) => name === wanted || `${namespace}/${name}` === wanted);
  if (found === undefined) {
    const names = known.map(({ name }) => name);
    const hint =
      names.length === 0 ? '; no DaemonSets were given' : didYouMean(wanted, names) || `; known: ${names.join(', ')}`;
    throw new DocumentError('--trigger-daemonset', [
      { path: '', message: `expected the name of a DaemonSet, got "${wanted}"${hint}` },
    ]);
  }
  const user = `system:serviceaccount:${found.namespace}:${found.serviceAccount}`;
  const own = mix.clients.filter((client) => client.user === user);
  const lists = own.filter(({ request }) => request.verb === 'list' && request.resource === 'pods');
  const list = lists.find(({ request }) => request.resourceVersion !== '0') ?? lists[0];
  const named = {
    name: slug(found.name),
    namespace: found.namespace === 'kube-system' ? 'kube-system' : 'other',
  };
  if (list === undefined || mix.window === undefined) return named;
  const { request, count, perSecond, note } = list;
  const period = `${Number((count / perSecond).toPrecision(4))} s`;
  return {
    ...named,
    list: {
      resourceVersion: request.resourceVersion ?? 'unset',
      encoding: 'json',
      selector: request.selector === 'indexed' ? 'own-node' : 'none',
      ...(request.limit === undefined ? {} : { limit: request.limit }),
    },
    period: measured(period, `${note}, of ${count} agents`),
  };
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'agent'
  );
}
