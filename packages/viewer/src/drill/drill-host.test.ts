/** Who hosts a drill: time, seats, and who is told what. The document is that of the guides, whose large cluster is lost. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  completeDocument,
  drillFile,
  DrillSession,
  loadDocument,
  readDrillText,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { describe, expect, it, vi } from 'vitest';
import { DrillHost, NotAllowedError } from './drill-host.ts';
import type { DrillNews, Joined, Lobby } from './drill-messages.ts';

const text = readFileSync(fileURLToPath(new URL('../../../../docs/guides/two-clusters.yaml', import.meta.url)), 'utf8');
const document = completeDocument((await loadDocument(text, 'two-clusters.yaml')).data) as ScenarioDocument;

const never = (): boolean => false;
const always = (): boolean => true;

function hostOf(
  options: {
    readonly speed?: number;
    readonly beginsAtOnce?: boolean;
    readonly endSeconds?: number;
    readonly played?: ScenarioDocument;
  } = {},
): DrillHost {
  const { endSeconds = 900, played = document, ...others } = options;
  const session = new DrillSession(
    {
      document: played,
      trainees: [
        { name: 'Alex', roles: ['platform'] },
        { name: 'Billie', roles: ['commander', 'communications'] },
      ],
      endSeconds,
    },
    { frames: { everySeconds: 10 } },
  );
  let drawn = 0;
  return new DrillHost(session, {
    code: 'trainees',
    facilitatorCode: 'facilitator',
    draw: () => `token ${++drawn}`,
    pack: (one) => JSON.stringify(drillFile(one)),
    ...others,
  });
}

function join(host: DrillHost, code: string, seat?: string): string {
  return (host.call({ kind: 'join', code, seat }) as Joined).token;
}

/** Everything that a seat is told, as it would arrive from a network. */
function listen(host: DrillHost, token: string): DrillNews[] {
  const heard: DrillNews[] = [];
  host.subscribe(token, (news) => heard.push(JSON.parse(JSON.stringify(news)) as DrillNews));
  return heard;
}

/** A host that has gone on for so many simulated seconds; one second of it is ten. */
function begun(seconds: number, endSeconds?: number): DrillHost {
  const host = hostOf({ beginsAtOnce: true, ...(endSeconds === undefined ? {} : { endSeconds }) });
  host.step(0, never);
  for (let t = 0; t < seconds; t += 10) host.step(1, never);
  return host;
}

describe('time of a host', () => {
  it('computes what happened before, waits to be begun, and goes as fast as was asked for', () => {
    const host = hostOf({ speed: 20 });
    expect(host.pace.state).toBe('preparing');
    host.step(0, never);
    expect(host.pace).toMatchObject({ state: 'waiting', t: 0, clock: '10:00:00', zone: 'CET' });
    host.step(1, never);
    expect(host.pace.t).toBe(0);
    const token = join(host, 'facilitator');
    host.call({ kind: 'facilitate', token, command: { kind: 'begin' } });
    host.step(0.5, never);
    expect(host.pace).toMatchObject({ state: 'running', t: 10, isBehind: false });
    host.call({ kind: 'facilitate', token, command: { kind: 'speed', speed: 2 } });
    host.step(0.5, never);
    expect(host.pace.t).toBe(11);
  });

  it('stands still while it is paused, and nobody can enter anything', () => {
    const host = begun(20);
    const [facilitator, alex] = [join(host, 'facilitator'), join(host, 'trainees', 'Alex')];
    host.call({ kind: 'facilitate', token: facilitator, command: { kind: 'pause' } });
    host.step(1, never);
    expect(host.pace).toMatchObject({ state: 'paused', t: 20 });
    const entered = host.call({ kind: 'enter', token: alex, deed: { kind: 'line', line: 'say hello' } });
    expect(entered).toEqual({ isAccepted: false, text: 'the exercise is paused' });
    host.call({ kind: 'facilitate', token: facilitator, command: { kind: 'resume' } });
    host.step(1, never);
    expect(host.pace).toMatchObject({ state: 'running', t: 30 });
  });

  it('goes slower where it cannot keep up, and does not race afterwards', () => {
    const host = hostOf({ beginsAtOnce: true, speed: 60 });
    host.step(0, never);
    host.step(1, always);
    expect(host.pace).toMatchObject({ t: 5, isBehind: true });
    host.step(1, never);
    expect(host.pace).toMatchObject({ t: 65, isBehind: false });
    // A machine that slept for an hour has slept for a second.
    host.step(3600, never);
    expect(host.pace.t).toBe(125);
  });
});

