import { minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { kubeControllerManager } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';
import type { LeaderElectionOptions } from './election-options.ts';
import type { InformerSet } from './informers.ts';
import { ListedInformers } from './testing/listed-informers.ts';
import { LeaderElection } from './leader-election.ts';

const upstream = { leaseDuration: seconds(15), renewDeadline: seconds(10), retryPeriod: seconds(2) };

function setUp(changes: Partial<LeaderElectionOptions> = {}, bench: BenchOptions = {}, withInformers = false) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, bench);
  const story: { readonly at: number; readonly what: string }[] = [];
  const log = (what: string): void => void story.push({ at: simulation.now / seconds(1), what });
  const informersOf = (index: number, synced: () => void): InformerSet =>
    new ListedInformers(
      simulation,
      `manager-${index}`,
      [{ resource: 'pods', list: operationNumber('list-pods-cache-protobuf') }],
      {
        controlPlane,
        identity: kubeControllerManager,
        observer: { informersSynced: synced, informersBroke: () => {} },
      },
    );
  const election = new LeaderElection(
    simulation,
    'manager',
    { ...upstream, ...changes },
    {
      controlPlane,
      identity: kubeControllerManager,
      observer: {
        leaderStarted: (candidate) => log(`${candidate} started`),
        leaderStopped: (candidate) => log(`${candidate} stopped`),
      },
      ...(withInformers ? { informersOf } : {}),
    },
  );
  const sent = (name: string): number => controlPlane.groups.find((group) => group.name === name)!.sent;
  return { simulation, controlPlane, election, story, sent };
}

describe('a healthy API', () => {
  it('sees one PUT of the holder every 2 s and no GET, since 1.30', () => {
    const { simulation, election, sent, controlPlane, story } = setUp();
    advance(simulation, minutes(10));
    // 2 s from the end of one renewal to the start of the next; the PUT itself takes 1 ms of CPU and 1 ms of fsync.
    const most = 600 / 2;
    expect(sent('manager-0-lease')).toBeLessThanOrEqual(most);
    expect(sent('manager-0-lease')).toBeGreaterThanOrEqual(Math.floor(600 / 2.005));
    expect(sent('manager-0-lease-get')).toBe(0);
    expect(election.leader).toBe(0);
    expect(story).toEqual([]);
    controlPlane.checkBooks();
  });

  it('sees a GET before every PUT up to 1.29', () => {
    const { simulation, sent } = setUp({ renewsOptimistically: false });
    advance(simulation, minutes(10));
    expect(sent('manager-0-lease-get')).toBe(sent('manager-0-lease'));
    expect(sent('manager-0-lease')).toBeGreaterThan(290);
  });

  it('sees the others read every 2 to 4.4 s and never write', () => {
    const { simulation, sent } = setUp({ candidates: 3 });
    advance(simulation, minutes(20));
    for (const index of [1, 2]) {
      // Mean wait 2 s x (1 + 1.2 / 2) = 3.2 s; 375 waits of standard deviation 0.69 s.
      expect(Math.abs(sent(`manager-${index}-lease-get`) - 1200 / 3.2)).toBeLessThan(16);
      expect(sent(`manager-${index}-lease`)).toBe(0);
    }
  });
});

describe('an API that is away', () => {
  it('costs the lease 10 s after the first renewal that fails: 10 to 12 s after the last that went well', () => {
    for (const offset of [ms(100), ms(900), ms(1900)]) {
      const { simulation, controlPlane, election, story } = setUp();
      advance(simulation, seconds(60) + offset);
      controlPlane.servers[0]!.kill('liveness');
      const broke = simulation.now / seconds(1);
      advance(simulation, seconds(9.9));
      expect(election.isLeading).toBe(true);
      advance(simulation, seconds(2.2));
      expect(election.isLeading).toBe(false);
      expect(story[0]!.what).toBe('0 stopped');
      expect(story[0]!.at - broke).toBeGreaterThan(10);
      expect(story[0]!.at - broke).toBeLessThanOrEqual(12.01);
      controlPlane.checkBooks();
    }
  });

  it('a lone process needs a restart, start, and a whole lease duration from what it reads first', () => {
    const { simulation, controlPlane, election, story } = setUp({ startTime: seconds(3) });
    advance(simulation, seconds(60));
    election.kill(0);
    advance(simulation, seconds(4) + ms(100));
    expect(election.holders).toBe(0);
    advance(simulation, seconds(60));
    // 1 s + 3 s, then 15 s unchanged, noticed at one of the GETs that come every 2 to 4.4 s.
    const back = story.at(-1)!;
    expect(back.what).toBe('0 started');
    expect(back.at - 60).toBeGreaterThanOrEqual(19);
    expect(back.at - 60).toBeLessThanOrEqual(19 + 4.5);
    expect(election.transitions).toBe(1);
    controlPlane.checkBooks();
  });
});

