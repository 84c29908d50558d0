/** What people see of a cluster: through its API as it is stored, and on dashboards as it was last scraped. */
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { readResources } from '../operations/playbook/console-reads.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import type { ApiRow } from './answer.ts';
import { NodeBits, NodeLease } from './frame.ts';
import type { ReadInput } from './live-input.ts';
import { LiveRun } from './live-run.ts';

const by = 'on call';
const small = smallScenario({ nodes: 40, end: '6 min' });
/** The parts of a release: a node lifecycle controller, CoreDNS as pods, priority and fairness. */
const complete: ScenarioDocument = {
  ...small,
  clusters: [small.clusters[1]!],
  rollout: { waves: [{ clusters: ['large'], at: '0 min' }] },
  kubernetes: { ...small.kubernetes, profile: '2024' },
  operators: { ...small.operators, monitoring: { sharesFate: 'api' } },
};

function read(live: LiveRun, resource: ReadInput['resource'], path: ReadInput['path'] = 'api'): readonly ApiRow[] {
  const { id } = live.act({ kind: 'read', cluster: 'large', resource, path, by });
  live.advanceTo(live.now + 10);
  const answer = live.answers.find((one) => one.id === id);
  expect(answer, resource).toMatchObject({ ok: true });
  return answer!.rows!;
}

describe('the API of a cluster with all its parts', () => {
  const live = new LiveRun(complete, {
    crew: 'none',
    frames: { everySeconds: 5 },
    watch: [{ metric: 'nodes_not_ready' }, { metric: 'user_error_share' }],
  });
  live.advanceTo(60);

  it('answers every type, with a row for each object', () => {
    const rows = Object.fromEntries(readResources.map((resource) => [resource, read(live, resource)]));
    expect(rows['nodes']).toHaveLength(40);
    expect(rows['leases']).toHaveLength(40);
    expect(rows['daemonsets']).toEqual([
      { name: 'telemetry-agent', namespace: 'other', desired: 40, current: 40, ready: expect.any(Number) as number },
    ]);
    expect(rows['pods']!.filter(({ name }) => String(name).startsWith('telemetry-agent'))).toHaveLength(40);
    expect(rows['deployments']).toEqual([{ name: 'coredns', namespace: 'kube-system', replicas: 2, ready: 2 }]);
    expect(rows['endpointslices']).toEqual([{ name: 'kube-dns', namespace: 'kube-system', endpoints: 2 }]);
    expect(rows['events']).toEqual([]);
    const levels = rows['prioritylevelconfigurations']!.map(({ name }) => name);
    expect(levels).toContain('workload-low');
    expect(rows['flowschemas']!.every(({ priorityLevel }) => levels.includes(priorityLevel!))).toBe(true);
  });

  it('has a silent node as Ready until somebody has written otherwise, and dashboards are blank meanwhile', () => {
    expect(live.darkClusters()).toEqual([]);
    expect(live.seen().map(({ metric, values }) => [metric, ...values])).toEqual([
      ['nodes_not_ready', 0],
      ['user_error_share', 0],
    ]);
    live.act({ kind: 'fault', fault: { kind: 'network-partition' }, by });
    live.advanceTo(live.now + 20);
    // Kubelets have not got through for two renewals; the controllers, inside, look at nothing but the age of leases.
    const before = read(live, 'nodes', 'inside');
    expect(before.every(({ ready }) => ready === 'True')).toBe(true);
    const late = live.frames.frameAt(live.now)!.clusters[0]!.nodes;
    expect(late.every((byte) => (byte & NodeBits.lease) === NodeLease.late)).toBe(true);
    expect(late.every((byte) => (byte & NodeBits.notReadyInApi) === 0)).toBe(true);
    live.advanceTo(live.now + 60);
    const after = read(live, 'nodes', 'inside');
    // One node after the other, and every pod of it: the controllers have a rate limit.
    const unknown = after.filter(({ ready }) => ready === 'Unknown');
    expect(unknown.length).toBeGreaterThan(0);
    const frame = live.frames.frameAt(live.now)!.clusters[0]!;
    expect(frame.nodesNotReady).toBe(40);
    const marked = frame.nodes.filter((byte) => (byte & NodeBits.notReadyInApi) !== 0);
    expect(marked.length).toBeGreaterThanOrEqual(unknown.length);
    // Monitoring reads through the API from outside; what it measures at the edge it sees all the same: names run out.
    expect(live.darkClusters()).toEqual(['large']);
    const [nodes, users] = live.seen();
    expect(nodes!.values[0]).toBeNaN();
    expect(users!.values[0]).toBeGreaterThan(0);
  });
});

describe('more API servers', () => {
  const out = {
    kind: 'act',
    cluster: 'large',
    action: { action: 'scale-api-servers-out', replicas: 2 },
    path: 'cloud-api',
    by,
  } as const;

  it('can be started where there are machines, and only there', () => {
    for (const [spareApiServers, ok] of [
      [0, false],
      [1, true],
    ] as const) {
      const live = new LiveRun(small, { crew: 'none', spareApiServers });
      live.act(out);
      live.advanceTo(300);
      expect(live.answers[0]!.ok).toBe(ok);
      expect(live.run.world.sites[1]!.cluster.controlPlane.balanced).toHaveLength(3 + spareApiServers);
    }
  });

  it('take the time of a machine, and no time of people', () => {
    const live = new LiveRun(small, { crew: 'none', spareApiServers: 1 });
    live.act(out);
    live.advanceTo(300);
    expect(live.answers[0]!.endedAt - live.answers[0]!.beganAt).toBe(210);
  });
});

it('commands to one cluster at once are limited, and each has an answer', () => {
  const live = new LiveRun(small, { crew: 'none' });
  live.act({ kind: 'fault', fault: { kind: 'network-partition' }, by });
  for (let i = 0; i < 20; i++) live.act({ kind: 'read', cluster: 'large', resource: 'nodes', path: 'api', by });
  live.advanceTo(60);
  const answers = live.answers.filter(({ id }) => id > 0);
  expect(answers).toHaveLength(20);
  expect(answers.every(({ ok }) => !ok)).toBe(true);
  expect(answers.filter(({ error }) => error?.includes('at most 16 commands at once'))).toHaveLength(4);
  live.run.world.sites[1]!.cluster.controlPlane.checkBooks();
});
