import { expect, it } from 'vitest';
import { createFlowControlConfiguration } from '../flow-control/configuration.ts';
import { flowSchemasOf } from './flow-schemas.ts';
import type { KubernetesRelease } from './release.ts';

/** Names and precedence in a capture of a kube-apiserver 1.31.14 that nobody has configured. */
const captured = [
  'exempt 1',
  'probes 2',
  'system-leader-election 100',
  'endpoint-controller 150',
  'workload-leader-election 200',
  'system-node-high 400',
  'system-nodes 500',
  'kube-controller-manager 800',
  'kube-scheduler 800',
  'kube-system-service-accounts 900',
  'service-accounts 9000',
  'global-default 9900',
  'catch-all 10000',
];

it('1.31 starts with the FlowSchemas that a real one had, and later releases without two of them', () => {
  const listed = (release: KubernetesRelease): readonly string[] =>
    createFlowControlConfiguration({ flowSchemas: flowSchemasOf(release) }).flowSchemas.map(
      (schema) => `${schema.name} ${schema.matchingPrecedence}`,
    );
  for (const release of ['1.29', '1.30', '1.31'] as const) expect(listed(release)).toEqual(captured);
  const today = captured.filter((line) => !/^(endpoint-controller|workload-leader-election) /.test(line));
  for (const release of ['1.34', '1.35', '1.36'] as const) expect(listed(release)).toEqual(today);
});

it('they decide about an add-on that elects its leader with a ConfigMap', () => {
  const request = {
    user: 'system:serviceaccount:kube-system:add-on',
    groups: ['system:serviceaccounts'],
    verb: 'update',
    resource: 'configmaps',
    namespace: 'kube-system',
  };
  const levelOf = (release: KubernetesRelease): string => {
    const configuration = createFlowControlConfiguration({ flowSchemas: flowSchemasOf(release) });
    return configuration.priorityLevels[configuration.classify(request).level]!.name;
  };
  expect(levelOf('1.31')).toBe('leader-election');
  expect(levelOf('1.36')).toBe('workload-high');
});
