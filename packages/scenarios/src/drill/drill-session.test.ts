/** A drill as its host moves it on. The small scenario loses its large cluster some six minutes after the trigger. */
import { describe, expect, it } from 'vitest';
import { LiveRun } from '../live/live-run.ts';
import { runScenario } from '../scenario/run.ts';
import { drillFile, replayDrill } from './drill-file.ts';
import { DrillSession } from './drill-session.ts';
import { smallDocument, smallDrill } from './testing/small-drill.ts';

/** Lines of alice's console from some time on, as `kind text`. */
function consoleOf(session: DrillSession, from = -Infinity): string[] {
  return session
    .view('alice')
    .console.lines.filter(({ t }) => t >= from)
    .map(({ kind, text }) => `${kind} ${text}`);
}

/** Plays a script of `[seconds, line]` up to an end. */
function play(
  session: DrillSession,
  script: readonly (readonly [number, string])[],
  end: number,
  step = Infinity,
): void {
  const goTo = (t: number): void => {
    while (session.now < t) session.advanceTo(Math.min(t, session.now + step));
  };
  for (const [t, line] of script) {
    goTo(t);
    session.enter('alice', line);
  }
  goTo(end);
}

const script = [
  [100, 'kubectl config use-context large'],
  [101, 'kubectl get daemonsets'],
  [370, 'declare large is down'],
  [480, 'kubectl rollout undo daemonset/telemetry-agent'],
  [530, 'net block-admin-api large'],
  [620, 'ssh large-control-plane kubectl delete daemonset telemetry-agent'],
  [680, 'ssh large-control-plane kubectl delete daemonset telemetry-agent'],
  [740, 'net unblock-admin-api large'],
  [900, 'status post service is coming back'],
] as const;

describe('a session', () => {
  const whole = new DrillSession(smallDrill());
  play(whole, script, 1500);

  it('is the same whatever the steps of its host, in everything that is seen', () => {
    const cut = new DrillSession(smallDrill());
    play(cut, script, 1500, 3.7);
    expect(cut.view('alice')).toEqual(whole.view('alice'));
    expect(cut.digest()).toBe(whole.digest());
  });

  it('played again from its file is the same', () => {
    const replayed = replayDrill(drillFile(whole))!;
    expect(replayed.isSame).toBe(true);
    expect(replayed.session.view('alice')).toEqual(whole.view('alice'));
  });

  it('is the run of its inputs: looking at it moves nothing', () => {
    const live = new LiveRun(smallDocument(), { seed: '1', crew: 'none', actions: whole.actions, spareApiServers: 2 });
    live.advanceTo(1500);
    expect(live.run.digest()).toBe(whole.digest());
  });

  it('locks people out through the API, and lets them in from inside a block', () => {
    const lines = consoleOf(whole, 480);
    expect(lines[1]).toMatch(/^error (Unable to connect to the server|The connection to the server|Error from server)/);
    expect(lines).toContain('out firewall: API of large blocked');
    expect(lines).toContain('out daemonset.apps "telemetry-agent" deleted');
    expect(lines).toContain('error Error from server (NotFound): daemonsets.apps "telemetry-agent" not found');
    expect(whole.result().kpis['lockoutSeconds']).toBeGreaterThan(0);
  });

  it('has the bot of the channel say what the console said, also when there was nothing left to delete', () => {
    const bot = whole.view('alice').chat.filter(({ kind }) => kind === 'bot');
    const deleting = bot.map(({ text }) => text).filter((text) => text.includes('delete daemonset'));
    expect(deleting).toEqual([
      'alice: ssh large-control-plane kubectl delete daemonset telemetry-agent - done',
      'alice: ssh large-control-plane kubectl delete daemonset telemetry-agent - not found',
    ]);
  });
});

it('a session in which nobody does anything is the day without a crew', () => {
  const session = new DrillSession(smallDrill({ spareApiServers: 0 }));
  session.advanceTo(600);
  const live = new LiveRun(smallDocument(), { crew: 'none' });
  live.advanceTo(600);
  expect(session.digest()).toBe(live.run.digest());
});

describe('with colleagues', () => {
  it('who do everything, a session without a word is the run of the document', () => {
    const document = smallDocument();
    const usual = { ...document, operators: { ...document.operators, playbook: {} } };
    const trainees = [{ name: 'alice', roles: ['communications'] }];
    const session = new DrillSession({ document: usual, trainees, difficulty: 'guided', spareApiServers: 0 });
    session.advanceTo(900);
    const { digest } = runScenario(usual, { untilSeconds: 900 });
    expect(session.digest()).toBe(digest);
    const said = session.view('alice').chat.filter(({ kind }) => kind === 'colleague');
    expect(said.map(({ text }) => text)).toContain('Cause identified: telemetry-agent.');
  });
});

