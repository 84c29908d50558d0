import { expect, test } from 'vitest';
import { createFlowControlConfiguration } from './configuration.ts';
import { type FlowSchema, isLongRunning, matches, type RequestDescription } from './flow-schema.ts';
import {
  anonymous,
  breakGlassAdmin,
  type Identity,
  kubeControllerManager,
  kubeScheduler,
  nodeIdentity,
  serviceAccountIdentity,
  userIdentity,
} from './identity.ts';

const configuration = createFlowControlConfiguration();
const coreDns = serviceAccountIdentity({ namespace: 'kube-system', name: 'coredns' });
const agent = serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' });
const lease = { apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' };
const pods = { resource: 'pods', namespace: 'shop' };

const cases: readonly (readonly [string, Identity, Omit<RequestDescription, keyof Identity>, string, string])[] = [
  ['an admin of system:masters', breakGlassAdmin, { verb: 'delete', ...pods }, 'exempt', 'exempt'],
  ['an anonymous probe', anonymous, { verb: 'get', path: '/livez' }, 'probes', 'exempt'],
  ['a probe of one check', anonymous, { verb: 'get', path: '/readyz/etcd' }, 'probes', 'exempt'],
  ['an anonymous version check', anonymous, { verb: 'get', path: '/version' }, 'global-default', 'global-default'],
  [
    'a controller manager lease',
    kubeControllerManager,
    { verb: 'update', ...lease },
    'system-leader-election',
    'leader-election',
  ],
  ['a kube-system account lease', coreDns, { verb: 'create', ...lease }, 'system-leader-election', 'leader-election'],
  [
    'a lease patch, which is no leader election',
    coreDns,
    { verb: 'patch', ...lease },
    'kube-system-service-accounts',
    'workload-high',
  ],
  ['a heartbeat', nodeIdentity('n1'), { verb: 'update', ...lease }, 'system-node-high', 'node-high'],
  [
    'a node status',
    nodeIdentity('n1'),
    { verb: 'patch', resource: 'nodes', subresource: 'status' },
    'system-node-high',
    'node-high',
  ],
  ['a kubelet reading pods', nodeIdentity('n1'), { verb: 'list', ...pods }, 'system-nodes', 'system'],
  [
    'the controller manager',
    kubeControllerManager,
    { verb: 'list', ...pods },
    'kube-controller-manager',
    'workload-high',
  ],
  [
    'the scheduler',
    kubeScheduler,
    { verb: 'create', resource: 'pods', subresource: 'binding', namespace: 'shop' },
    'kube-scheduler',
    'workload-high',
  ],
  ['CoreDNS', coreDns, { verb: 'watch', resource: 'services' }, 'kube-system-service-accounts', 'workload-high'],
  ['an agent with an account elsewhere', agent, { verb: 'list', resource: 'pods' }, 'service-accounts', 'workload-low'],
  [
    'a person',
    userIdentity('ann'),
    { verb: 'delete', resource: 'daemonsets', apiGroup: 'apps', namespace: 'x' },
    'global-default',
    'global-default',
  ],
  ['somebody in no group at all', { user: 'ghost', groups: [] }, { verb: 'get', ...pods }, 'catch-all', 'catch-all'],
];

test.each(cases)('%s goes where the bootstrap schemas send it', (_, identity, request, schema, level) => {
  const found = configuration.classify({ ...identity, ...request });
  expect(configuration.flowSchemas[found.schema]!.name).toBe(schema);
  expect(configuration.priorityLevels[found.level]!.name).toBe(level);
});

test('flows are told apart by user or by namespace, as the schema says', () => {
  const flow = (identity: Identity, namespace: string): number =>
    configuration.classify({ ...identity, verb: 'get', resource: 'pods', namespace }).flow;
  expect(flow(agent, 'a')).toBe(flow(agent, 'b'));
  expect(flow(agent, 'a')).not.toBe(flow(serviceAccountIdentity({ namespace: 'telemetry', name: 'other' }), 'a'));
  expect(flow(coreDns, 'a')).not.toBe(flow(coreDns, 'b'));
  expect(flow(coreDns, 'a')).toBe(flow(serviceAccountIdentity({ namespace: 'kube-system', name: 'proxy' }), 'a'));
  expect(flow(kubeScheduler, 'a')).not.toBe(flow(kubeControllerManager, 'a'));
});

test('long-running requests are those with a long-running verb or subresource', () => {
  const request = { ...agent, ...pods };
  expect(isLongRunning({ ...request, verb: 'watch' })).toBe(true);
  expect(isLongRunning({ ...request, verb: 'create', subresource: 'exec' })).toBe(true);
  expect(isLongRunning({ ...request, verb: 'get', subresource: 'log' })).toBe(true);
  expect(isLongRunning({ ...request, verb: 'get', subresource: 'status' })).toBe(false);
  expect(isLongRunning({ ...request, verb: 'list' })).toBe(false);
});

test('long-running requests other than watches bypass priority and fairness', () => {
  expect(configuration.classify({ ...agent, ...pods, verb: 'create', subresource: 'exec' }).level).toBe(-1);
  expect(configuration.classify({ ...agent, ...pods, verb: 'watch' }).level).toBe(
    configuration.levelNumber('workload-low'),
  );
});

const schema: FlowSchema = {
  name: 'telemetry',
  matchingPrecedence: 500,
  priorityLevel: 'catch-all',
  rules: [
    {
      subjects: [{ kind: 'ServiceAccount', namespace: 'telemetry', name: 'agent' }],
      resourceRules: [
        { verbs: ['list'], apiGroups: [''], resources: ['pods'], namespaces: ['*'], clusterScope: true },
        {
          verbs: ['get'],
          apiGroups: ['apps'],
          resources: ['daemonsets/status'],
          namespaces: ['a'],
          clusterScope: false,
        },
      ],
      nonResourceRules: [{ verbs: ['get'], nonResourceUrls: ['/metrics/*'] }],
    },
  ],
};

test('a rule matches only what it names', () => {
  const other = serviceAccountIdentity({ namespace: 'telemetry', name: 'agent2' });
  expect(matches(schema, { ...agent, verb: 'list', resource: 'pods' })).toBe(true);
  expect(matches(schema, { ...other, verb: 'list', resource: 'pods' })).toBe(false);
  expect(matches(schema, { ...agent, verb: 'watch', resource: 'pods' })).toBe(false);
  expect(matches(schema, { ...agent, verb: 'list', resource: 'pods', subresource: 'status' })).toBe(false);
  expect(matches(schema, { ...agent, verb: 'list', resource: 'pods', apiGroup: 'apps' })).toBe(false);
  const status = { ...agent, verb: 'get', apiGroup: 'apps', resource: 'daemonsets', subresource: 'status' };
  expect(matches(schema, { ...status, namespace: 'a' })).toBe(true);
  expect(matches(schema, { ...status, namespace: 'b' })).toBe(false);
  expect(matches(schema, status)).toBe(false);
  expect(matches(schema, { ...agent, verb: 'get', path: '/metrics/cadvisor' })).toBe(true);
  expect(matches(schema, { ...agent, verb: 'get', path: '/metrics' })).toBe(false);
});

test('a schema with a lower number is tried before the bootstrap ones', () => {
  const defaults = createFlowControlConfiguration().flowSchemas;
  const own = createFlowControlConfiguration({ flowSchemas: [...defaults, schema] });
  const found = own.classify({ ...agent, verb: 'list', resource: 'pods' });
  expect(own.flowSchemas[found.schema]!.name).toBe('telemetry');
  expect(own.priorityLevels[found.level]!.name).toBe('catch-all');
});
