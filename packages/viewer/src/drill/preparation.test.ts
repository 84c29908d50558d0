/** A drill that is taken up where its host was lost: the same run, the same views, and time stands still. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeDocument, drillFile, DrillSession, loadDocument, type ScenarioDocument } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { DrillHost } from './drill-host.ts';
import type { Joined } from './drill-messages.ts';
import type { PastDrill } from './preparation.ts';

const text = readFileSync(fileURLToPath(new URL('../../../../docs/guides/two-clusters.yaml', import.meta.url)), 'utf8');
const document = completeDocument((await loadDocument(text, 'two-clusters.yaml')).data) as ScenarioDocument;
const never = (): boolean => false;

function hosted(past?: PastDrill): {
  readonly host: DrillHost;
  readonly session: DrillSession;
  readonly token: string;
} {
  const session = new DrillSession({ document, trainees: [{ name: 'Alex', roles: ['platform'] }], endSeconds: 480 });
  const pack = (one: DrillSession): string => JSON.stringify(drillFile(one));
  const codes = { code: 'trainees', facilitatorCode: 'facilitator' };
  const host = new DrillHost(session, { ...codes, beginsAtOnce: true, draw: () => `${Math.random()}`, pack, past });
  const { token } = host.call({ kind: 'join', code: 'trainees', seat: 'Alex' }) as Joined;
  return { host, session, token };
}

/** What a page would have kept, as it comes out of its storage. */
function pastOf({ host, session }: Pick<ReturnType<typeof hosted>, 'host' | 'session'>): PastDrill {
  const { state } = host.pace;
  const past = { log: session.log, untilSeconds: session.now, state };
  return JSON.parse(JSON.stringify(past)) as PastDrill;
}

/** Played for so many simulated seconds, with a command under way at the end. */
function played(seconds: number): ReturnType<typeof hosted> {
  const one = hosted();
  const { host, token } = one;
  host.step(0, never);
  const enter = (line: string): unknown => host.call({ kind: 'enter', token, deed: { kind: 'line', line } });
  enter('kubectl config use-context large');
  for (let t = 0; t < seconds; t += 10) {
    host.step(0.973, never);
    if (t === 120) enter('kubectl get nodes');
  }
  enter('kubectl get pods');
  host.step(0.3, never);
  return one;
}

describe('a drill that is taken up', () => {
  it('is where it was, to the digest and the last word on a screen, and waits to be gone on with', () => {
    const before = played(400);
    const after = hosted(pastOf(before));
    expect(after.host.pace.state).toBe('preparing');
    // In turns: nobody waits for a page that does not answer.
    let turns = 0;
    while (after.host.pace.state === 'preparing') {
      after.host.step(0, () => true);
      turns++;
    }
    expect(turns).toBeGreaterThan(5);
    expect(after.host.pace).toMatchObject({ state: 'paused', t: before.session.now });
    expect(after.session.digest()).toBe(before.session.digest());
    expect(after.session.view('Alex')).toEqual({ ...before.session.view('Alex'), isPaused: true });
    expect(after.session.log.slice(0, -1)).toEqual(before.session.log);
    expect(after.session.log.at(-1)).toMatchObject({ kind: 'pause', t: before.session.now });

    const { host } = after;
    const { token } = host.call({ kind: 'join', code: 'facilitator' }) as Joined;
    host.call({ kind: 'facilitate', token, command: { kind: 'resume' } });
    for (const one of [before, after]) while (one.host.pace.state === 'running') one.host.step(1, never);
    expect(after.session.digest()).toBe(before.session.digest());
  });

  it('stays paused, over, or not begun, if that is what it was', () => {
    const one = played(60);
    const past = pastOf(one);
    const stateAfter = (state: PastDrill['state'], log = past.log): unknown => {
      const { host, session } = hosted({ ...past, log, state });
      while (host.pace.state === 'preparing') host.step(0, never);
      return [host.pace.state, session.log.length - log.length];
    };
    expect(stateAfter('paused')).toEqual(['paused', 0]);
    expect(stateAfter('over')).toEqual(['over', 0]);
    expect(stateAfter('waiting', [])).toEqual(['waiting', 0]);
  });

  it('is over at its end, although the log has something later', () => {
    const { host } = hosted({
      log: [{ t: 900, by: 'Alex', kind: 'line', line: 'help' }],
      untilSeconds: 900,
      state: 'running',
    });
    for (let turn = 0; turn < 50 && host.pace.state === 'preparing'; turn++) host.step(0, () => true);
    expect(host.pace).toMatchObject({ state: 'over', t: 480 });
  });
});
