import { describe, expect, it } from 'vitest';
import { completeDocument } from '../scenario/complete.ts';
import { parseControlPlane } from '../scenario/control-plane/schema.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { scenarioTemplates } from '../incidents/index.ts';
import { readImport, type ImportPart } from './evidence.ts';
import { importCluster } from './import.ts';

/** A cluster of two nodes with everything in it that must not be kept. */
const secret = 'hunter2';
const cluster = (): ImportPart =>
  readImport({
    name: 'cluster.json',
    text: JSON.stringify({
      kind: 'List',
      items: [
        ...['n1', 'n2'].map((name) => ({
          kind: 'Node',
          metadata: { name, annotations: { token: secret }, labels: { team: secret } },
          status: { capacity: { cpu: '16', memory: '64Gi' }, nodeInfo: { kubeletVersion: 'v1.31.4' } },
        })),
        {
          kind: 'Pod',
          metadata: { name: 'kube-apiserver-n1', namespace: 'kube-system', annotations: { x: secret } },
          spec: {
            nodeName: 'n1',
            containers: [
              {
                command: ['kube-apiserver', '--max-requests-inflight=800', `--etcd-servers=https://${secret}:2379`],
                env: [{ name: 'PASSWORD', value: secret }],
              },
            ],
          },
        },
        {
          kind: 'DaemonSet',
          metadata: { name: 'collector', namespace: 'acme-payments' },
          spec: {
            template: { spec: { serviceAccountName: 'acme-collector', containers: [{ env: [{ value: secret }] }] } },
          },
        },
        { kind: 'Secret', metadata: { name: 'a' }, data: { password: secret } },
      ],
    }),
  });

const events = (): ImportPart =>
  readImport({
    name: 'audit.log',
    text: Array.from({ length: 60 }, (_, index) =>
      JSON.stringify({
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        auditID: String(index),
        stage: 'ResponseComplete',
        requestURI: '/api/v1/pods?resourceVersion=0&limit=500',
        verb: 'list',
        user: { username: 'system:serviceaccount:acme-payments:acme-collector' },
        userAgent: 'acme-collector/v3 (linux/amd64)',
        sourceIPs: ['10.66.66.66'],
        objectRef: { resource: 'pods', name: secret },
        requestObject: { data: secret },
        responseStatus: { code: 200 },
        requestReceivedTimestamp: `2026-11-23T10:54:${String(index).padStart(2, '0')}.000000Z`,
        stageTimestamp: `2026-11-23T10:54:${String(index).padStart(2, '0')}.004000Z`,
        annotations: { note: secret },
      }),
    ).join('\n'),
  });

describe('an import', () => {
  it('makes documents that pass every check, and numbers that name their file', () => {
    const { scenario, controlPlane, report } = importCluster([cluster(), events()], { triggerDaemonSet: 'collector' });
    const parsed = parseScenario(completeDocument(scenario, scenarioTemplates) as ScenarioDocument, 'x');
    expect(parsed.clusters[0]).toMatchObject({ nodes: 2, apiServers: { replicas: 1 } });
    expect(parsed.agent).toMatchObject({
      name: 'collector',
      list: { resourceVersion: '0', limit: 500 },
      period: 2_000_000,
    });
    expect(parseControlPlane(controlPlane, 'x').clients[0]).toMatchObject({ kind: 'agents', request: { limit: 500 } });
    expect(report.imported).toContainEqual({
      document: 'scenario',
      path: 'clusters[0].nodes',
      text: '2',
      note: 'cluster.json: counted',
    });
    expect(report.notes).toContain('objects that were not read: 1 Secret');
    expect(report.notes.join()).toMatch(/values not kept: etcd-servers/);
  });

  it('keeps no secret, environment, annotation, label or address: not in what is read, not in what is made', () => {
    const parts = [cluster(), events()];
    const all = JSON.stringify([parts, importCluster(parts, { triggerDaemonSet: 'collector' })]);
    expect(all).not.toMatch(/hunter2|10\.66/);
  });

  it('redacts names, the same name to the same one, and leaves numbers as they are', () => {
    const parts = [cluster(), events()];
    const plain = importCluster(parts, { triggerDaemonSet: 'acme-payments/collector' });
    const redacted = importCluster(parts, { triggerDaemonSet: 'acme-payments/collector', redact: true });
    expect(JSON.stringify(redacted)).not.toMatch(/acme|collector\b/);
    expect(redacted.controlPlane!.clients[0]!.user).toBe('system:serviceaccount:namespace-1:account-1');
    expect(redacted.controlPlane!.clients[0]!.kind).toBe('agents');
    const numbers = (made: unknown): string =>
      JSON.stringify(made).replace(/[a-z-]+-\d\b|acme-collector|collector/g, 'x');
    expect(numbers(redacted.controlPlane!.stored)).toBe(numbers(plain.controlPlane!.stored));
  });

  it('refuses a DaemonSet that is not there, and says which are', () => {
    expect(() => importCluster([cluster()], { triggerDaemonSet: 'collectr' })).toThrow(
      '--trigger-daemonset: expected the name of a DaemonSet, got "collectr"; did you mean "collector"?',
    );
  });
});
