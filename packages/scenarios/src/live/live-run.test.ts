/** Taking part in a run: what is done to it, what comes of that, and that it can be done again. */
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { runScenario } from '../scenario/run.ts';
import type { LiveAnswer } from './answer.ts';
import type { ActInput, LiveInput, ReadInput } from './live-input.ts';
import { LiveRun, type LiveRunOptions } from './live-run.ts';

const by = 'on call';
const document = smallScenario({ end: '40 min' });
/** The parts of a release, and batches of heartbeats. */
const complete: ScenarioDocument = {
  ...smallScenario({ nodes: 40, end: '4 min' }),
  kubernetes: { ...document.kubernetes, profile: '2024', heartbeats: 'aggregated' },
};

const nodes: ReadInput = { kind: 'read', cluster: 'large', resource: 'nodes', path: 'api', by };

function act(action: ActInput['action'], path: ActInput['path'], cluster = 'large'): ActInput {
  return { kind: 'act', cluster, action, path, by };
}

/** Runs and makes these inputs at their times. */
function played(inputs: readonly (readonly [t: number, input: LiveInput])[], options: LiveRunOptions = {}): LiveRun {
  const live = new LiveRun(document, options);
  for (const [t, input] of inputs) {
    live.advanceTo(t);
    live.act(input);
  }
  live.advanceTo(Infinity);
  return live;
}

const answerTo = (live: LiveRun, id: number): LiveAnswer | undefined => live.answers.find((one) => one.id === id);

describe('a live run that nobody touches', () => {
  it('is the run of the document, with frames and dashboards or without, however it is cut into steps', () => {
    for (const one of [smallScenario({ end: '16 min' }), complete]) {
      const { digest } = runScenario(one, { seed: 3 });
      const plain = new LiveRun(one, { seed: 3 });
      plain.advanceTo(Infinity);
      expect(plain.result().digest).toBe(digest);
      const watched = new LiveRun(one, {
        seed: 3,
        frames: { everySeconds: 15 },
        watch: [{ metric: 'nodes_not_ready' }, { metric: 'apiserver_cpu_share' }],
      });
      for (let t = -100; t < 1000; t += 77.7) watched.advanceTo(t);
      expect(watched.result().digest).toBe(digest);
    }
  });

  it('can be asked for its result on the way, and goes on as if it had not been', () => {
    const live = new LiveRun(document);
    live.advanceTo(900);
    const { digest, horizon } = live.result();
    expect(horizon.endSeconds).toBe(900);
    expect(live.result().digest).toBe(digest);
    live.advanceTo(Infinity);
    expect(live.result()).toEqual(runScenario(document));
  });
});

describe('with nobody else at work', () => {
  it('alarms ring, and nobody answers', () => {
    const live = new LiveRun(document, { crew: 'none' });
    live.advanceTo(Infinity);
    const kinds = new Set(live.result().timeline.map(({ kind }) => kind));
    expect(kinds).toContain('alert');
    expect(kinds).not.toContain('operators');
    expect(kinds).not.toContain('action');
    expect(live.firing().map(({ cluster }) => cluster)).toContain('large');
  });
});

