import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { createFlowControlConfiguration } from '../kubernetes/flow-control/configuration.ts';
import type { ScenarioDocument } from './document.ts';
import type { FlowSchemaDocument, PriorityLevelDocument } from './flow-control-schema.ts';
import { flowControlOf, settingsOf } from './kubernetes-settings.ts';
import { loadDocument } from './load.ts';
import { parseScenario } from './parse.ts';

/** As `kubectl get -o yaml` prints them, status and all. */
const written = `
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata:
  name: telemetry
  uid: 5f0a
  creationTimestamp: "2026-11-23T10:54:22Z"
spec:
  matchingPrecedence: 8000
  priorityLevelConfiguration: { name: agents }
  distinguisherMethod: { type: ByUser }
  rules:
    - subjects:
        - kind: ServiceAccount
          serviceAccount: { namespace: telemetry, name: '*' }
      resourceRules:
        - { verbs: [list], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }
      nonResourceRules:
        - { verbs: [get], nonResourceURLs: [/metrics] }
status: { conditions: [{ type: Dangling, status: "False" }] }
`;

const agents: PriorityLevelDocument = {
  metadata: { name: 'agents' },
  spec: {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: 5,
      limitResponse: { type: 'Queue', queuing: { queues: 16, handSize: 4, queueLengthLimit: 10 } },
    },
  },
};

type Objects = Pick<ScenarioDocument['kubernetes'], 'flowSchemas' | 'priorityLevelConfigurations'>;

function sectionOf(objects: Objects) {
  const document = smallScenario();
  return parseScenario({ ...document, kubernetes: { ...document.kubernetes, ...objects } }, 'x').kubernetes;
}

function configurationOf(objects: Objects) {
  const section = sectionOf(objects);
  return createFlowControlConfiguration(flowControlOf(section, settingsOf(section, 8)));
}

const list = {
  user: 'system:serviceaccount:telemetry:agent',
  groups: ['system:serviceaccounts'],
  verb: 'list',
  resource: 'pods',
};

describe('objects of the user', () => {
  it('are read as kubectl prints them, and decide about requests', async () => {
    const file = await loadDocument(written, 'schema.yaml');
    const configuration = configurationOf({
      flowSchemas: [file.data as FlowSchemaDocument],
      priorityLevelConfigurations: [agents],
    });
    const { level, schema } = configuration.classify(list);
    expect(configuration.priorityLevels[level]?.name).toBe('agents');
    expect(configuration.flowSchemas[schema]?.name).toBe('telemetry');
    // 5 of 250 shares of 600 seats.
    expect(configuration.seats[level]?.nominal).toBe(12);
    const other = configuration.classify({ ...list, verb: 'get', path: '/metrics' });
    expect(configuration.priorityLevels[other.level]?.name).toBe('workload-low');
  });

  it('replace the suggested object of the same name', () => {
    const workloadLow: PriorityLevelDocument = {
      metadata: { name: 'workload-low' },
      spec: {
        type: 'Limited',
        limited: { nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse: { type: 'Reject' } },
      },
    };
    const configuration = configurationOf({ priorityLevelConfigurations: [workloadLow] });
    const number = configuration.levelNumber('workload-low');
    expect(configuration.seats[number]).toMatchObject({ nominal: 0, min: 0, max: 0 });
    expect(configuration.priorityLevels.filter((level) => level.name === 'workload-low')).toHaveLength(1);
  });

  it('what upstream fills in is filled in', () => {
    const minimal: PriorityLevelDocument = {
      metadata: { name: 'minimal' },
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue' } } },
    };
    const level = sectionOf({ priorityLevelConfigurations: [minimal] }).priorityLevelConfigurations?.[0];
    expect(level).toEqual({
      name: 'minimal',
      type: 'Limited',
      nominalConcurrencyShares: 30,
      lendablePercent: 0,
      limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
    });
  });

  it('the mandatory ones may be listed as they are, and "exempt" may have shares', () => {
    const exempt: PriorityLevelDocument = {
      metadata: { name: 'exempt' },
      spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 10, lendablePercent: 50 } },
    };
    const catchAll: PriorityLevelDocument = {
      metadata: { name: 'catch-all' },
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } } },
    };
    const configuration = configurationOf({ priorityLevelConfigurations: [exempt, catchAll] });
    expect(configuration.seats[configuration.levelNumber('exempt')]?.nominal).toBe(24);
  });
});

describe('what is wrong is said where it stands', () => {
  const schema = (spec: Partial<FlowSchemaDocument['spec']>, name = 'mine'): FlowSchemaDocument => ({
    metadata: { name },
    spec: { priorityLevelConfiguration: { name: 'workload-low' }, ...spec },
  });

  it.each<[Objects, string]>([
    [
      { flowSchemas: [schema({ priorityLevelConfiguration: { name: 'agents' } })] },
      'x: kubernetes.flowSchemas: flow schema "mine": no priority level "agents"; expected one of exempt',
    ],
    [
      { flowSchemas: [schema({ matchingPrecedence: 20_000 })] },
      'x: kubernetes.flowSchemas[0].spec.matchingPrecedence: expected a whole number of at most 10000, got 20000',
    ],
    [
      { flowSchemas: [{ ...schema({}), specs: {} } as FlowSchemaDocument] },
      'x: kubernetes.flowSchemas[0]: unknown key "specs"; did you mean "spec"?',
    ],
    [
      { flowSchemas: [schema({}, 'catch-all')] },
      'x: kubernetes.flowSchemas[0]: the API server keeps "catch-all" as it is; leave it out',
    ],
    [
      { priorityLevelConfigurations: [agents, agents] },
      'x: kubernetes.priorityLevelConfigurations: flow control: priority level "agents" is given twice',
    ],
    [
      {
        priorityLevelConfigurations: [
          {
            metadata: { name: 'catch-all' },
            spec: { type: 'Limited', limited: { nominalConcurrencyShares: 50, limitResponse: { type: 'Reject' } } },
          },
        ],
      },
      'x: kubernetes.priorityLevelConfigurations[0]: the API server keeps "catch-all" as it is; leave it out',
    ],
  ])('%#', (objects, message) => expect(() => sectionOf(objects)).toThrow(message));
});
