/** Commands of kubectl that look: every one of them is a request that may fail like any other. */
import type { ApiRow, LiveAnswer } from '../../live/answer.ts';
import type { ReadResource } from '../../operations/playbook/console-reads.ts';
import { didYouMean } from '../../scenario/nearest-name.ts';
import { type ConsoleContext, type ConsoleText, type Plan, refused } from './command.ts';
import type { KubectlCall } from './kubectl-call.ts';
import { kubectlError } from './kubectl-errors.ts';
import { requestOf } from './kubectl-request.ts';
import { describeText, getTable } from './kubectl-tables.ts';

/** A type that can be asked for: its upstream name with its group, and what else it may be called. */
interface ResourceName {
  readonly resource: ReadResource;
  readonly full: string;
  readonly aliases: readonly string[];
}

const names: readonly ResourceName[] = [
  { resource: 'nodes', full: 'nodes', aliases: ['no', 'node'] },
  { resource: 'pods', full: 'pods', aliases: ['po', 'pod'] },
  { resource: 'daemonsets', full: 'daemonsets.apps', aliases: ['ds', 'daemonset'] },
  { resource: 'deployments', full: 'deployments.apps', aliases: ['deploy', 'deployment'] },
  { resource: 'leases', full: 'leases.coordination.k8s.io', aliases: ['lease'] },
  { resource: 'events', full: 'events', aliases: ['ev', 'event'] },
  { resource: 'endpointslices', full: 'endpointslices.discovery.k8s.io', aliases: ['endpointslice'] },
  {
    resource: 'prioritylevelconfigurations',
    full: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
    aliases: ['prioritylevelconfiguration'],
  },
  { resource: 'flowschemas', full: 'flowschemas.flowcontrol.apiserver.k8s.io', aliases: ['flowschema'] },
];

/** The type that somebody means; undefined when there is none. */
export function resourceNamed(given: string): ResourceName | undefined {
  const wanted = given.toLowerCase();
  return names.find(({ resource, full, aliases }) => [resource, full, ...aliases].includes(wanted));
}

/** `daemonset/telemetry-agent` or `daemonset telemetry-agent`. */
export function objectOf(
  operands: readonly string[],
): { readonly resource: ResourceName; readonly name: string | undefined } | { readonly problem: string } {
  const [first = '', second] = operands;
  const [type = '', name = second] = first.split('/');
  const resource = resourceNamed(type);
  if (resource === undefined) {
    const known = names.flatMap((one) => [one.resource, ...one.aliases]);
    return { problem: `error: the server doesn't have a resource type "${type}"${didYouMean(type, known)}` };
  }
  return { resource, name };
}

/** Objects that `describe` shows at most. */
const MOST_DESCRIBED = 10;

/** `kubectl get` */
export function getPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const { raw } = call.flags;
  if (raw !== undefined) return rawPlan(raw, call, context);
  if (call.operands.length === 0) {
    return refused('error: You must specify the type of resource to get, such as nodes');
  }
  return readPlan(call, context, (rows, { full, resource }) => {
    if (rows.length > 0) {
      const names = (): string =>
        rows.map((row) => `${full.replace(/s(\.|$)/, '$1')}/${String(row['name'])}`).join('\n');
      return { text: call.flags['output'] === 'name' ? names() : getTable(resource, rows), isError: false };
    }
    const { namespace } = call.flags;
    const isOfCluster = resource === 'nodes' || full.includes('flowcontrol');
    const where = isOfCluster || namespace === undefined ? '' : ` in ${namespace} namespace`;
    return { text: `No resources found${where}`, isError: false };
  });
}

/** `kubectl describe` */
export function describePlan(call: KubectlCall, context: ConsoleContext): Plan {
  if (call.operands.length === 0) return refused('error: You must specify the type of resource to describe');
  return readPlan(call, context, (rows, { resource }) => ({
    text: rows
      .slice(0, MOST_DESCRIBED)
      .map((row) => describeText(resource, row))
      .join('\n\n'),
    isError: false,
  }));
}

/** `kubectl top`: no metrics server is modelled, and that is what an API server says of one that is not there. */
export function topPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const [what] = call.operands;
  if (what === undefined || !/^(nodes?|no|pods?|po)$/.test(what)) {
    return refused(`error: unknown command "top ${what ?? ''}"; expected nodes or pods`);
  }
  return askPlan(call, context, 'nodes.metrics.k8s.io', () => ({
    text: 'error: Metrics API not available',
    isError: true,
  }));
}

function rawPlan(path: string, call: KubectlCall, context: ConsoleContext): Plan {
  if (!['/readyz', '/livez', '/healthz', '/version'].includes(path)) {
    return askPlan(call, context, path, () => ({
      text: 'Error from server (NotFound): the server could not find the requested resource',
      isError: true,
    }));
  }
  return askPlan(call, context, path, () => ({
    text: path === '/version' ? '{ "major": "1" }' : 'ok',
    isError: false,
  }));
}

/** One small request, which may fail; and if it does not, what is said. `verb` is what messages name: default that of the line. */
export function askPlan(
  call: KubectlCall,
  context: ConsoleContext,
  resource: string,
  ok: () => ConsoleText,
  verb: string = call.verb,
): Plan {
  const { cluster, path } = call.target;
  const request = requestOf(call, context, resource, verb);
  return {
    kind: 'live',
    steps: [
      {
        input: { kind: 'read', cluster, resource: 'flowschemas', path },
        render: (answer) => (answer.ok ? ok() : failed(answer, request)),
      },
    ],
  };
}

function readPlan(
  call: KubectlCall,
  context: ConsoleContext,
  show: (rows: readonly ApiRow[], resource: ResourceName) => ConsoleText,
): Plan {
  const object = objectOf(call.operands);
  if ('problem' in object) return refused(object.problem);
  const { resource, name } = object;
  const { cluster, path } = call.target;
  const request = requestOf(call, context, resource.full);
  return {
    kind: 'live',
    steps: [
      {
        input: { kind: 'read', cluster, resource: resource.resource, path, ...(name === undefined ? {} : { name }) },
        render: (answer) => {
          if (!answer.ok) return failed(answer, request);
          const rows = inNamespace(answer.rows ?? [], call);
          if (name !== undefined && rows.length === 0) return notFound(resource.full, name);
          return show(rows, resource);
        },
      },
    ],
  };
}

/** The message of a request that did not succeed, by how it ended. */
export function failed(answer: LiveAnswer, request: Parameters<typeof kubectlError>[1]): ConsoleText {
  const text =
    answer.status === undefined || answer.status === 'ok'
      ? (answer.error ?? 'error')
      : kubectlError(answer.status, request);
  return { text, isError: true };
}

/** What an API server says of an object that it does not have. */
export function notFound(full: string, name: string): ConsoleText {
  return { text: `Error from server (NotFound): ${full} "${name}" not found`, isError: true };
}

function inNamespace(rows: readonly ApiRow[], { flags }: KubectlCall): readonly ApiRow[] {
  const { namespace } = flags;
  if (namespace === undefined || flags['all-namespaces'] !== undefined) return rows;
  return rows.filter((row) => row['namespace'] === undefined || row['namespace'] === namespace);
}