describe('a command that does not come back', () => {
  const session = new DrillSession(smallDrill());
  session.advanceTo(300);
  session.enter('alice', 'net block-admin-api large');
  session.advanceTo(330);

  it('keeps the console, and nothing else', () => {
    session.enter('alice', 'kubectl --context large get nodes');
    session.advanceTo(333);
    expect(session.view('alice').console.running).toEqual({ line: 'kubectl --context large get nodes', since: 330 });
    expect(session.enter('alice', 'kubectl --context small get nodes')).toEqual({
      isAccepted: false,
      text: 'still running: kubectl --context large get nodes; ^C gives it up',
    });
    expect(session.enter('alice', 'say it hangs').isAccepted).toBe(true);
  });

  it('is given up with ^C, or after --request-timeout', () => {
    expect(session.interrupt('alice').isAccepted).toBe(true);
    expect(session.interrupt('alice').isAccepted).toBe(false);
    session.enter('alice', 'kubectl --context large get nodes --request-timeout=7s');
    session.advanceTo(345);
    expect(consoleOf(session, 333)).toEqual([
      'in say it hangs',
      'out ^C',
      'in kubectl --context large get nodes --request-timeout=7s',
      'error Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ]);
    expect(session.view('alice').console.lines.at(-1)!.t).toBe(340);
  });

  it('ends with the patience of kubectl otherwise', () => {
    session.enter('alice', 'kubectl --context large get nodes');
    session.advanceTo(380);
    expect(session.view('alice').console.lines.at(-1)).toEqual({
      t: 375,
      kind: 'error',
      text: 'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
    });
  });
});

describe('roles', () => {
  const trainees = [
    { name: 'ann', roles: ['communications'] },
    { name: 'bob', roles: ['networking'] },
  ];
  const session = new DrillSession(smallDrill({ trainees }));
  session.advanceTo(120);

  it('decide what is seen and what can be done', () => {
    const [ann, bob] = [session.view('ann'), session.view('bob')];
    expect(ann.boards.map(({ id }) => id)).toEqual(['users']);
    expect(bob.boards.map(({ id }) => id)).toEqual(['users', 'overview', 'dns']);
    expect(ann.buttons).toEqual([]);
    expect(bob.buttons.map(({ id }) => id)).toEqual(['steer', 'block', 'unblock']);
    expect(session.enter('ann', 'net block-admin-api large').text).toContain('permission denied');
    expect(session.push('ann', 'block', 'large')).toEqual({
      isAccepted: false,
      text: 'no button "block" in your runbook',
    });
    expect(ann.changes).toEqual([]);
  });

  it('share one channel', () => {
    session.enter('ann', 'say hello');
    expect(session.view('bob').chat.at(-1)).toEqual({ t: 120, from: 'ann', text: 'hello', kind: 'trainee' });
    expect(session.view('bob').console.lines.map(({ text }) => text)).not.toContain('say hello');
  });

  it('press a button by entering its line', () => {
    expect(session.push('bob', 'block').isAccepted).toBe(false);
    expect(session.push('bob', 'block', 'large').isAccepted).toBe(true);
    session.advanceTo(150);
    const lines = session.view('bob').console.lines.map(({ text }) => text);
    expect(lines).toEqual(['net block-admin-api large --let-through nobody', 'firewall: API of large blocked']);
  });

  it('are held by those who take part', () => {
    expect(() => session.enter('eve', 'help')).toThrow('drill: expected a trainee among ann, bob, got "eve"');
    expect(() => new DrillSession(smallDrill({ trainees: [] }))).toThrow(/expected 1 to 12 trainees/);
    expect(() => new DrillSession(smallDrill({ trainees: [{ name: 'a', roles: ['platfrom'] }] }))).toThrow(
      /did you mean "platform"/,
    );
    expect(() => new DrillSession(smallDrill({ trainees: [{ name: 'Facilitator', roles: ['platform'] }] }))).toThrow(
      /no trainee can be called/,
    );
    expect(() => new DrillSession(smallDrill({ trainees: [{ name: '<b>', roles: ['platform'] }] }))).toThrow(
      /expected a name/,
    );
  });
});

describe('the facilitator', () => {
  it('breaks things, sends hints and takes notes that nobody else sees', () => {
    const session = new DrillSession(smallDrill(), { frames: {} });
    session.advanceTo(60);
    session.facilitate({ kind: 'note', text: 'they are calm' });
    session.facilitate({ kind: 'hint' });
    session.facilitate({ kind: 'hint', to: 'alice', text: 'only you' });
    session.facilitate({ kind: 'fault', fault: { kind: 'api-server-crash', servers: 3, clusters: ['small'] } });
    session.facilitate({ kind: 'pause' });
    session.advanceTo(120);
    const view = session.view('alice');
    expect(view.hints.given).toHaveLength(2);
    expect(view.isPaused).toBe(true);
    expect(JSON.stringify(view)).not.toContain('calm');
    const truth = session.truth();
    expect(truth.ownNotes).toEqual([{ t: 60, text: 'they are calm' }]);
    expect(truth.notes.map(({ kind }) => kind)).toContain('fault');
    expect(truth.frame!.clusters[0]!.servers.state.every((state) => state === 0)).toBe(true);
    expect(() => session.facilitate({ kind: 'fault', fault: { kind: 'nonsense' } as never })).toThrow(RangeError);
    expect(session.log.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
  });
});

describe('hints', () => {
  it('are as many as the difficulty says, and go by what trainees saw and did', () => {
    const session = new DrillSession(smallDrill({ difficulty: 'standard' }));
    session.advanceTo(30);
    expect(session.enter('alice', 'hint').text).toContain('Nothing has paged yet');
    expect(session.view('alice').hints.left).toBe(5);
    session.advanceTo(450);
    session.enter('alice', 'kubectl --context large rollout undo ds/telemetry-agent');
    session.advanceTo(520);
    expect(session.enter('alice', 'hint').text).toContain('Your requests wait in the same queue');
    const expert = new DrillSession(smallDrill({ difficulty: 'expert' }));
    expect(expert.enter('alice', 'hint').text).toContain('no hints are left');
  });
});
