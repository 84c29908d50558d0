/**
 * The part of kubectl that an incident needs. A line becomes requests through the API servers of one cluster, and they decide
 * what comes back; what kubectl finds out without asking anybody - an unknown flag, a context that does not exist - it says at
 * once, in its own words.
 */
import { didYouMean } from '../../scenario/nearest-name.ts';
import { type Command, type ConsoleContext, type Plan, printed, refused } from './command.ts';
import { applyPlan, deletePlan, rolloutPlan, scalePlan } from './kubectl-changes.ts';
import { configPlan } from './kubectl-config.ts';
import { editPlan, execPlan, logsPlan, podFlags } from './kubectl-logs.ts';
import { describePlan, getPlan, topPlan } from './kubectl-reads.ts';
import type { KubectlCall, KubectlTarget } from './kubectl-call.ts';
import { requestOf } from './kubectl-request.ts';
import { argumentsOf, type FlagRule } from './words.ts';

/** Flags that are understood, on every command of kubectl. */
const flagRules: Readonly<Record<string, FlagRule>> = {
  context: {},
  namespace: { aliases: ['-n'] },
  'all-namespaces': { aliases: ['-A'], isSwitch: true },
  'request-timeout': {},
  output: { aliases: ['-o'] },
  filename: { aliases: ['-f'] },
  raw: {},
  replicas: {},
  wait: { isSwitch: true },
  help: { aliases: ['-h'], isSwitch: true },
};

const verbs = ['get', 'describe', 'logs', 'top', 'rollout', 'delete', 'scale', 'apply', 'exec', 'edit', 'config'];
/** Commands whose short flags mean something else. */
const ofPods = ['logs', 'exec'];
const suffix = '-break-glass';

/** Names of the contexts that kubectl knows. */
export function contextsOf({ clusters, hasBreakGlass }: ConsoleContext): string[] {
  return clusters.flatMap((id) => (hasBreakGlass ? [id, `${id}${suffix}`] : [id]));
}

function plan(words: readonly string[], context: ConsoleContext, inside?: string): Plan {
  // What comes behind -- is for the pod.
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const { filename, ...others } = flagRules;
  const isOfPods = ofPods.includes(own.find((word) => verbs.includes(word)) ?? '');
  const rules = isOfPods ? { ...others, ...podFlags } : { ...others, filename: filename! };
  const read = argumentsOf(own, rules);
  if ('unknown' in read) return refused(`error: unknown flag: ${read.unknown}\nSee 'kubectl --help' for usage.`);
  if ('needsValue' in read) return refused(`error: flag needs an argument: ${read.needsValue}`);
  const [verb, ...operands] = read.operands;
  if (verb === undefined || verb === 'help') return printed(kubectlHelp);
  if (!verbs.includes(verb)) {
    return refused(`error: unknown command "${verb}" for "kubectl"${didYouMean(verb, verbs)}`);
  }
  if (read.flags['help'] !== undefined) return printed(kubectlHelp);
  if (verb === 'config') return configPlan(operands, context, contextsOf(context));
  const target = inside === undefined ? targetOf(read.flags['context'], context) : insideOf(inside);
  if ('problem' in target) return refused(target.problem);
  const call: KubectlCall = { verb, operands, flags: read.flags, target };
  return impatient(planOf(call, context), read.flags['request-timeout']);
}

function planOf(call: KubectlCall, context: ConsoleContext): Plan {
  switch (call.verb) {
    case 'get':
      return getPlan(call, context);
    case 'describe':
      return describePlan(call, context);
    case 'logs':
      return logsPlan(call, context);
    case 'top':
      return topPlan(call, context);
  }
  if (!context.abilities.has('kubectl-write')) {
    const { user } = requestOf(call, context, 'daemonsets.apps');
    return refused(
      `Error from server (Forbidden): daemonsets.apps is forbidden: User "${user}" may only look (role view)`,
    );
  }
  switch (call.verb) {
    case 'rollout':
      return rolloutPlan(call, context);
    case 'delete':
      return deletePlan(call, context);
    case 'scale':
      return scalePlan(call);
    case 'exec':
      return execPlan(call, context);
    case 'edit':
      return editPlan(call, context);
    default:
      return applyPlan(call, context);
  }
}