describe('seats of a host', () => {
  it('are shown to whoever has the code, and held by one page at a time', () => {
    const host = begun(0);
    const lobby = host.call({ kind: 'join', code: 'trainees' }) as Lobby;
    expect(lobby.seats).toEqual([
      { name: 'Alex', roles: ['Platform (Kubernetes)'], isTaken: false },
      { name: 'Billie', roles: ['Incident commander', 'Communications'], isTaken: false },
    ]);
    const alex = join(host, 'trainees', 'Alex');
    expect(() => join(host, 'trainees', 'Alex')).toThrow('Alex is here already');
    host.call({ kind: 'leave', token: alex });
    expect(() => host.call({ kind: 'complete', token: alex, line: '' })).toThrow(NotAllowedError);
    const again = join(host, 'trainees', 'Alex');
    const heard = listen(host, again);
    host.call({ kind: 'facilitate', token: join(host, 'facilitator'), command: { kind: 'free', seat: 'Alex' } });
    expect(heard.at(-1)).toEqual({ kind: 'left', why: 'the facilitator has freed this seat' });
    join(host, 'trainees', 'Alex');
  });

  it('are not there for a code that is not known, nor is anything else', () => {
    const host = begun(0);
    expect(() => host.call({ kind: 'join', code: 'guess' })).toThrow(NotAllowedError);
    expect(() => host.call({ kind: 'join', code: 'guess', seat: 'Alex' })).toThrow(NotAllowedError);
    expect(() => host.call({ kind: 'join', code: 'trainees', seat: 'facilitator' })).toThrow(NotAllowedError);
    expect(() => host.subscribe('token 1', () => {})).toThrow(NotAllowedError);
  });
});

