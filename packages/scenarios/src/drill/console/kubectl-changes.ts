/** Commands of kubectl that change something: actions of the playbook through the API. */
import type { LiveAnswer } from '../../live/answer.ts';
import type { ActionDocument } from '../../scenario/sections/playbook-step.ts';
import { didYouMean } from '../../scenario/nearest-name.ts';
import { type ConsoleContext, type ConsoleText, type Plan, refused } from './command.ts';
import type { KubectlCall } from './kubectl-call.ts';
import { failed, notFound, objectOf } from './kubectl-reads.ts';
import { requestOf } from './kubectl-request.ts';

const DAEMON_SETS = 'daemonsets.apps';
const CLUSTER_ROLES = 'clusterroles.rbac.authorization.k8s.io';
const FLOW_SCHEMAS = 'flowschemas.flowcontrol.apiserver.k8s.io';

/** `kubectl rollout` */
export function rolloutPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const [verb = '', ...operands] = call.operands;
  const verbs = ['status', 'undo', 'history', 'pause', 'resume', 'restart'];
  if (!verbs.includes(verb)) return refused(`error: unknown command "rollout ${verb}"${didYouMean(verb, verbs)}`);
  const object = objectOf(operands);
  if ('problem' in object) return refused(object.problem);
  const { resource, name } = object;
  if (name === undefined) return refused('error: required resource not specified');
  if (resource.resource !== 'daemonsets' && resource.resource !== 'deployments') {
    return refused(`error: no rollouts for ${resource.full}`);
  }
  const { agent } = context;
  switch (verb) {
    case 'status':
      return oneObject(call, context, resource.full, name, ({ rows }) => ({
        text: rolloutText(name, rows?.[0]),
        isError: false,
      }));
    case 'history':
      return oneObject(call, context, resource.full, name, () => ({
        text: `${resource.full.replace('s.', '.')}/${name}\nREVISION  CHANGE-CAUSE\n1         <none>`,
        isError: false,
      }));
    case 'pause':
    case 'resume':
      return resource.resource === 'daemonsets'
        ? refused(`error: ${DAEMON_SETS} "${name}" ${verb === 'pause' ? 'pausing' : 'resuming'} is not supported`)
        : refused(notModelled);
    case 'restart':
      return refused(notModelled);
  }
  if (resource.resource !== 'daemonsets' || name !== agent) {
    return oneObject(call, context, resource.full, name, () => ({
      text: `error: no rollout history found for ${name}`,
      isError: true,
    }));
  }
  return actPlan(call, context, { action: 'roll-back' }, DAEMON_SETS, `daemonset.apps/${agent} rolled back`);
}

/** `kubectl delete` */
export function deletePlan(call: KubectlCall, context: ConsoleContext): Plan {
  const [first = '', second] = call.operands;
  const [type = '', name = second] = first.split('/');
  if (/^clusterroles?(\.rbac\.authorization\.k8s\.io)?$/.test(type)) {
    if (name !== context.agent)
      return oneObject(
        call,
        context,
        CLUSTER_ROLES,
        name ?? '',
        () => notFound(CLUSTER_ROLES, name ?? ''),
        'flowschemas',
      );
    return actPlan(
      call,
      context,
      { action: 'revoke-role' },
      CLUSTER_ROLES,
      `${CLUSTER_ROLES.replace('s.', '.')} "${name}" deleted`,
    );
  }
  const object = objectOf(call.operands);
  if ('problem' in object) return refused(object.problem);
  const { resource } = object;
  if (object.name === undefined) return refused('error: resource(s) were provided, but no name was specified');
  if (resource.resource !== 'daemonsets') return refused(notModelled);
  if (object.name !== context.agent)
    return oneObject(call, context, DAEMON_SETS, object.name, () => ({ text: notModelled, isError: true }));
  return actPlan(
    call,
    context,
    { action: 'delete-daemonset' },
    DAEMON_SETS,
    `daemonset.apps "${context.agent}" deleted`,
  );
}

/** `kubectl scale`: what an API server says of types that cannot be scaled, and what this exercise cannot do. */
export function scalePlan(call: KubectlCall): Plan {
  const object = objectOf(call.operands);
  if ('problem' in object) return refused(object.problem);
  if (!/^\d+$/.test(call.flags['replicas'] ?? ''))
    return refused('error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  if (object.resource.resource === 'deployments') return refused(notModelled);
  return refused('Error from server (NotFound): the server could not find the requested resource');
}

/** The file of a FlowSchema that puts what was rolled out last at a level. */
export function manifestFile(level: string): string {
  return `last-rollout-to-${level}.yaml`;
}

/** Files that `kubectl apply -f` finds. */
export function manifestFiles({
  levels,
}: Pick<ConsoleContext, 'levels'>): readonly { readonly file: string; readonly level: string }[] {
  return levels.map((level) => ({ file: manifestFile(level), level }));
}

/** `kubectl apply -f` */
export function applyPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const { filename } = call.flags;
  if (filename === undefined) return refused('error: must specify one of -f and -k');
  const files = manifestFiles(context);
  const found = files.find(({ file }) => file === filename);
  if (found === undefined) {
    const hint = didYouMean(
      filename,
      files.map(({ file }) => file),
    );
    return refused(`error: the path "${filename}" does not exist${hint}`);
  }
  const made = `flowschema.flowcontrol.apiserver.k8s.io/${context.agent} configured`;
  return actPlan(call, context, { action: 'flow-schema', priorityLevel: found.level }, FLOW_SCHEMAS, made, 'patch');
}

const notModelled = 'drill: this exercise has no such change; see help';

function actPlan(
  call: KubectlCall,
  context: ConsoleContext,
  action: ActionDocument,
  resource: string,
  done: string,
  verb = call.verb === 'rollout' ? 'patch' : call.verb,
): Plan {
  const { cluster, path } = call.target;
  const request = requestOf(call, context, resource, verb);
  return {
    kind: 'live',
    steps: [
      {
        input: { kind: 'act', cluster, action, path },
        render: (answer) => (answer.ok ? { text: done, isError: false } : failed(answer, request)),
      },
    ],
  };
}

/** A GET of one object first: it may fail, and there may be no such thing. */
function oneObject(
  call: KubectlCall,
  context: ConsoleContext,
  full: string,
  name: string,
  show: (answer: LiveAnswer) => ConsoleText,
  asked: 'daemonsets' | 'deployments' | 'flowschemas' = full.startsWith('deployments') ? 'deployments' : 'daemonsets',
): Plan {
  const { cluster, path } = call.target;
  const request = requestOf(call, context, full, 'get');
  return {
    kind: 'live',
    steps: [
      {
        input: { kind: 'read', cluster, resource: asked, name, path },
        render: (answer) => {
          if (!answer.ok) return failed(answer, request);
          return (answer.rows ?? []).length === 0 ? notFound(full, name) : show(answer);
        },
      },
    ],
  };
}

function rolloutText(name: string, row: Readonly<Record<string, unknown>> | undefined): string {
  const desired = Number(row?.['desired'] ?? 0);
  const updated = Number(row?.['upToDate'] ?? row?.['current'] ?? 0);
  const available = Number(row?.['available'] ?? row?.['ready'] ?? 0);
  if (updated < desired) {
    return `Waiting for daemon set "${name}" rollout to finish: ${updated} out of ${desired} new pods have been updated...`;
  }
  if (available < desired) {
    return `Waiting for daemon set "${name}" rollout to finish: ${available} of ${desired} updated pods are available...`;
  }
  return `daemon set "${name}" successfully rolled out`;
}
