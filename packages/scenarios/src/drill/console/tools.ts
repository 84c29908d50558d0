/** The cloud's console, the network's, the nodes', the balancer's and the pipeline's: ways that do not need the API of a cluster. */
import { type Command, type Plan, refused } from './command.ts';
import { countFlag, numberFlag, shareFlag, toolCommand, wordFlag } from './tool-command.ts';

/** Nodes that the cloud takes away in a minute (assumed: what a cloud's API takes away; the incident of 11 December says the same). */
const NODES_PER_MINUTE = 100;
/** Nodes on which a parallel ssh has done its work in a minute (assumed). */
const SSH_PER_MINUTE = 300;

const cloud: readonly Command[] = [
  toolCommand({
    name: 'cloud nodepool scale',
    usage: '<cluster>... --remove 30% [--per-minute 100]',
    summary: 'take a share of the nodes away: fewer agents and kubelets, and less room for users',
    needs: 'cloud',
    path: 'cloud-api',
    flags: { remove: shareFlag(), 'per-minute': numberFlag(1, 10_000, NODES_PER_MINUTE) },
    action: (flags) => ({
      action: 'scale-cluster-down',
      share: Number(flags['remove']),
      nodesPerMinute: Number(flags['per-minute']),
    }),
    done: (cluster, flags) => `nodepool of ${cluster}: ${percent(flags['remove']!)} of the nodes removed`,
  }),
  toolCommand({
    name: 'cloud nodepool stop',
    usage: '<cluster>...',
    summary: 'break off a scale-down that is under way; nodes that went stay away',
    needs: 'cloud',
    path: 'cloud-api',
    flags: {},
    action: () => ({ action: 'stop-scale-down' }),
    done: (cluster) => `nodepool of ${cluster}: no more nodes are removed`,
  }),
  toolCommand({
    name: 'cloud nodepool restore',
    usage: '<cluster>... [--per-minute 100]',
    summary: 'give back as many nodes as were taken away, as far as the document keeps machines for that',
    needs: 'cloud',
    path: 'cloud-api',
    flags: { 'per-minute': numberFlag(1, 10_000, NODES_PER_MINUTE) },
    action: (flags) => ({ action: 'give-nodes-back', nodesPerMinute: Number(flags['per-minute']) }),
    done: (cluster) => `nodepool of ${cluster}: machines are started again`,
  }),
  toolCommand({
    name: 'cloud apiserver resize',
    usage: '<cluster>... --factor 2 [--manner rolling|at-once|in-place]',
    summary: 'larger machines for the API servers',
    needs: 'cloud',
    path: 'cloud-api',
    flags: { factor: numberFlag(1, 8), manner: wordFlag('rolling', 'at-once', 'in-place') },
    action: (flags) => ({
      action: 'scale-api-servers-up',
      factor: Number(flags['factor']),
      manner: flags['manner'] as 'rolling',
    }),
    done: (cluster, flags) => `apiserver of ${cluster}: machines ${flags['factor']} times as large`,
  }),
  toolCommand({
    name: 'cloud apiserver add',
    usage: '<cluster>... --replicas 2',
    summary: 'more API servers behind the balancer, as far as there are machines',
    needs: 'cloud',
    path: 'cloud-api',
    flags: { replicas: countFlag(1, 10) },
    action: (flags) => ({ action: 'scale-api-servers-out', replicas: Number(flags['replicas']) }),
    done: (cluster) => `apiserver of ${cluster}: more replicas started`,
  }),
  toolCommand({
    name: 'cloud apiserver restart',
    usage: '<cluster>... [--manner rolling|at-once]',
    summary: 'end every API server and start it again',
    needs: 'cloud',
    path: 'cloud-api',
    flags: { manner: wordFlag('rolling', 'at-once') },
    action: (flags) => ({ action: 'restart-api-servers', manner: flags['manner'] as 'rolling' }),
    done: (cluster) => `apiserver of ${cluster}: restarted`,
  }),
];

const network: readonly Command[] = [
  toolCommand({
    name: 'net block-admin-api',
    usage: '<cluster>... [--let-through nobody|system]',
    summary:
      'drop packets to the API servers, of everybody or of all but the cluster itself: load stops, and so do you',
    needs: 'network',
    path: 'network',
    flags: { 'let-through': wordFlag('nobody', 'system') },
    action: (flags) => ({ action: 'block-admin-api', letThrough: flags['let-through'] as 'nobody' }),
    done: (cluster, flags) =>
      `firewall: API of ${cluster} blocked${flags['let-through'] === 'system' ? ' for all but system clients' : ''}`,
  }),
  toolCommand({
    name: 'net unblock-admin-api',
    usage: '<cluster>...',
    summary: 'lift that block',
    needs: 'network',
    path: 'network',
    action: () => ({ action: 'unblock-admin-api' }),
    done: (cluster) => `firewall: API of ${cluster} open`,
  }),
  toolCommand({
    name: 'net throttle',
    usage: '<cluster>... --per-second 5',
    summary: 'let only so many requests a second of the agent through, at the proxy in front of the API servers',
    needs: 'network',
    path: 'network',
    flags: { 'per-second': numberFlag(0, 100_000) },
    action: (flags) => ({ action: 'throttle-user-agent', requestsPerSecond: Number(flags['per-second']) }),
    done: (cluster, flags) => `proxy of ${cluster}: the agent's user agent limited to ${flags['per-second']}/s`,
  }),
];

