/** What a debrief finds out: by runs, on the small scenario, and by hand where runs are only pretended. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LiveAction } from '../live/live-input.ts';
import { debriefText } from '../report/debrief.ts';
import { plainStyle } from '../report/style.ts';
import { without } from './alternatives.ts';
import { seedSpreadText, underSeeds } from './debrief-seeds.ts';
import { conductDebrief, debriefStudy, ownDebrief, toleranceOf } from './debrief-study.ts';
import type { Debrief, DrillScore } from './debrief.ts';
import { decisionsOf } from './decisions.ts';
import type { DrillRecord } from './drill-record.ts';
import type { DrillOutcome, DrillRun } from './drill-run.ts';
import { DrillSession } from './drill-session.ts';
import { scoreOf } from './score.ts';
import { smallDrill } from './testing/small-drill.ts';

const outcome = (key: string, lostMinutes: number): DrillOutcome => ({
  key,
  digest: '',
  measures: {
    outageSeconds: lostMinutes * 60,
    firstSaturation: 300,
    firstUserError: 600,
    'byCluster.large.clustersLost': 1,
  },
  lostMinutes,
  firstNotice: 400,
  firstAction: 500,
  errorShare: { t: [], values: [] },
});

describe('a score', () => {
  const points = (own: number, nobody: number, crew: number): DrillScore['points'] =>
    scoreOf(outcome('own', own), outcome('nobody', nobody), outcome('crew', crew)).points;

  it('is 0 for nobody and 100 for the crew, and goes on beyond both', () => {
    expect([points(20, 20, 10), points(10, 20, 10), points(15, 20, 10), points(5, 20, 10), points(25, 20, 10)]).toEqual(
      [0, 100, 50, 150, -50],
    );
  });

  it('is none where the crew saves nothing', () => {
    expect(points(10, 20, 19.9)).toBeNull();
    expect(scoreOf(outcome('own', 1), null, null).points).toBeNull();
  });
});

describe('decisions', () => {
  const act = (id: number, t: number, cluster: string, action: string): LiveAction =>
    ({ id, t, input: { kind: 'act', cluster, action: { action }, path: 'network', by: 'alice' } }) as LiveAction;
  const actions = [
    act(0, 10, 'a', 'block-admin-api'),
    act(1, 10, 'b', 'block-admin-api'),
    { id: 2, t: 11, input: { kind: 'read', cluster: 'a', resource: 'nodes', path: 'api', by: 'alice' } },
    act(3, 20, 'a', 'unblock-admin-api'),
  ] as const satisfies readonly LiveAction[];
  const lines = [
    { id: 0, line: 'net block-admin-api a b' },
    { id: 1, line: 'net block-admin-api a b' },
    { id: 3, line: 'net unblock-admin-api a' },
  ];

  it('are lines that did something, whatever number of clusters they named', () => {
    const answers = [{ id: 1, beganAt: 10, endedAt: 30, ok: true }];
    const decided = decisionsOf({ actions, answers, lines });
    expect(decided.map(({ text, ids, isDone, isReversal }) => [text, ids, isDone, isReversal])).toEqual([
      ['net block-admin-api a b', [0, 1], true, false],
      ['net unblock-admin-api a', [3], false, true],
    ]);
  });

  it('left out leave a log that is one', () => {
    expect(without(actions, [0, 1]).map(({ id, t }) => [id, t])).toEqual([
      [0, 11],
      [1, 20],
    ]);
  });
});

describe('of a session that blocks an API, forgets it and takes the change back in the end', () => {
  let record: DrillRecord;
  const asked: DrillRun[][] = [];
  let debrief: Debrief;

  beforeAll(() => {
    const session = new DrillSession(smallDrill());
    const at = (t: number, line: string): void => {
      session.advanceTo(t);
      session.enter('alice', line);
    };
    at(480, 'ack A1');
    at(500, 'net block-admin-api large');
    at(600, 'ssh large-control-plane kubectl delete daemonset telemetry-agent');
    at(640, 'kubectl --context large get nodes');
    at(1500, 'net unblock-admin-api large');
    session.facilitate({ kind: 'fault', fault: { kind: 'balancer-refuses', share: 0.001 } });
    session.advanceTo(2000);
    record = session.record();
    const study = debriefStudy(record, { counterfactuals: 2, alternatives: 1 });
    let step = study.next();
    while (step.done !== true) {
      asked.push([...step.value]);
      // Not run here: less is lost without the block, more without the deletion.
      step = study.next(step.value.map(({ key, title }) => pretended(key, title)));
    }
    debrief = step.value;
  });

  const pretended = (key: string, title: string): DrillOutcome => {
    const own = ownDebrief(record).score.lostMinutes.own;
    if (key === 'nobody') return outcome(key, own + 10);
    if (key === 'crew') return outcome(key, own - 10);
    if (/block-admin-api|did harm/.test(title)) return outcome(key, own - 3);
    return outcome(key, own + (title.includes('delete') ? 4 : 0.1));
  };

  it('runs are asked for batch by batch: nobody and the crew, without each decision, alternatives', () => {
    expect(asked.map((batch) => batch.length)).toEqual([2, 2, 1]);
    const [[nobody, crew], [withoutBlock]] = asked as [[DrillRun, DrillRun], [DrillRun]];
    const kindsOf = ({ actions }: DrillRun): string[] => actions.map(({ input }) => input.kind);
    expect([nobody.crew, crew.crew]).toEqual(['none', 'simulated']);
    // What the facilitator broke is part of every day.
    expect([nobody, crew, withoutBlock].map(kindsOf)).toEqual([['fault'], ['fault'], ['act', 'read', 'act', 'fault']]);
    expect(withoutBlock.actions.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
    expect(new Set(asked.flat().map(({ untilSeconds }) => untilSeconds))).toEqual(new Set([2000]));
    expect(new Set(asked.flat().map(({ key }) => key)).size).toBe(asked.flat().length);
  });

  it('harm and help are what leaving a decision out would have changed', () => {
    expect(debrief.decisions.map(({ text, verdict }) => [text, verdict])).toEqual([
      ['net block-admin-api large', 'harmed'],
      ['ssh large-control-plane kubectl delete daemonset telemetry-agent', 'helped'],
      ['net unblock-admin-api large', 'not-tried'],
    ]);
    const row = (name: string) => debrief.rows.find((one) => one.name === name)!;
    expect(row('harmfulActions').own).toBe(1);
    const first = record.result.kpis['firstSaturation'] as number;
    expect(row('timeToDetect')).toMatchObject({ own: 480 - first, crew: 100, nobody: null });
    expect(row('timeToFirstCorrect').own).toBe(600 - first);
  });

  it('everything is ranked, and told in a postmortem', () => {
    expect(debrief.score.points).toBe(50);
    expect(debrief.ranking.map(({ kind }) => kind)).toEqual(['crew', 'alternative', 'session', 'nobody']);
    expect(debrief.ranking[1]!.text).toBe('the same without what did harm');
    expect(debrief.postmortem).toContain('## The exercise');
    expect(debrief.postmortem).toContain('50 points');
    expect(debrief.timeline.filter(({ kind }) => kind === 'decision')).toHaveLength(3);
    expect(JSON.parse(JSON.stringify(debrief))).toEqual(debrief);
  });

  it('is made again under other seeds, where that is asked for, and says how often each was better', () => {
    const study = debriefStudy(record, { counterfactuals: 0, alternatives: 1, seeds: 3 });
    const batches: DrillRun[][] = [];
    let step = study.next();
    while (step.done !== true) {
      batches.push([...step.value]);
      step = study.next(
        step.value.map(({ key, title, seed }) => {
          const { lostMinutes } = pretended(key.replace(/ under seed .*/, ''), title);
          // The crew is better under two of three seeds; what could have been is always a little worse than under the first.
          const luck = key.startsWith('crew') && seed === '3' ? 40 : key.startsWith('session') ? -0.2 : 0;
          return outcome(key, lostMinutes + luck);
        }),
      );
    }
    const again = batches.at(-1)!;
    expect(again.map(({ seed }) => seed)).toEqual(['2', '3', '4'].flatMap((seed) => [seed, seed, seed, seed]));
    expect(again[0]).toMatchObject({ key: 'session under seed 2', actions: record.actions, untilSeconds: 2000 });
    expect(new Set(batches.flat().map(({ key }) => key)).size).toBe(batches.flat().length);
    expect(step.value.made).toMatchObject({ runs: batches.flat().length, seeds: 3 });
    const spreads = Object.fromEntries(step.value.ranking.map(({ kind, again: one }) => [kind, one]));
    expect(spreads['session']).toBeNull();
    expect(spreads['crew']).toMatchObject({ seeds: 3, better: 2, worse: 1 });
    expect(spreads['nobody']).toMatchObject({ better: 0, worse: 3 });
    expect(seedSpreadText(spreads['crew']!)).toBe('better under 2 of 3 other seeds, worse under 1');
    expect(seedSpreadText(spreads['nobody']!)).toBe('worse under 3 of 3 other seeds');
    expect(step.value.postmortem).toContain('under other seeds');
    expect(debriefText(step.value, { width: 120, style: plainStyle })).toContain('better under 2 of 3 other seeds');
    const [session, ...others] = again as [DrillRun, ...DrillRun[]];
    expect(() => underSeeds(session, others, 99, toleranceOf).next()).toThrow('expected 0 to 30 other seeds, got 99');
  });

  it('the session alone can be told at once, and says what is not known', () => {
    const alone = ownDebrief(record);
    expect(alone.score.points).toBeNull();
    expect(alone.decisions.map(({ verdict }) => verdict)).toEqual(['not-tried', 'not-tried', 'not-tried']);
    expect(alone.rows.find(({ name }) => name === 'harmfulActions')!.own).toBeNull();
    expect(alone.ranking.map(({ kind }) => kind)).toEqual(['session']);
  });
});

it('a change that is taken back in time helped, by runs', () => {
  const session = new DrillSession(smallDrill());
  session.advanceTo(310);
  session.enter('alice', 'kubectl --context large delete daemonset telemetry-agent');
  session.advanceTo(1200);
  const debrief = conductDebrief(debriefStudy(session.record(), { counterfactuals: 1, alternatives: 0 }));
  const { own, nobody } = debrief.score.lostMinutes;
  // Left out, there is nothing else in the session: what is left is the day without anybody.
  expect(debrief.decisions[0]).toMatchObject({
    verdict: 'helped',
    gainMinutes: Number((nobody! - own).toPrecision(6)),
  });
  expect(nobody! - own).toBeGreaterThan(toleranceOf(own));
});
