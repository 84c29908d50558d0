/** Looking into pods, in a session: what comes back is a request's answer, and what there is not is said. */
import { describe, expect, it } from 'vitest';
import { DrillSession } from '../drill-session.ts';
import { smallDrill } from '../testing/small-drill.ts';

/** What is printed after a line. */
function said(session: DrillSession, line: string): string {
  const from = session.view('alice').console.lines.length;
  session.enter('alice', line);
  session.advanceTo(session.now + 61);
  return session
    .view('alice')
    .console.lines.slice(from + 1)
    .map(({ text }) => text)
    .join('\n');
}

describe('kubectl in a drill', () => {
  const session = new DrillSession(smallDrill());
  session.advanceTo(100);

  it('shows the log of an agent and of CoreDNS, and no other', () => {
    const agent = said(session, 'kubectl --context small logs telemetry-agent-00002').split('\n');
    expect(agent[0]).toMatch(/^\[INFO\] telemetry-agent on node-00002: polling GET \/api\/v1\/pods/);
    expect(agent[1]).toMatch(/^\[INFO\] \d\d:\d\d:\d\d list pods: ok$/);
    expect(agent).toHaveLength(2);
    const last = said(session, 'kubectl --context small logs ds/telemetry-agent --tail=1');
    expect(last).toMatch(/^\[INFO\] \d\d:\d\d:\d\d list pods: ok$/);
    expect(said(session, 'kubectl --context small logs coredns-0')).toBe('.:53\nCoreDNS-1.11.3');
    expect(said(session, 'kubectl --context small logs shop-1')).toBe(
      'Error from server (NotFound): pods "shop-1" not found',
    );
  });

  it('says which flags it does not follow, instead of showing what was not asked for', () => {
    expect(said(session, 'kubectl --context small logs coredns-0 --since=5m')).toMatch(/^drill: .* --since does not$/);
    expect(said(session, 'kubectl --context small logs coredns-0 -p')).toMatch(/^drill: what ended containers/);
  });

  it('says what there is in place of exec and edit', () => {
    expect(said(session, 'kubectl --context small exec -it coredns-0 -- sh')).toMatch(
      /^Error from server \(Forbidden\): pods "coredns-0" is forbidden: User "alice" cannot create resource "pods\/exec"/,
    );
    expect(said(session, 'kubectl --context small edit ds telemetry-agent')).toMatch(
      /^error: unable to launch the editor "vi"\ndrill: /,
    );
  });

  it('is told nothing by an API server that does not answer', () => {
    said(session, 'net block-admin-api small');
    for (const line of ['logs coredns-0', 'exec coredns-0 -- sh', 'edit ds telemetry-agent']) {
      expect(said(session, `kubectl --context small ${line}`)).toMatch(/^Unable to connect to the server: /);
    }
    expect(said(session, 'ssh small-control-plane kubectl logs coredns-0')).toBe('.:53\nCoreDNS-1.11.3');
  });
});
