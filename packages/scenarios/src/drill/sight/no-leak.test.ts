/**
 * What trainees see comes from what can be seen. Two days that differ only behind what anybody observes must give equal views,
 * and views must differ once something observable does.
 */
import { describe, expect, it } from 'vitest';
import { DrillSession } from '../drill-session.ts';
import type { DrillView } from '../drill-view.ts';
import { quietDocument, smallDrill, type WrittenFaults } from '../testing/small-drill.ts';

/** Views of a drill at some times, on the small day without its rollout but with these faults. */
function viewsOf(
  faults: WrittenFaults,
  monitoring: 'none' | 'api',
  times: readonly number[],
  line?: string,
): DrillView[] {
  const plain = quietDocument(faults);
  const document = { ...plain, operators: { ...plain.operators, monitoring: { sharesFate: monitoring } } };
  const session = new DrillSession(smallDrill({ document, difficulty: 'guided' }));
  return times.map((t) => {
    session.advanceTo(t);
    if (line !== undefined) session.enter('alice', line);
    return session.view('alice');
  });
}

describe('between two scrapes', () => {
  // Scrapes are at every half minute; the crash lies in between, and the balancer's users do not need the API.
  const crash = [{ kind: 'api-server-crash', at: '61 s', servers: 1, clusters: ['large'] }] as const;
  const times = [60, 65, 75, 85, 89];

  it('nothing shows of a server that has just crashed', () => {
    expect(viewsOf(crash, 'none', times)).toEqual(viewsOf([], 'none', times));
  });

  it('and at the next it does', () => {
    const [before, after] = [viewsOf([], 'none', [95]), viewsOf(crash, 'none', [95])];
    expect(after).not.toEqual(before);
    const up = after[0]!.boards
      .find(({ id }) => id === 'overview')!
      .panels.find(({ metric }) => metric === 'apiserver_up_share')!;
    expect(up.lines.map(({ last }) => last)).toEqual(['100 %', '66.7 %']);
  });
});

describe('behind a block, with monitoring that needs the API', () => {
  const block = { kind: 'network-partition', at: '61 s', until: '400 s', clusters: ['large'] } as const;
  const crash = { kind: 'api-server-crash', at: '120 s', until: '390 s', servers: 3, clusters: ['large'] } as const;
  const times = [110, 150, 200, 300, 380];

  it('nobody can tell dead API servers from living ones', () => {
    const [one, other] = [viewsOf([block], 'api', times), viewsOf([block, crash], 'api', times)];
    expect(other).toEqual(one);
    const api = one[2]!.boards.find(({ id }) => id === 'api-servers')!.panels[0]!;
    expect(api.lines[1]!.last).toBe('no data');
    expect(api.lines[0]!.last).not.toBe('no data');
  });

  it('not even by asking: kubectl hangs in both', () => {
    const line = 'kubectl --context large get nodes --request-timeout=20s';
    const asked = [150, 200];
    expect(viewsOf([block, crash], 'api', asked, line)).toEqual(viewsOf([block], 'api', asked, line));
  });
});

it('no view names what only the model knows', () => {
  const session = new DrillSession(smallDrill({ difficulty: 'guided' }));
  session.advanceTo(900);
  const hidden = session
    .truth()
    .notes.filter(({ kind }) => ['memory-kill', 'liveness-kill', 'etcd-kill', 'dns', 'users', 'fault'].includes(kind));
  expect(hidden.length).toBeGreaterThan(0);
  const seen = JSON.stringify(session.view('alice'));
  for (const { text } of hidden) expect(seen).not.toContain(text);
  session.enter('alice', 'kubectl --context small get events');
  session.advanceTo(910);
  expect(JSON.stringify(session.view('alice'))).not.toContain('while serving');
});

it('nothing names what will be rolled out before it is', () => {
  const trainees = [{ name: 'alice', roles: ['platform', 'networking'] }];
  const session = new DrillSession(smallDrill({ trainees, difficulty: 'expert' }));
  session.advanceTo(-60);
  session.enter('alice', 'help');
  session.enter('alice', 'ls');
  expect(JSON.stringify(session.view('alice'))).not.toContain('telemetry-agent');
  expect(session.complete('alice', 'kubectl --context large delete ds ')).not.toContain('telemetry-agent');
});