describe('what is told', () => {
  it('to a trainee is the view of the own seat and nothing else, whatever is asked for', () => {
    const host = begun(600);
    const alex = join(host, 'trainees', 'Alex');
    const heard = listen(host, alex);
    host.step(1, never);
    host.publish();
    expect([...new Set(heard.map(({ kind }) => kind))].sort()).toEqual(['pace', 'view']);
    const whole = JSON.stringify(heard);
    // The large cluster has lost API servers by then: the facilitator is told so in these words, trainees never.
    const facilitator = JSON.stringify(listen(host, join(host, 'facilitator')));
    expect(facilitator).toContain('out of memory');
    expect(facilitator).toContain('serversUp');
    expect(whole).not.toContain('out of memory');
    expect(whole).not.toContain('serversUp');
    expect(() => host.call({ kind: 'facilitate', token: alex, command: { kind: 'pause' } })).toThrow(
      'only the facilitator',
    );
    expect(host.pace.state).toBe('running');
  });

  it('is everything at first, and then what has changed', () => {
    const host = begun(30);
    const heard = listen(host, join(host, 'trainees', 'Billie'));
    const [pace, first] = heard;
    expect(pace?.kind).toBe('pace');
    expect(first?.kind === 'view' && Object.keys(first.changed)).toEqual(
      expect.arrayContaining(['boards', 'console', 'briefing']),
    );
    host.publish();
    expect(heard).toHaveLength(2);
    host.step(0.1, never);
    host.publish();
    const last = heard.at(-1);
    expect(last?.kind === 'view' && Object.keys(last.changed).sort()).toEqual(['clock', 't']);
  });

  it('is not even looked at where nothing can have changed', () => {
    const host = begun(30);
    const [facilitator, alex] = [join(host, 'facilitator'), join(host, 'trainees', 'Alex')];
    host.call({ kind: 'facilitate', token: facilitator, command: { kind: 'pause' } });
    listen(host, alex);
    const looked = vi.spyOn(DrillSession.prototype, 'view');
    host.step(1, never);
    host.publish();
    host.call({ kind: 'complete', token: alex, line: 'kub' });
    host.publish();
    expect(looked).not.toHaveBeenCalled();
    host.call({ kind: 'facilitate', token: facilitator, command: { kind: 'resume' } });
    expect(looked).toHaveBeenCalledTimes(1);
    host.publish();
    expect(looked).toHaveBeenCalledTimes(1);
    host.step(1, never);
    host.publish();
    expect(looked).toHaveBeenCalledTimes(2);
    looked.mockRestore();
  });

  it('to one seat about its own console comes at once, and others are not told', () => {
    const host = begun(30);
    const [alex, billie] = [join(host, 'trainees', 'Alex'), join(host, 'trainees', 'Billie')];
    const [ofAlex, ofBillie] = [listen(host, alex), listen(host, billie)];
    const before = ofBillie.length;
    expect(host.call({ kind: 'enter', token: alex, deed: { kind: 'line', line: 'clusters' } })).toMatchObject({
      isAccepted: true,
    });
    expect(JSON.stringify(ofAlex.at(-1))).toContain('large');
    host.publish();
    expect(JSON.stringify(ofBillie.slice(before))).not.toContain('console');
  });

  it('at the end is the whole session, to everybody once, and it can be read', () => {
    const host = begun(30, 60);
    const heard = listen(host, join(host, 'trainees', 'Alex'));
    const facilitator = join(host, 'facilitator');
    host.call({
      kind: 'facilitate',
      token: facilitator,
      command: { kind: 'note', text: 'they look at the wrong board' },
    });
    for (let i = 0; i < 5; i++) host.step(1, never);
    host.publish();
    host.publish();
    const over = heard.filter((news) => news.kind === 'over');
    expect(over).toHaveLength(1);
    const file = readDrillText(over[0]!.session, 'session');
    expect(file.untilSeconds).toBe(60);
    expect(file.log).toMatchObject([{ by: 'facilitator', kind: 'note' }]);
    expect(host.pace.state).toBe('over');
  });

  it('can be ended before its time', () => {
    const host = begun(30);
    const facilitator = join(host, 'facilitator');
    host.call({ kind: 'facilitate', token: facilitator, command: { kind: 'end' } });
    const heard = listen(host, facilitator);
    const over = heard.find((news) => news.kind === 'over');
    expect(readDrillText(over!.session, 'session').untilSeconds).toBe(30);
    expect(() =>
      host.call({ kind: 'facilitate', token: facilitator, command: { kind: 'message', text: 'late' } }),
    ).toThrow('over');
  });

  it('tells the facilitator which webhooks may break down, and breaks one', () => {
    const webhooks = [{ name: 'policy', kind: 'validating', operations: ['pod-create'], latency: '5 ms' }] as const;
    const host = hostOf({
      beginsAtOnce: true,
      played: { ...document, kubernetes: { ...document.kubernetes, webhooks } },
    });
    const token = join(host, 'facilitator');
    host.step(1, never);
    const fault = { kind: 'webhook-down', webhook: 'policy', backend: 'refusing' } as const;
    host.call({ kind: 'facilitate', token, command: { kind: 'fault', fault } });
    host.step(1, never);
    const heard = listen(host, token).find((news) => news.kind === 'facilitator');
    expect(heard?.changed.webhooks).toEqual(['policy']);
    expect(heard?.changed.notes?.map(({ text }) => text)).toContain('webhook "policy" refuses connections');
  });

  it('says why a fault cannot be injected', () => {
    const host = begun(10);
    const token = join(host, 'facilitator');
    const fault = { kind: 'api-server-crash', clusters: ['nowhere'] } as const;
    expect(() => host.call({ kind: 'facilitate', token, command: { kind: 'fault', fault } })).toThrow('nowhere');
  });
});
