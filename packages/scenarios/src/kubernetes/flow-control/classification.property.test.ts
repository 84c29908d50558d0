/** Looking a schema up once for alike requests is looking it up for each: whoever asks, in whatever order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFlowControlConfiguration } from './configuration.ts';
import { type FlowSchema, matches, type RequestDescription, type Subject } from './flow-schema.ts';

const users = [
  'jane',
  'john',
  'system:node:n1',
  'system:serviceaccount:kube-system:dns',
  'system:serviceaccount:app:web',
];
const groups = ['system:nodes', 'system:authenticated', 'system:serviceaccounts'];
const someOf = (names: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...names, '*'], { minLength: 1 });
const maybe = (...names: readonly string[]): fc.Arbitrary<string | undefined> => fc.constantFrom(undefined, ...names);

const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.constantFrom(...users, '*').map((name): Subject => ({ kind: 'User', name })),
  fc.constantFrom(...groups, '*').map((name): Subject => ({ kind: 'Group', name })),
  fc
    .constantFrom('dns', 'web', '*')
    .map((name): Subject => ({ kind: 'ServiceAccount', namespace: 'kube-system', name })),
);
const schemas = fc
  .array(
    fc.record({
      subjects: fc.array(subject, { minLength: 1, maxLength: 3 }),
      verbs: someOf(['get', 'list']),
      resources: someOf(['pods', 'pods/status']),
      apiGroups: someOf(['', 'apps']),
      namespaces: someOf(['default', 'app']),
      clusterScope: fc.boolean(),
      urls: someOf(['/healthz']),
    }),
    { maxLength: 5 },
  )
  .map((all) =>
    all.map(
      ({ subjects, verbs, urls, ...rule }, number): FlowSchema => ({
        name: `schema-${number}`,
        matchingPrecedence: 100 + number,
        priorityLevel: 'workload-low',
        rules: [
          { subjects, resourceRules: [{ ...rule, verbs }], nonResourceRules: [{ verbs, nonResourceUrls: urls }] },
        ],
      }),
    ),
  );
const request = fc
  .record({
    user: fc.constantFrom(...users),
    groups: fc.constantFrom(groups.slice(0, 1), groups.slice(1)),
    verb: fc.constantFrom('get', 'list'),
    resource: maybe('pods'),
    subresource: maybe('status'),
    apiGroup: maybe('apps'),
    namespace: maybe('default'),
    path: maybe('/healthz'),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never);

test('requests fall under the first schema that matches them', () => {
  fc.assert(
    fc.property(
      schemas,
      fc.array(request, { minLength: 20, maxLength: 60 }),
      (flowSchemas, requests: RequestDescription[]) => {
        const configuration = createFlowControlConfiguration({ flowSchemas });
        for (const one of requests) {
          const first = configuration.flowSchemas.find((schema) => matches(schema, one))?.name ?? 'catch-all';
          expect(configuration.flowSchemas[configuration.classify(one).schema]!.name).toBe(first);
        }
      },
    ),
  );
});
