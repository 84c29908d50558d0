/** What mitigations in flow control, machines, rollout and people do to the small outage, and why. */
import { describe, expect, it } from 'vitest';
import { mitigated, outcome, type Outcome, unharmed } from '../../test/mitigated.ts';
import { smallScenario } from '../../test/small-scenario.ts';
import { runScenario } from '../scenario/run.ts';

const early = (list: string): Outcome => outcome(mitigated(list), { untilSeconds: 600 });

describe('in the ten minutes before anybody acts', () => {
  const untouched = early('');

  it('a level of the agents own that borrows nothing admits six LISTs at once, and those fit', () => {
    // 12 seats a server, of which a LIST takes two at most: 6 x 237 MB. The API servers are busy, and nobody else suffers.
    expect(early('agent-priority-level')).toEqual(unharmed);
  });

  it('fewer seats for everybody do not help: LISTs become narrower with their level, which borrows besides', () => {
    for (const list of ['fewer-seats', 'fewer-seats:reads=40,writes=20']) {
      const run = early(list);
      expect(run.kills, list).toBeGreaterThan(untouched.kills / 2);
      expect(run.unavailable, list).toBeGreaterThan(untouched.unavailable / 2);
    }
  });

  it('more API servers of the same size die one by one: six answers fill any of them', () => {
    const run = early('more-api-servers');
    expect(run.kills).toBeGreaterThan(untouched.kills);
    expect(run.unavailable).toBeGreaterThan(untouched.unavailable / 2);
  });

  it('four clusters of 75 nodes in place of 300 ask for a sixteenth each: 0.9 cores of three', () => {
    expect(early('smaller-clusters:nodes=75')).toEqual(unharmed);
  });
});

describe('in the hour', () => {
  const seeds = [1, 2, 3];
  const whole = (list: string): Outcome => outcome(mitigated(list), { seeds });
  const untouched = whole('');

  it('a canary without a gate sees nothing in the small cluster: the same outage, later', () => {
    const document = mitigated('canary-clusters:bake=15min', smallScenario({ end: '70 min' }));
    const run = outcome(document, { seeds });
    expect(run.kills).toBeGreaterThan(untouched.kills / 2);
    const { firstUserError } = runScenario(document).kpis;
    expect(firstUserError).toBeGreaterThanOrEqual(900);
  });

  it('a gate does not prevent what comes within its window, but takes the change back long before people do', () => {
    const run = whole('health-gates');
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeLessThan(untouched.unavailable / 4);
    expect(run.users).toBeLessThan(untouched.users / 4);
  });

  it('a prepared roll-back finds the door open sooner, by chance: in the sum over seeds', () => {
    const run = whole('faster-rollback');
    expect(run.kills).toBeGreaterThan(0);
    expect(run.lockout).toBeLessThan(untouched.lockout);
  });

  it('an alert on memory is earlier by a minute where scrapes are frequent enough to meet it, and by one scrape or none where they are not', () => {
    const { operators, ...rest } = smallScenario();
    const first = (list: string, scrapeInterval: string): number[] => {
      const document = { ...rest, operators: { ...operators, alert: { ...operators.alert, scrapeInterval } } };
      return seeds.map((seed) =>
        Number(runScenario(mitigated(list, document), { seed, untilSeconds: 900 }).kpis['firstAlert']),
      );
    };
    // Servers fill and die within 20 s, and begin again with little: a scrape every 30 s sees what is left.
    const seldom = first('', '30 s').map((at, index) => at - first('earlier-alert', '30 s')[index]!);
    const often = first('', '10 s').map((at, index) => at - first('earlier-alert', '10 s')[index]!);
    for (const gain of seldom) expect([0, 30]).toContain(gain);
    expect(seldom).toContain(0);
    for (const gain of often) expect(gain).toBeGreaterThanOrEqual(60);
  });

  it('steering to a cluster a twelfth as large saves a few users and nothing of the control plane', () => {
    const run = whole('traffic-shift');
    expect(run.users).toBeLessThan(untouched.users);
    expect(run.users).toBeGreaterThan(untouched.users * 0.8);
    expect(run).toMatchObject({
      kills: untouched.kills,
      unavailable: untouched.unavailable,
      lockout: untouched.lockout,
    });
  });
});

describe('the recovery actions, where roll-backs do not get through', () => {
  // With 400 nodes an idle API server has half a gigabyte to spare: it dies of two LISTs, as soon as it is back.
  const document = smallScenario({ nodes: 400, end: '2 h' });
  const known = new Map<string, number>();
  const unavailable = (use: string): number => {
    const found =
      known.get(use) ?? outcome(mitigated(`recovery-actions:use=${use}`, document), { seeds: [1, 2] }).unavailable;
    known.set(use, found);
    return found;
  };
  const none = unavailable('');

  it.each(['block-admin-api', 'scale-up'])('%s alone ends the outage that nothing ends without it', (use) => {
    const run = unavailable(use);
    expect(run).toBeLessThan(0.7 * none);
    expect(run).toBeGreaterThan(0.2 * none);
  });

  it('scale-down alone shortens it by chance or not at all: fewer nodes ask, and each answer is as large as it was', () => {
    const run = unavailable('scale-down');
    expect(run).toBeLessThan(none);
    expect(run).toBeGreaterThan(unavailable('block-admin-api'));
    expect(run).toBeGreaterThan(unavailable('scale-up'));
  });

  it('a second one beside the block is not needed: nobody asks any more', () => {
    const block = unavailable('block-admin-api');
    expect(unavailable('block-admin-api/scale-up')).toBe(block);
    expect(unavailable('block-admin-api/scale-down')).toBe(block);
  });

  it('the two scalings together are at least as good as either', () => {
    const both = unavailable('scale-up/scale-down');
    expect(both).toBeLessThanOrEqual(unavailable('scale-up'));
    expect(both).toBeLessThanOrEqual(unavailable('scale-down'));
  });
});

describe('an emergency throttle, where roll-backs do not get through', () => {
  const small = smallScenario({ nodes: 400 });
  const document = { ...small, operators: { ...small.operators, playbook: {} } };
  const after = (list: string): Outcome => outcome(mitigated(list, document), { seeds: [1, 2, 3, 4, 5, 6] });
  const untouched = after('');

  it('to nothing is a block of the agents alone, two minutes after the diagnosis: the roll-back finds an open door', () => {
    const run = after('emergency-throttle');
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeLessThan(untouched.unavailable / 2);
    expect(run.lockout).toBeLessThan(untouched.lockout / 2);
  });

  it('to one LIST a second is too weak: it takes a second of a core, and two at once kill a server that starts', () => {
    expect(after('emergency-throttle:requestsPerSecond=1').unavailable).toBeGreaterThan(0.8 * untouched.unavailable);
  });
});

describe('a newer Kubernetes, in the ten minutes before anybody acts', () => {
  const small = smallScenario();
  const document = { ...small, kubernetes: { ...small.kubernetes, profile: '2024' as const } };

  it('answers LISTs without a version from the cache: half the memory each, which is not enough', () => {
    const run = (list: string): Outcome => outcome(mitigated(list, document), { seeds: [1], untilSeconds: 600 });
    const [older, newer] = [run(''), run('newer-kubernetes')];
    expect(newer.kills).toBeGreaterThan(0);
    expect(newer.kills).toBeLessThan(older.kills);
  });
});
