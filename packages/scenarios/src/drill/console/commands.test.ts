/** What lines come to: without a run, as plans. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abilities } from '../roles.ts';
import type { ConsoleContext, Plan } from './command.ts';
import { commands, completions, mine, planOfLine } from './commands.ts';

const all: ConsoleContext = {
  trainee: 'alice',
  abilities: new Set(abilities),
  clusters: ['large-1', 'small-1'],
  agent: 'telemetry-agent',
  namespace: 'other',
  levels: ['catch-all', 'workload-low'],
  hasBreakGlass: true,
  zero: '2026-03-02T10:00:00+01:00',
  current: null,
};

const planned = (line: string, context = all): Plan => planOfLine(line, context);
const textOf = (line: string, context = all): string => {
  const plan = planned(line, context);
  return plan.kind === 'text' ? plan.text : plan.kind;
};
const inputsOf = (line: string): unknown[] => {
  const plan = planned(line);
  return plan.kind === 'live' ? plan.steps.map(({ input }) => input) : [textOf(line)];
};

const act = (action: object, path: string, cluster = 'large-1'): object => ({ kind: 'act', cluster, action, path });

describe('a line becomes', () => {
  it.each([
    ['kubectl --context large-1 get nodes', { kind: 'read', cluster: 'large-1', resource: 'nodes', path: 'api' }],
    [
      'kubectl get po --context=large-1-break-glass -A',
      { kind: 'read', cluster: 'large-1', resource: 'pods', path: 'break-glass' },
    ],
    [
      'kubectl --context small-1 describe no node-00001',
      { kind: 'read', cluster: 'small-1', resource: 'nodes', path: 'api', name: 'node-00001' },
    ],
    [
      'kubectl --context large-1 logs -f telemetry-agent-00003 --tail 20',
      {
        kind: 'read',
        cluster: 'large-1',
        resource: 'pods',
        name: 'telemetry-agent-00003',
        subresource: 'log',
        path: 'api',
      },
    ],
    [
      'ssh large-1-control-plane kubectl logs deploy/coredns -n kube-system',
      { kind: 'read', cluster: 'large-1', resource: 'pods', name: 'coredns-0', subresource: 'log', path: 'inside' },
    ],
    [
      'kubectl --context large-1 exec -it coredns-0 -- sh -c "echo hi"',
      { kind: 'read', cluster: 'large-1', resource: 'flowschemas', path: 'api' },
    ],
    [
      'kubectl --context large-1 edit ds telemetry-agent',
      { kind: 'read', cluster: 'large-1', resource: 'flowschemas', path: 'api' },
    ],
    ['kubectl --context large-1 rollout undo ds/telemetry-agent', act({ action: 'roll-back' }, 'api')],
    [
      'ssh large-1-control-plane kubectl delete daemonset telemetry-agent',
      act({ action: 'delete-daemonset' }, 'inside'),
    ],
    ['kubectl --context large-1 delete clusterrole telemetry-agent', act({ action: 'revoke-role' }, 'api')],
    [
      'kubectl --context large-1 apply -f last-rollout-to-catch-all.yaml',
      act({ action: 'flow-schema', priorityLevel: 'catch-all' }, 'api'),
    ],
    [
      'cloud nodepool scale large-1 --remove 30%',
      act({ action: 'scale-cluster-down', share: 0.3, nodesPerMinute: 100 }, 'cloud-api'),
    ],
    [
      'cloud apiserver resize large-1 --factor 2',
      act({ action: 'scale-api-servers-up', factor: 2, manner: 'rolling' }, 'cloud-api'),
    ],
    ['cloud apiserver add large-1 --replicas 1', act({ action: 'scale-api-servers-out', replicas: 1 }, 'cloud-api')],
    [
      'cloud apiserver restart large-1 --manner at-once',
      act({ action: 'restart-api-servers', manner: 'at-once' }, 'cloud-api'),
    ],
    ['net block-admin-api large-1', act({ action: 'block-admin-api', letThrough: 'nobody' }, 'network')],
    ['net throttle large-1 --per-second 5', act({ action: 'throttle-user-agent', requestsPerSecond: 5 }, 'network')],
    ['nodes stop-agent large-1', act({ action: 'stop-agents', nodesPerMinute: 300 }, 'node')],
    ['lb steer large-1 away', act({ action: 'move-traffic', to: 'away' }, 'tools')],
    ['starts limit large-1 --at-once 500', act({ action: 'limit-start-ups', limit: 500 }, 'tools')],
  ])('%s', (line, input) => {
    expect(inputsOf(line)).toEqual([input]);
  });

  it('one input for each cluster that it names, and not two for one named twice', () => {
    expect(inputsOf('net unblock-admin-api large-1 small-1 large-1')).toEqual([
      act({ action: 'unblock-admin-api' }, 'network'),
      act({ action: 'unblock-admin-api' }, 'network', 'small-1'),
    ]);
  });

  it('a command that gives up with --request-timeout', () => {
    expect(planned('kubectl --context large-1 get nodes --request-timeout=5s')).toMatchObject({ patienceSeconds: 5 });
    expect(textOf('kubectl --context large-1 get nodes --request-timeout=soon')).toMatch(/Invalid timeout value/);
  });
});

describe('what kubectl knows without asking it says at once, in its own words', () => {
  it.each([
    ['kubectl get nodes', 'error: no context is chosen'],
    ['kubectl --context large1 get nodes', 'error: context "large1" does not exist; did you mean "large-1"?'],
    [
      'kubectl --context large-1 get nods',
      `error: the server doesn't have a resource type "nods"; did you mean "nodes"?`,
    ],
    ['kubectl --context large-1 get nodes --contxt x', 'error: unknown flag: --contxt'],
    ['kubectl gte nodes', 'error: unknown command "gte" for "kubectl"; did you mean "get"?'],
    [
      'kubectl --context large-1 rollout pause ds/telemetry-agent',
      'error: daemonsets.apps "telemetry-agent" pausing is not supported',
    ],
    [
      'kubectl --context large-1 scale ds/telemetry-agent --replicas=0',
      'Error from server (NotFound): the server could not find the requested resource',
    ],
    ['kubectl --context large-1 scale deploy/coredns', 'error: The --replicas=COUNT flag is required'],
    [
      'kubectl --context large-1 apply -f last-rollout-to-catchall.yaml',
      'error: the path "last-rollout-to-catchall.yaml" does not exist; did you mean',
    ],
    ['kubectl --context large-1 apply -f logs', 'error: the path "logs" does not exist'],
    ['kubectl --context large-1 logs', 'POD or TYPE/NAME is a required argument for the logs command'],
    ['kubectl --context large-1 logs node/node-00001', 'error: cannot get the logs from nodes'],
    ['kubectl --context large-1 logs coredns-0 --tail=x', 'error: invalid argument "x" for "--tail" flag'],
    ['kubectl --context large-1 logs coredns-0 -p', 'not kept in this exercise'],
    ['kubectl --context large-1 exec', 'error: pod, type/name or --filename must be specified'],
    ['kubectl --context large-1 edit ds', 'error: resource name may not be empty'],
    ['ssh large1-control-plane kubectl get nodes', 'ssh: Could not resolve hostname large1-control-plane'],
  ])('%s', (line, text) => {
    expect(textOf(line)).toContain(text);
  });
});

describe('a line that is no command', () => {
  it.each([
    ['kubeclt get nodes', 'kubeclt: command not found; did you mean "kubectl"?'],
    ['net blok-admin-api large-1', 'did you mean "net block-admin-api"?'],
    ['cloud nodepool scale large-1', 'cloud nodepool scale: --remove: expected a share of up to 95%, such as 30%'],
    ['cloud nodepool scale large-2 --remove 30%', 'no cluster "large-2"; did you mean "large-1"?'],
    ['lb steer large-1 awya', 'expected away or back, got "awya"; did you mean "away"?'],
    ['net throttle large-1 --per-secnd 5', 'unknown option --per-secnd; did you mean "--per-second"?'],
    ['help net', 'drop packets to the API servers'],
    ['help kubctl', 'did you mean "kubectl"?'],
  ])('%s', (line, text) => {
    expect(textOf(line)).toContain(text);
  });

  it('never breaks anything, whatever it is', () => {
    const word = fc.oneof(
      fc.constantFrom('kubectl', 'ssh', 'get', '--context', 'large-1', '-n', 'rollout', 'net', '--', '=', '--remove'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), (words) => {
        expect(planned(words.join(' '))).toHaveProperty('kind');
        expect(Array.isArray(completions(words.join(' '), all))).toBe(true);
      }),
    );
  });
});

describe('abilities', () => {
  it('decide which commands somebody has, and nothing else does', () => {
    const nobody: ConsoleContext = { ...all, abilities: new Set() };
    for (const { name, needs } of commands) {
      if (needs === undefined) continue;
      expect(textOf(name, nobody)).toContain(`none of your roles has the ability "${needs}"`);
      expect(mine(nobody).map((one) => one.name)).not.toContain(name);
    }
  });

  it('to look are not abilities to change', () => {
    const reader: ConsoleContext = { ...all, abilities: new Set(['kubectl-read'] as const) };
    expect(planned('kubectl --context large-1 get nodes', reader).kind).toBe('live');
    expect(textOf('kubectl --context large-1 delete ds telemetry-agent', reader)).toContain('Forbidden');
  });
});

it('the Tab key knows commands, clusters, contexts and files', () => {
  expect(completions('ku', all)).toEqual(['kubectl']);
  expect(completions('net b', all)).toEqual(['block-admin-api']);
  expect(completions('lb steer l', all)).toEqual(['large-1']);
  expect(completions('kubectl --context large-1-', all)).toEqual(['large-1-break-glass']);
  expect(completions('kubectl apply -f last-rollout-to-c', all)).toEqual(['last-rollout-to-catch-all.yaml']);
  expect(completions('ssh ', all)).toEqual(['large-1-control-plane', 'small-1-control-plane']);
});

describe('prose', () => {
  it.each([
    ["status post We're looking; more in ten minutes > soon.", 'status', "We're looking; more in ten minutes > soon."],
    ['say "names fail in large"', 'say', 'names fail in large'],
    ["declare it's DNS", 'declare', "it's DNS"],
    ['resolve', 'resolve', ''],
  ])('takes what people write as they wrote it: %s', (line, kind, text) => {
    expect(planned(line)).toEqual({ kind: 'deed', deed: { kind, text } });
  });
});