const nodes: readonly Command[] = [
  toolCommand({
    name: 'nodes stop-agent',
    usage: '<cluster>... [--per-minute 300]',
    summary: 'stop the agent on the nodes themselves, one batch after the other, past the API',
    needs: 'nodes',
    path: 'node',
    flags: { 'per-minute': numberFlag(1, 10_000, SSH_PER_MINUTE) },
    action: (flags) => ({ action: 'stop-agents', nodesPerMinute: Number(flags['per-minute']) }),
    done: (cluster) => `nodes of ${cluster}: agent stopped and kept from starting`,
  }),
];

const traffic: readonly Command[] = [
  toolCommand({
    name: 'lb steer',
    usage: '<cluster>... away|back',
    summary: 'move user traffic away from a cluster, as far as the others have room, or back to it',
    needs: 'traffic',
    path: 'tools',
    choice: ['away', 'back'],
    action: (_, choice) => ({ action: 'move-traffic', to: choice as 'away' }),
    done: (cluster, _, choice) => `balancer: traffic of ${cluster} steered ${choice}`,
  }),
  toolCommand({
    name: 'starts limit',
    usage: '<cluster>... --at-once 500',
    summary: 'let only so many instances download what they need to start at once',
    needs: 'traffic',
    path: 'tools',
    flags: { 'at-once': countFlag(1, 100_000) },
    action: (flags) => ({ action: 'limit-start-ups', limit: Number(flags['at-once']) }),
    done: (cluster, flags) => `starts in ${cluster}: ${flags['at-once']} at once`,
  }),
  toolCommand({
    name: 'starts warm',
    usage: '<cluster>...',
    summary: 'put what starting instances need where they get it without the shared limit',
    needs: 'traffic',
    path: 'tools',
    action: () => ({ action: 'warm-caches' }),
    done: (cluster) => `starts in ${cluster}: caches warmed`,
  }),
  {
    name: 'lb auto',
    usage: 'lb auto [--above 5%]',
    summary: 'from now on, move traffic away from clusters whose users see errors, and back when they are calm',
    needs: 'traffic',
    plan: (words) => globalPlan(words, 'balancer: steers by user errors from now on'),
  },
  {
    name: 'lb status',
    usage: 'lb status',
    summary: 'from which clusters traffic has been moved away',
    needs: 'traffic',
    plan: () => ({ kind: 'deed', deed: { kind: 'traffic' } }),
  },
];

const pipeline: readonly Command[] = [
  {
    name: 'pipeline stop',
    usage: 'pipeline stop',
    summary: 'stop a rollout that is still going on; what it has changed stays changed',
    needs: 'pipeline',
    plan: () => ({
      kind: 'live',
      steps: [
        {
          input: { kind: 'act', action: { action: 'stop-rollout' }, path: 'tools' },
          render: (answer) =>
            answer.ok
              ? { text: 'pipeline: nothing is being rolled out any more', isError: false }
              : { text: `pipeline: ${answer.error ?? 'it did not come off'}`, isError: true },
        },
      ],
    }),
  },
  {
    name: 'pipeline history',
    usage: 'pipeline history',
    summary: 'what was changed lately, by whom and where',
    needs: 'pipeline',
    plan: () => ({ kind: 'deed', deed: { kind: 'changes' } }),
  },
];

function globalPlan(words: readonly string[], done: string): Plan {
  const [flag, text] = words[0]?.startsWith('--above=') === true ? ['--above', words[0].slice(8)] : words;
  const above = flag === undefined ? { value: 0.05 } : shareFlag()(text);
  if (flag !== undefined && flag !== '--above')
    return refused(`lb auto: unknown option ${flag}\nusage: lb auto [--above 5%]`);
  if ('problem' in above) return refused(`lb auto: --above: ${above.problem}`);
  return {
    kind: 'live',
    steps: [
      {
        input: { kind: 'act', action: { action: 'steer-traffic', above: Number(above.value) }, path: 'tools' },
        render: (answer) =>
          answer.ok ? { text: done, isError: false } : { text: `balancer: ${answer.error ?? 'failed'}`, isError: true },
      },
    ],
  };
}

function percent(share: number | string): string {
  return `${Number((Number(share) * 100).toFixed(1))} %`;
}

/** All of them, in the order of the help. */
export const toolCommands: readonly Command[] = [...cloud, ...network, ...nodes, ...traffic, ...pipeline];
