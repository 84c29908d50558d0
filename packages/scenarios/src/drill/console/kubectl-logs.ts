/**
 * Commands of kubectl that look into pods. `logs` is a request like any other, which the API server passes on to the kubelet of
 * the node; what comes back is what the process has met. `exec` and `edit` ask, too, and then say what there is in their place.
 */
import type { ApiRow } from '../../live/answer.ts';
import { clockOf } from '../../scenario/clock.ts';
import { type ConsoleContext, type Plan, refused } from './command.ts';
import type { KubectlCall } from './kubectl-call.ts';
import { askPlan, failed, notFound, objectOf } from './kubectl-reads.ts';
import { requestOf } from './kubectl-request.ts';
import type { FlagRule } from './words.ts';

/** Flags of these commands alone; `-f` is to follow here, and a file elsewhere. */
export const podFlags: Readonly<Record<string, FlagRule>> = {
  container: { aliases: ['-c'] },
  follow: { aliases: ['-f'], isSwitch: true },
  previous: { aliases: ['-p'], isSwitch: true },
  stdin: { aliases: ['-i'], isSwitch: true },
  tty: { aliases: ['-t', '-it', '-ti'], isSwitch: true },
  tail: {},
  since: {},
};

const usage = `error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command
See 'kubectl logs -h' for help and examples`;

/** `kubectl logs` */
export function logsPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const { operands, flags, target } = call;
  const named = podNamed(operands, context);
  if ('problem' in named) return refused(named.problem);
  const { pod } = named;
  if (flags['previous'] !== undefined)
    return refused('drill: what ended containers have written is not kept in this exercise');
  if (flags['since'] !== undefined)
    return refused('drill: logs are a few lines here; --tail cuts them, --since does not');
  const tail = flags['tail'] ?? '-1';
  if (!/^-?\d+$/.test(tail)) return refused(`error: invalid argument "${tail}" for "--tail" flag`);
  const { cluster, path } = target;
  const request = requestOf(call, context, 'pods', 'get');
  return {
    kind: 'live',
    steps: [
      {
        input: { kind: 'read', cluster, resource: 'pods', name: pod, subresource: 'log', path },
        render: (answer) => {
          if (!answer.ok) return failed(answer, request);
          const rows = answer.rows ?? [];
          const refusal = rows[0]?.['refusal'];
          if (rows.length === 0) return notFound('pods', pod);
          if (refusal !== undefined)
            return { text: `Error from server (BadRequest): ${String(refusal)}`, isError: true };
          const shown = Number(tail) < 0 ? rows : rows.slice(Math.max(0, rows.length - Number(tail)));
          return { text: shown.map((row) => lineOf(row, context)).join('\n'), isError: false };
        },
      },
    ],
  };
}

/** `[ERROR] 15:13:02 list pods: failed: ...` */
function lineOf({ at, level, text }: ApiRow, { zero }: ConsoleContext): string {
  if (level === 'print') return String(text);
  const when = typeof at === 'number' ? `${clockOf(zero, Math.floor(at))} ` : '';
  return `[${String(level).toUpperCase()}] ${when}${String(text)}`;
}

/** The pod that is meant; of a workload kubectl takes one. */
function podNamed(
  operands: readonly string[],
  { agent }: ConsoleContext,
): { readonly pod: string } | { readonly problem: string } {
  const [first] = operands;
  if (first === undefined) return { problem: usage };
  if (!first.includes('/')) return { pod: first };
  const object = objectOf([first]);
  if ('problem' in object) return object;
  const { resource, name = '' } = object;
  switch (resource.resource) {
    case 'pods':
      return { pod: name };
    case 'deployments':
      return { pod: `${name}-0` };
    case 'daemonsets':
      return { pod: name === agent ? `${name}-00000` : name };
    default:
      return { problem: `error: cannot get the logs from ${resource.full}: it has no pods` };
  }
}

/** `kubectl exec`: who may look and change may still not run things in pods, as in most clusters. */
export function execPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const named = podNamed(call.operands, context);
  if ('problem' in named) return refused('error: pod, type/name or --filename must be specified');
  const { pod } = named;
  return afterRequest(
    call,
    context,
    'pods',
    `Error from server (Forbidden): pods "${pod}" is forbidden: User "${context.trainee}" cannot create resource "pods/exec" in API group ""
drill: nobody runs commands in pods here; kubectl logs, describe and get events show what there is to see`,
  );
}

/** `kubectl edit`: the object is fetched, and there is nothing to edit it with. */
export function editPlan(call: KubectlCall, context: ConsoleContext): Plan {
  const object = objectOf(call.operands);
  if ('problem' in object) return refused(object.problem);
  if (object.name === undefined) return refused('error: resource name may not be empty');
  return afterRequest(
    call,
    context,
    object.resource.full,
    `error: unable to launch the editor "vi"
drill: what can be changed here is changed with kubectl rollout undo, delete, scale and apply -f; see help and ls`,
  );
}

/** A small request comes first; what is said of the rest is an error. */
function afterRequest(call: KubectlCall, context: ConsoleContext, resource: string, text: string): Plan {
  return askPlan(call, context, resource, () => ({ text, isError: true }), 'get');
}