describe('replicas', () => {
  it('take over 15 to 21.4 s after the last renewal of a holder that died', () => {
    const { simulation, controlPlane, election, story } = setUp({ candidates: 3 });
    advance(simulation, seconds(60));
    election.kill(0);
    advance(simulation, seconds(30));
    expect(story.map(({ what }) => what)).toEqual(['0 stopped', expect.stringMatching(/^[12] started$/) as string]);
    // Last renewal up to 2 s before; it is new to another up to 4.4 s after it was made, and looked at after 15 s more.
    expect(story[1]!.at - 60).toBeGreaterThanOrEqual(13);
    expect(story[1]!.at - 60).toBeLessThanOrEqual(15 + 4.4 + 4.5);
    expect(election.holders).toBe(1);
    controlPlane.checkBooks();
  });

  it('work only when their informers are filled', () => {
    const costs = flatCosts({ 'list-pods-cache-protobuf': { cpuMs: 7000 } });
    const { simulation, election, story } = setUp({ candidates: 2 }, { costs, cores: 4 }, true);
    advance(simulation, seconds(60));
    election.kill(0);
    let held = 0;
    while (election.holders === 0) advance(simulation, ms(10));
    held = simulation.now / seconds(1);
    expect(election.isLeading).toBe(false);
    advance(simulation, seconds(8));
    expect(election.leader).toBe(1);
    expect(story.at(-1)!.at - held).toBeGreaterThanOrEqual(6.9);
    expect(story.at(-1)!.at - held).toBeLessThanOrEqual(7.1);
  });
});

describe('a component that fills its informers first', () => {
  it('works as soon as it has won, and a restarted process does not compete before its informers are filled', () => {
    const costs = flatCosts({ 'list-pods-cache-protobuf': { cpuMs: 7000 } });
    const { simulation, election, story, sent, controlPlane } = setUp(
      { candidates: 2, informersFirst: true },
      { costs, cores: 4 },
      true,
    );
    advance(simulation, seconds(60));
    const before = sent('manager-0-lease-get');
    election.kill(0);
    // Killed at 60 s: 1 s until its kubelet sees it, 2 s of start, 7 s of listing.
    advance(simulation, seconds(9.9));
    expect(sent('manager-0-lease-get')).toBe(before);
    advance(simulation, seconds(0.3));
    expect(sent('manager-0-lease-get')).toBe(before + 1);
    while (election.holders === 0) advance(simulation, ms(10));
    expect(election.leader).toBe(1);
    expect(story.map(({ what }) => what)).toEqual(['0 stopped', '1 started']);
    controlPlane.checkBooks();
  });
});

describe('a hanging API', () => {
  it('eats the whole deadline with one PUT and one GET of 5 s each', () => {
    const costs = flatCosts({ 'lease-update': { cpuMs: 60_000 }, get: { cpuMs: 60_000 } });
    const { simulation, election, sent, story } = setUp({}, { costs, cores: 64 });
    advance(simulation, seconds(13));
    expect(sent('manager-0-lease')).toBe(1);
    expect(sent('manager-0-lease-get')).toBe(1);
    expect(story).toEqual([{ at: 12, what: '0 stopped' }]);
    expect(election.holders).toBe(0);
  });
});

it.each([
  [{ leaseDuration: seconds(10) }, 'leader election "manager": leaseDuration must be > renewDeadline'],
  [{ renewDeadline: seconds(2) }, 'leader election "manager": renewDeadline must be > retryPeriod x 1.2'],
  [{ candidates: 0 }, 'leader election "manager": candidates must be a whole number >= 1, got 0'],
])('refuses %j', (changes, message) => {
  expect(() => setUp(changes)).toThrow(message);
});
