/**
 * What a health gate has to look at to stop the outage, and what it takes to come back from it too late.
 *
 * The argument, before the run. A cluster of 300 nodes with 9,000 pods; a LIST of all pods costs 0.72 s of one core, and each
 * agent asks every 15 s. On a share s of the nodes the agents ask for 14.4 s of the 3 cores that the API servers have: 5 % of
 * them at s = 1 %, 24 % at 5 %, 96 % at 20 %, five times what there is at 100 %. An answer holds 230 MB while it is made, and a
 * server has room for six of them beside what it holds anyway.
 *
 * - The agents see nothing of that: each decodes 46 MB every 15 s, 3 % of a core, and less when answers stop coming. A gate on
 *   their own processor time lets every wave through.
 * - A gate at 20 % of the API servers' cores stops after the wave of 5 %, one on memory that has grown by 4 points (an answer is
 *   5) there or before: no user sees an error, because nothing has saturated.
 * - Taking back is a request to the API that the change has overwhelmed. Ten seconds after the start it finds servers that are
 *   just filling up. Minutes later all agents run and every server dies again as soon as it has room for six LISTs less; the
 *   pipeline finds one alive by luck, and so does the controller that has to delete hundreds of pods. It takes longer by
 *   minutes, in some runs it does not end within the hour.
 */
import { describe, expect, it } from 'vitest';
import type { ScenarioDocument } from '../src/scenario/document.ts';
import type { RunResult } from '../src/scenario/result.ts';
import { runScenario } from '../src/scenario/run.ts';
import { smallScenario } from './small-scenario.ts';

type Rollout = NonNullable<ScenarioDocument['rollout']>;
type Health = NonNullable<Rollout['health']>;

/** The large cluster alone, and nobody who comes to its help. */
function alone(nodes: number, memory: string, rollout: Rollout, scrapeInterval = '30 s', end = '30 min') {
  const document = smallScenario({ nodes, end });
  const { replicas, cores } = document.clusters[1]!.apiServers;
  return {
    ...document,
    clusters: [{ ...document.clusters[1]!, apiServers: { replicas, cores, memory } }],
    rollout,
    operators: {
      ...document.operators,
      paging: '100 h',
      alert: { ...(document.operators.alert as { apiErrorShareAbove: number; for: string }), scrapeInterval },
    },
  } as ScenarioDocument;
}

function stagedWith(health: Health): RunResult {
  const waves = [0.01, 0.05, 0.2, 1].map((nodesShare, index) => ({
    clusters: ['large'],
    nodesShare,
    ...(index === 0 ? { at: '0 min' } : { bake: '5 min' }),
  }));
  return runScenario(alone(300, '4.4 GiB', { waves, health }), { seed: 1 });
}

const sharesOf = (result: RunResult): string[] =>
  result.timeline
    .filter(({ kind }) => kind === 'rollout')
    .map(({ text }) => (text.includes('%') ? text.replace(/^.* on (\d+ %).*$/, '$1') : '100 %'));

describe('a gate', () => {
  it("on the agents' own processor time lets every wave through, and the outage with them", () => {
    const result = stagedWith({ window: '1 min', conditions: [{ metric: 'agent_cpu_cores', above: 0.1 }] });
    expect(sharesOf(result)).toEqual(['1 %', '5 %', '20 %', '100 %']);
    expect(result.kpis['outageSeconds']).toBeGreaterThan(300);
    expect(result.kpis['apiServerOomKills']).toBeGreaterThan(3);
  });

  it.each([
    ['apiserver_cpu_share', { above: 0.2 }],
    ['apiserver_memory_share', { changeAbove: '4 %' }],
  ] as const)('on %s stops it before a user sees anything', (metric, limit) => {
    const result = stagedWith({ window: '1 min', conditions: [{ metric, ...limit }] });
    expect(sharesOf(result)).not.toContain('20 %');
    expect(result.kpis['outageSeconds']).toBe(0);
    expect(result.kpis['apiServerOomKills']).toBe(0);
    expect(result.series.columns['agentsRunning.large']!.at(-1)).toBe(0);
  });

  it('on what users see stops it when they have seen it', () => {
    const result = stagedWith({ window: '1 min', conditions: [{ metric: 'user_error_share', above: 0.01 }] });
    expect(sharesOf(result)).toEqual(['1 %', '5 %', '20 %']);
    expect(result.kpis['outageSeconds']).toBeGreaterThan(0);
  });
});

describe('a roll-back by the pipeline', () => {
  /** Minutes from the gate to the first minute without agents; Infinity: not within the run. */
  function minutesToClear(window: string, seed: number): number {
    const health: Health = {
      window,
      conditions: [
        { metric: 'apiserver_cpu_share', above: 0.2 },
        { metric: 'apiserver_request_error_ratio', above: '5 %' },
      ],
    };
    const rollout = { waves: [{ clusters: ['large'], at: '0 min' }], health };
    const result = runScenario(alone(600, '8 GiB', rollout, '10 s', '30 min'), { seed });
    const gate = result.timeline.find(({ text }) => text.startsWith('gate stops'))!.t / 60;
    const agents = result.series.columns['agentsRunning.large']!;
    const times = result.series.t.map((t) => t / 60 + 1);
    const clear = times.findIndex((time, i) => time > gate + 1 && agents[i] === 0);
    return clear < 0 ? Infinity : times[clear]! - gate;
  }

  it('begun ten seconds after the start ends within minutes, begun ten minutes later it takes much longer', () => {
    for (const seed of [3, 5]) {
      const early = minutesToClear('10 s', seed);
      const late = minutesToClear('10 min', seed);
      expect(early).toBeLessThan(5);
      expect(late).toBeGreaterThan(2 * early);
    }
  });
});
