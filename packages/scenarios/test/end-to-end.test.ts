/** The small outage from end to end: what must emerge from its causes, and what must not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Simulation, plus, timeZero, Trace, type Duration } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { buildWorld } from '../src/scenario/build.ts';
import type { ScenarioDocument } from '../src/scenario/document.ts';
import { DocumentError } from '../src/scenario/document-error.ts';
import { parseScenario } from '../src/scenario/parse.ts';
import type { RunResult } from '../src/scenario/result.ts';
import { runScenario } from '../src/scenario/run.ts';
import { smallScenario, withoutTrigger } from './small-scenario.ts';

const baseline: RunResult = runScenario(smallScenario());

function column(result: RunResult, name: string): readonly number[] {
  const values = result.series.columns[name];
  if (values === undefined) throw new Error(`no column "${name}"`);
  return values;
}

function expectBalanced({ conservation }: RunResult): void {
  expect(conservation.length).toBeGreaterThan(10);
  for (const row of conservation) {
    const { arrived, served, rejected, abandoned, timedOut, lost, inside } = row;
    expect(served + rejected + abandoned + timedOut + lost + inside, row.book).toBe(arrived);
    expect(Math.min(served, rejected, abandoned, timedOut, lost, inside), row.book).toBeGreaterThanOrEqual(0);
  }
}

describe('the outage', () => {
  it('takes the large cluster and leaves the small one alone', () => {
    expect(baseline.kpis['clustersLost']).toBe(1);
    expect(baseline.kpis.byCluster['large']).toMatchObject({ clustersLost: 1 });
    expect(baseline.kpis.byCluster['small']).toMatchObject({
      clustersLost: 0,
      firstSaturation: null,
      firstUserError: null,
      apiServerOomKills: 0,
    });
  });

  it('changes the cores of the small cluster by less than 15 points and harms no user there', () => {
    const before = column(baseline, 'apiServerCpu.small').slice(0, 2);
    const after = column(baseline, 'apiServerCpu.small').slice(2);
    expect(Math.max(...after) - Math.min(...before)).toBeLessThan(0.15);
    expect(Math.max(...after)).toBeGreaterThan(Math.max(...before));
    expect(Math.max(...column(baseline, 'clusterUserErrorShare.small'))).toBe(0);
  });

  it('begins in the control plane, is noticed, and reaches users after it', () => {
    const { firstSaturation, firstAlert, firstUserError, peakImpact } = baseline.kpis as Record<string, unknown>;
    for (const t of [firstSaturation, firstAlert, firstUserError, peakImpact]) expect(typeof t).toBe('number');
    expect(firstUserError as number).toBeGreaterThanOrEqual(firstSaturation as number);
    expect(peakImpact as number).toBeGreaterThan(firstUserError as number);
    expect(baseline.firstFailures.map(({ cluster, resource }) => [cluster, resource])).toEqual([
      ['small', 'none'],
      ['large', 'api-server-memory'],
    ]);
  });

  it('locks operators out of the large cluster alone', () => {
    expect(baseline.kpis.byCluster['large']!['lockoutSeconds']).toBeGreaterThan(300);
    expect(baseline.kpis.byCluster['small']!['lockoutSeconds']).toBe(0);
  });

  it('multiplies the work of clients', () => {
    expect(baseline.kpis['workAmplification']).toBeGreaterThan(1.5);
    expect(baseline.kpis.byCluster['small']!['workAmplification']).toBe(1);
  });

  it('is traced from a failed user request back to the rollout', () => {
    const kinds = baseline.causes.map((link) => link.kind);
    expect(kinds[0]).toBe('users');
    expect(kinds.at(-1)).toBe('rollout');
    expect(kinds).toContain('dns');
    expect(kinds).toContain('memory-kill');
    const times = baseline.causes.map((link) => link.t);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(baseline.causes.every((link) => link.cluster === 'large')).toBe(true);
  });

  it('balances its books', () => {
    expectBalanced(baseline);
  });

  it('is told in order, published facts among the simulated', () => {
    const times = baseline.timeline.map((entry) => entry.t);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(baseline.timeline.filter((entry) => entry.published).map((entry) => entry.clock)).toEqual(['14:56:00']);
    const kills = baseline.timeline.filter((entry) => entry.kind === 'memory-kill');
    expect(kills).toHaveLength(3);
    expect(kills.at(-1)!.text).toMatch(/, and again and again$/);
  });
});

describe('without its cause', () => {
  it('the day is quiet', () => {
    const quiet = runScenario(withoutTrigger(smallScenario()));
    expect(quiet.kpis).toMatchObject({
      firstSaturation: null,
      firstAlert: null,
      firstUserError: null,
      peakErrorShare: 0,
      clustersLost: 0,
      apiServerOomKills: 0,
      lockoutSeconds: 0,
      workAmplification: 1,
      wastedWorkShare: 0,
    });
    expect(quiet.causes).toEqual([]);
    expect(quiet.timeline.filter((entry) => entry.published !== true)).toEqual([]);
    expect(Math.max(...column(quiet, 'apiServerCpu.large'))).toBeLessThan(0.1);
    expect(Math.min(...column(quiet, 'apiSuccessShare.large'))).toBe(1);
    expect(quiet.firstFailures.every(({ resource }) => resource === 'none')).toBe(true);
    expectBalanced(quiet);
  });
});

describe('without the registry-backed tier', () => {
  it('the same API outage shows no failing name and no user error', () => {
    const decoupled = runScenario({ ...smallScenario(), dns: { registry: null } });
    expect(decoupled.kpis['clustersLost']).toBe(1);
    expect(decoupled.kpis['controlPlaneUnavailableSeconds']).toBeGreaterThan(300);
    expect(decoupled.kpis).toMatchObject({ firstUserError: null, peakErrorShare: 0, usersAffectedShare: 0 });
    for (const cluster of ['small', 'large']) {
      expect(Math.max(...column(decoupled, `dnsFailureShare.${cluster}`))).toBe(0);
    }
    expectBalanced(decoupled);
  });
});

describe('size', () => {
  it('decides: below a threshold nothing happens, above it the cluster goes down, and there is one threshold', () => {
    const sizes = [50, 100, 150, 200, 250, 300, 350];
    const kills = sizes.map((nodes) => {
      const result = runScenario(smallScenario({ nodes }), { untilSeconds: 600 });
      return result.kpis.byCluster['large']!['apiServerOomKills']!;
    });
    const isDown = kills.map((count) => count > 0);
    expect(isDown[0]).toBe(false);
    expect(isDown.at(-1)).toBe(true);
    expect(isDown).toEqual([...isDown].sort((a, b) => Number(a) - Number(b)));
  });

  it('of the load: it grows with the square of the nodes', () => {
    const busy = [50, 100].map((nodes) => {
      const cpu = column(runScenario(smallScenario({ nodes }), { untilSeconds: 1200 }), 'apiServerCpu.large');
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      return mean(cpu.slice(10, 20)) - mean(cpu.slice(2, 6));
    });
    // The busiest of three servers is seen, so the ratio is 4 only up to chance.
    expect(busy[1]! / busy[0]!).toBeGreaterThan(3.2);
    expect(busy[1]! / busy[0]!).toBeLessThan(4.8);
  });
});

describe('repetition', () => {
  it('the same seed gives the same result to the last digit, another seed another one', () => {
    const until = { untilSeconds: 900 };
    const first = runScenario(smallScenario(), { ...until, seed: 7 });
    const again = runScenario(smallScenario(), { ...until, seed: 7 });
    const other = runScenario(smallScenario(), { ...until, seed: 8 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(other.digest).not.toBe(first.digest);
    expect(other.documentHash).toBe(first.documentHash);
    for (const result of [first, other]) expectBalanced(result);
  });

  it('a number and its text are the same seed', () => {
    const digest = (seed: number | string): string => runScenario(smallScenario(), { seed, untilSeconds: 60 }).digest;
    expect(digest('3')).toBe(digest(3));
    expect(digest(4)).not.toBe(digest(3));
  });

  it('a change to the agent leaves the other streams alone: the past before the rollout is the same', () => {
    const document = smallScenario();
    const changed = { ...document, agent: { ...document.agent, period: '5 min' } };
    const columns = (one: ScenarioDocument): unknown => {
      const { series } = runScenario(one, { untilSeconds: 0 });
      return series.columns;
    };
    expect(columns(changed)).toEqual(columns(document));
  });
});

describe('how a run is made', () => {
  it('stops when it is told to, and says so', () => {
    const seen: number[] = [];
    const abort = { aborted: false };
    const result = runScenario(smallScenario(), {
      abort,
      onProgress: (now, end) => {
        expect(end).toBe(3600);
        seen.push(now);
        abort.aborted = true;
      },
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(result.horizon.endSeconds).toBeLessThan(3600);
    expect(result.warnings[0]).toMatch(/^stopped at \d+ s after the trigger$/);
    expectBalanced(result);
  });

  it('ends early when asked, with windows up to there', () => {
    const result = runScenario(smallScenario(), { untilSeconds: 120 });
    expect(result.horizon).toEqual({ startSeconds: -120, endSeconds: 120 });
    expect(result.series.t).toEqual([-120, -60, 0, 60]);
    expect(result.warnings).toEqual([]);
  });

  it('refuses a document that is wrong, by its name', () => {
    const wrong = { ...smallScenario(), clusters: [] };
    expect(() => runScenario(wrong, { origin: 'mine.yaml' })).toThrow(DocumentError);
    expect(() => runScenario(wrong, { origin: 'mine.yaml' })).toThrow(/mine\.yaml/);
  });

  it('gives plain data that survives a journey through JSON', () => {
    expect(JSON.parse(JSON.stringify(baseline))).toEqual(baseline);
  });
});

describe('golden', () => {
  const file = join(import.meta.dirname, 'golden', 'small-scenario.json');
  const hint =
    'Results of the same document and seed have changed. If that is meant: BROWNOUT_UPDATE=1 npx vitest run packages/scenarios/test/end-to-end.test.ts, and a line in CHANGELOG.md';

  it('digest, counts and the first hundred records are as they were', () => {
    const { documentHash, digest, eventCount, kpis } = baseline;
    const { byCluster: _clusters, byProduct: _products, ...overall } = kpis;
    const now = { documentHash, digest, eventCount, kpis: overall, records: firstRecords(smallScenario(), 100) };
    if (process.env['BROWNOUT_UPDATE'] === '1') writeFileSync(file, `${JSON.stringify(now, undefined, 1)}\n`);
    expect(now, hint).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});

/** The first records of the run with seed 1, as `microseconds kind subject value cause`. */
function firstRecords(document: ScenarioDocument, count: number): string[] {
  const scenario = parseScenario(document, 'small');
  const simulation = new Simulation({ seed: '1' });
  const trace = new Trace(simulation, { keep: 'all' });
  buildWorld(simulation, trace, scenario);
  simulation.runUntil(plus(timeZero, (scenario.horizon.end - scenario.horizon.start) as Duration));
  const records = [...trace.records()].slice(0, count);
  return records.map(({ time, kind, subject, value, causedBy }) => `${time} ${kind} ${subject} ${value} ${causedBy}`);
}