describe('the log', () => {
  const inputs = [
    [-30, { kind: 'note', text: 'quiet so far', by }],
    [600.123457, nodes],
    [700, act({ action: 'move-traffic', to: 'away' }, 'tools')],
    [700, { ...act({ action: 'stop-rollout' }, 'tools'), cluster: undefined }],
    [900, act({ action: 'block-admin-api' }, 'network')],
    [1000, act({ action: 'roll-back' }, 'inside')],
    [1100, { kind: 'fault', fault: { kind: 'balancer-refuses', share: 0.2, until: '25 min' }, by }],
    [1500, act({ action: 'unblock-admin-api' }, 'network')],
  ] as const;
  const first = played(inputs, { crew: 'none', frames: {} });

  it('does the same again: digest, answers and frames', () => {
    const again = new LiveRun(document, { crew: 'none', frames: {}, actions: first.log });
    // The log is made as its times come, wherever the steps end.
    for (let t = 0; t < 2400; t += 333) again.advanceTo(t);
    again.advanceTo(Infinity);
    expect(again.log).toEqual(first.log);
    expect(again.answers).toEqual(first.answers);
    expect(again.result()).toEqual(first.result());
    expect(again.frames.times).toEqual(first.frames.times);
    for (const t of first.frames.times.filter((_, i) => i % 20 === 0)) {
      expect(again.frames.frameAt(t)).toEqual(first.frames.frameAt(t));
    }
  });

  it('goes through JSON, and a past cut off after some inputs is the same past', () => {
    const log = JSON.parse(JSON.stringify(first.log)) as typeof first.log;
    const branch = new LiveRun(document, { crew: 'none', frames: {}, actions: log.slice(0, 4) });
    branch.advanceTo(890);
    expect(branch.frames.frameAt(890)).toEqual(first.frames.frameAt(890));
    branch.act(nodes);
    branch.advanceTo(Infinity);
    expect(branch.result().digest).not.toBe(first.result().digest);
  });

  it('keeps the order of what is done at one instant', () => {
    const away = act({ action: 'move-traffic', to: 'away' }, 'tools');
    const back = act({ action: 'move-traffic', to: 'back' }, 'tools');
    const isAvoided = (inputs: readonly LiveInput[]): boolean => {
      const live = new LiveRun(document, { crew: 'none' });
      live.advanceTo(60);
      for (const input of inputs) {
        live.act(input);
        // The present is over only when time goes on.
        live.advanceTo(60);
      }
      live.advanceTo(120);
      const replay = new LiveRun(document, { crew: 'none', actions: live.log });
      replay.advanceTo(120);
      expect(replay.result().digest).toBe(live.result().digest);
      return live.run.world.users.isAvoided(1);
    };
    expect(isAvoided([away, back])).toBe(false);
    expect(isAvoided([back, away])).toBe(true);
  });

  it('is refused when it is out of order, or goes on past the end', () => {
    const note = (id: number, t: number) => ({ id, t, input: { kind: 'note', text: 'x', by } as const });
    expect(() => new LiveRun(document, { actions: [note(0, 20), note(1, 10)] })).toThrow(
      'log 1: expected a time from 20 s to 2400 s, got 10 s',
    );
    expect(() => new LiveRun(document, { actions: [note(1, 20)] })).toThrow('log: expected id 0 in place 0, got 1');
    const waiting = new LiveRun(document, { actions: [note(0, 20)] });
    expect(() => waiting.act(nodes)).toThrow('expected a log that is over, got one that goes on at 20 s');
  });

  it('leaves every book in balance', () => {
    for (const { book, arrived, served, rejected, timedOut, lost, inside } of first.result().conservation) {
      expect(served + rejected + timedOut + lost + inside, book).toBe(arrived);
    }
  });
});