function targetOf(named: string | undefined, context: ConsoleContext): KubectlTarget | { readonly problem: string } {
  const contexts = contextsOf(context);
  const chosen = named ?? context.current ?? (context.clusters.length === 1 ? context.clusters[0]! : undefined);
  if (chosen === undefined) {
    const how = `use --context <cluster> or kubectl config use-context; known: ${contexts.join(', ')}`;
    return { problem: `error: no context is chosen; ${how}` };
  }
  if (!contexts.includes(chosen)) {
    return { problem: `error: context "${chosen}" does not exist${didYouMean(chosen, contexts)}` };
  }
  const isBreakGlass = context.hasBreakGlass && chosen.endsWith(suffix);
  const cluster = isBreakGlass ? chosen.slice(0, -suffix.length) : chosen;
  return { cluster, path: isBreakGlass ? 'break-glass' : 'api', host: `api.${chosen}.internal:6443` };
}

function insideOf(cluster: string): KubectlTarget {
  return { cluster, path: 'inside', host: 'localhost:6443' };
}

/** `--request-timeout=5s`: kubectl goes away; what the server does with the request is another matter. */
function impatient(made: Plan, text: string | undefined): Plan {
  if (text === undefined || made.kind !== 'live') return made;
  const [, amount, unit = 's'] = /^(\d+)(s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined)
    return refused(
      `error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)`,
    );
  const seconds = Number(amount) * { s: 1, m: 60, h: 3600 }[unit]!;
  if (seconds === 0) return made;
  const impatience =
    'Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  return { ...made, patienceSeconds: seconds, impatience };
}

const kubectlHelp = `kubectl controls a cluster through its API. In this exercise:
  kubectl get|describe <type> [name]        ${'nodes, pods, daemonsets, deployments, leases, events, endpointslices,'}
                                            prioritylevelconfigurations, flowschemas
  kubectl get --raw /readyz
  kubectl logs <pod>                        of the agent and of CoreDNS
  kubectl top nodes|pods
  kubectl rollout status|undo|history|pause daemonset/<name>
  kubectl delete daemonset|clusterrole <name>
  kubectl scale deployment/<name> --replicas=N
  kubectl apply -f <file>                   files: see ls
  kubectl config get-contexts|use-context|current-context
Flags: --context <cluster>, -n <namespace>, -A, --request-timeout=5s, -o wide|name`;

/** `kubectl ...` */
export const kubectl: Command = {
  name: 'kubectl',
  usage: 'kubectl <verb> ... [--context <cluster>] [-n <namespace>] [--request-timeout=<n>s]',
  summary: 'look at a cluster or change it, through its API servers',
  needs: 'kubectl-read',
  plan: (words, context) => plan(words, context),
};

/** `ssh <cluster>-control-plane kubectl ...` */
export const insideKubectl: Command = {
  name: 'ssh',
  usage: 'ssh <cluster>-control-plane kubectl <verb> ...',
  summary:
    "the same from a machine of the control plane: past a block at the network, to the cluster's own API servers",
  needs: 'inside',
  plan: (words, context) => {
    const [host = '', tool, ...rest] = words;
    const hosts = context.clusters.map((id) => `${id}-control-plane`);
    if (!hosts.includes(host)) {
      return refused(`ssh: Could not resolve hostname ${host}: Name or service not known${didYouMean(host, hosts)}`);
    }
    if (tool !== 'kubectl') return refused(`${tool ?? ''}: in this exercise only kubectl is there`);
    return plan(rest, context, host.slice(0, -'-control-plane'.length));
  },
};
