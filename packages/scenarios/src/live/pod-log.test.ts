/** Logs of pods: asked for through the API server, and with nothing in them but what the process itself has met. */
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import type { LiveAnswer } from './answer.ts';
import { LiveRun } from './live-run.ts';

const by = 'on call';
const small = smallScenario({ nodes: 300, end: '20 min' });
const path = 'inside';

function logOf(live: LiveRun, name: string, way: 'api' | 'inside' = path, cluster = 'large'): LiveAnswer {
  const { id } = live.act({ kind: 'read', cluster, resource: 'pods', name, subresource: 'log', path: way, by });
  live.advanceTo(live.now + 40);
  return live.answers.find((one) => one.id === id)!;
}

function linesOf({ rows = [] }: LiveAnswer): string[] {
  return rows.map(({ level, text, refusal }) => String(refusal ?? `${String(level)} ${String(text)}`));
}

describe('the log of an agent', () => {
  it('says what it was told, and how its last request ended', () => {
    const live = new LiveRun(small, { crew: 'none' });
    live.advanceTo(120);
    const lines = linesOf(logOf(live, 'telemetry-agent-00003', 'api', 'small'));
    expect(lines[0]).toMatch(/^info telemetry-agent on node-00003: polling GET \/api\/v1\/pods\S* every \d+s$/);
    expect(lines.slice(1)).toEqual(['info list pods: ok']);
    // In the other cluster the rollout has not begun.
    expect(logOf(live, 'telemetry-agent-00003').rows).toEqual([]);
  });

  it('has the errors of the clients of a cluster that does not bear them, and nobody gets it from behind a block', () => {
    const live = new LiveRun(small, { crew: 'none' });
    live.advanceTo(420);
    live.act({
      kind: 'act',
      cluster: 'large',
      path: 'network',
      by,
      action: { action: 'block-admin-api', letThrough: 'nobody' },
    });
    live.advanceTo(480);
    expect(logOf(live, 'telemetry-agent-00007', 'api')).toMatchObject({ ok: false, status: 'timed-out' });
    const failing = ['00007', '00100', '00200'].flatMap((place) => linesOf(logOf(live, `telemetry-agent-${place}`)));
    const failed = failing.filter((line) => line.startsWith('error list pods: failed: '));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.some((line) => line.includes('https://10.96.0.1:443/api/v1/pods'))).toBe(true);
  });

  it('changes nothing but what its two requests cost', () => {
    const seen = new LiveRun(small, { crew: 'none', untilSeconds: 200 });
    const got = new LiveRun(small, { crew: 'none', untilSeconds: 200 });
    seen.advanceTo(100);
    got.advanceTo(100);
    logOf(seen, 'coredns-0', 'api', 'small');
    const ask = { kind: 'read', cluster: 'small', resource: 'flowschemas', path: 'api', by } as const;
    got.act(ask);
    seen.advanceTo(200);
    got.advanceTo(200);
    const sent = (live: LiveRun): number =>
      live.run.world.sites[0]!.cluster.controlPlane.groups.find(({ name }) => name === 'console')!.sent;
    // Discovery, two requests and one, whatever is in them.
    expect(sent(seen) - sent(got)).toBe(1);
  });

  it('is asked for by the name of a pod', () => {
    const live = new LiveRun(small, { crew: 'none' });
    const read = { kind: 'read', cluster: 'small', path: 'api', by, subresource: 'log' } as const;
    expect(() => live.act({ ...read, resource: 'pods' })).toThrow(
      'read: subresource: expected log, of a pod by its name',
    );
    expect(() => live.act({ ...read, resource: 'nodes', name: 'node-00001' })).toThrow('subresource');
  });
});

describe('the log of CoreDNS', () => {
  it('says what it waits for while it has not seen the API', () => {
    const [, large] = small.clusters;
    const document: ScenarioDocument = {
      ...small,
      clusters: [large!],
      rollout: null,
      kubernetes: { ...small.kubernetes, profile: '2024' },
    };
    const live = new LiveRun(document, { crew: 'none' });
    live.advanceTo(10);
    expect(linesOf(logOf(live, 'coredns-0'))).toEqual(['print .:53', 'print CoreDNS-1.11.3']);
    expect(logOf(live, 'coredns-77').rows).toEqual([]);
  });
});