describe('somebody at a console', () => {
  it('reads what the API knows, after as long as the requests take', () => {
    const live = new LiveRun(document, { crew: 'none' });
    live.act(nodes);
    expect(live.answers).toEqual([]);
    live.advanceTo(live.now + 5);
    const [answer] = live.answers;
    expect(answer).toMatchObject({ id: 0, ok: true, status: 'ok', beganAt: -120 });
    expect(answer!.endedAt).toBeGreaterThan(-120);
    expect(answer!.rows).toHaveLength(300);
    expect(answer!.rows![7]).toMatchObject({ name: 'node-00007', ready: 'True' });
    live.act({ ...nodes, name: 'node-00007' });
    live.advanceTo(live.now + 5);
    expect(answerTo(live, 1)!.rows).toHaveLength(1);
  });

  it('is locked out while the API is down, and gets through on another way', () => {
    const breakGlass = { cores: 1, memory: '4 GiB' };
    const guarded = { ...document, operators: { ...document.operators, breakGlass } };
    const live = new LiveRun(guarded, { crew: 'none', untilSeconds: 1200 });
    const at = (t: number, input: LiveInput): void => {
      live.advanceTo(t);
      live.act(input);
    };
    at(400, { kind: 'fault', fault: { kind: 'api-server-crash', servers: 3, clusters: ['large'] }, by });
    at(460, act({ action: 'roll-back' }, 'api'));
    at(470, nodes);
    at(700, act({ action: 'roll-back' }, 'inside'));
    at(1000, act({ action: 'roll-back' }, 'break-glass'));
    live.advanceTo(Infinity);
    for (const id of [1, 2, 3]) {
      expect(answerTo(live, id)!.ok, `${id}`).toBe(false);
      expect(answerTo(live, id)!.error, `${id}`).toMatch(
        /^(Unable to connect|The connection to the server was refused)/,
      );
    }
    expect(answerTo(live, 4)).toMatchObject({ ok: true, status: 'ok' });
    const { kpis, timeline } = live.result();
    // From the first command, and whatever of its patience it needed, to the last.
    const { endedAt } = answerTo(live, 1)!;
    expect(kpis['lockoutSeconds']).toBe(Math.round(answerTo(live, 4)!.endedAt - endedAt));
    const lockOuts = timeline.filter(({ kind }) => kind === 'lock-out');
    expect(lockOuts.map(({ t, cluster }) => [t, cluster])).toEqual([[endedAt, 'large']]);
    expect(timeline.filter(({ text }) => text === 'telemetry-agent deleted')).toHaveLength(1);
  });

  it('and simulated colleagues know of each other: a change taken back by one ends the tries of the others', () => {
    const live = played(
      [
        [900, act({ action: 'block-admin-api' }, 'network')],
        [1000, act({ action: 'roll-back' }, 'inside')],
      ],
      {},
    );
    const taken = live.result().timeline.filter(({ text }) => text === 'telemetry-agent deleted');
    expect(taken.filter(({ cluster }) => cluster === 'large')).toHaveLength(1);
    expect(live.result().timeline.some(({ text }) => text.startsWith('last pod of telemetry-agent'))).toBe(true);
  });

  it('turns away what cannot be understood, and logs nothing of it', () => {
    const live = new LiveRun(document);
    const refused: readonly (readonly [LiveInput, string])[] = [
      [{ ...nodes, cluster: 'larg' }, 'cluster: expected one of small, large, got "larg"; did you mean "large"?'],
      [{ ...nodes, resource: 'node' as never }, 'read: expected a resource among'],
      [{ ...nodes, path: 'tools' }, 'read: expected a path among api, inside, break-glass, got "tools"'],
      [{ ...nodes, path: 'break-glass' }, 'expected operators.breakGlass to be there, got null'],
      [act({ action: 'reboot' as never } as never, 'api'), 'action.action: expected'],
      [act({ action: 'roll-back' }, 'tools'), 'expected api, inside or break-glass for roll-back, got "tools"'],
      [act({ action: 'scale-cluster-down', share: 2 }, 'cloud-api'), 'action.share: expected'],
      [act({ action: 'flow-schema', priorityLevel: 'catch' }, 'api'), 'got "catch"'],
      [act({ action: 'take-on' }, 'tools'), 'action: expected one that somebody at a console can take, got "take-on"'],
      [act({ action: 'stop-rollout' }, 'tools'), 'action stop-rollout: expected no cluster, got "large"'],
      [{ kind: 'fault', fault: { kind: 'earthquake' } as never, by }, 'fault.kind: expected'],
      [{ kind: 'fault', fault: { kind: 'zone-loss', clusters: ['x'] }, by }, 'expected the id of a cluster'],
      [{ kind: 'note', text: 'x'.repeat(3000), by }, 'input text: expected a text of 1 to 2000 characters'],
      [{ kind: 'wish' } as never, 'input: expected a kind among act, read, fault, note, got "wish"'],
    ];
    for (const [input, message] of refused) {
      expect(() => live.act(input), message).toThrow(RangeError);
      expect(() => live.act(input), message).toThrow(message);
    }
    expect(live.log).toEqual([]);
  });
});

describe('a fault that somebody injects', () => {
  it('begins then, ends when it says, and is in the story', () => {
    const live = played(
      [
        [
          100,
          { kind: 'fault', fault: { kind: 'balancer-refuses', share: 0.5, products: ['chat'], until: '4 min' }, by },
        ],
      ],
      { crew: 'none', untilSeconds: 300, frames: {} },
    );
    const shares = live.frames.between(0, 300).map(({ t, failureShare }) => [t, ...failureShare.map(Math.fround)]);
    expect(shares.find(([t]) => t === 90)).toEqual([90, 0, 0]);
    const [, chat, api] = shares.find(([t]) => t === 200)!;
    expect(chat).toBeCloseTo(0.5, 6);
    expect(api).toBe(0);
    expect(shares.find(([t]) => t === 260)).toEqual([260, 0, 0]);
    const faults = live.result().timeline.filter(({ kind }) => kind === 'fault');
    expect(faults.map(({ t }) => t)).toEqual([100, 240]);
  });
});
