/** Rollouts that change the template of a DaemonSet that was there before, by the strategies that Kubernetes has. */
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../src/scenario/document-error.ts';
import type { ScenarioDocument } from '../src/scenario/document.ts';
import { metricNames } from '../src/operations/monitoring/metric-catalogue.ts';
import { parseScenario } from '../src/scenario/parse.ts';
import type { RunResult } from '../src/scenario/result.ts';
import { runScenario } from '../src/scenario/run.ts';
import { smallScenario } from './small-scenario.ts';

type Rollout = NonNullable<ScenarioDocument['rollout']>;

/** One cluster of 40 nodes on ample machines: a fifth of the nodes at the trigger, the others two minutes after. */
function document(more: Partial<Rollout> = {}): ScenarioDocument {
  const small = smallScenario({ nodes: 40, end: '20 min' });
  const waves = [
    { clusters: ['large'], at: '0 min', nodesShare: 0.2 },
    { clusters: ['large'], bake: '2 min' },
  ];
  return {
    ...small,
    kubernetes: { ...small.kubernetes, profile: '1.31' },
    clusters: [{ ...small.clusters[1]!, apiServers: { replicas: 3, cores: 4, memory: '16 GiB' } }],
    rollout: { waves, ...more },
  };
}

const agentsOf = (result: RunResult): readonly number[] => result.series.columns['agentsRunning.large']!;
/** Minutes from the trigger to the first minute that ends with at least so many agents. */
const minutesTo = (result: RunResult, count: number): number => {
  const index = agentsOf(result).findIndex((agents) => agents >= count);
  return result.series.t[index]! / 60 + 1;
};

describe('an update', () => {
  it('reaches the share of the nodes that a wave asks for, and then all', () => {
    const result = runScenario(document({ update: { maxUnavailable: '10 %' } }));
    const agents = agentsOf(result);
    expect(agents.slice(0, 2)).toEqual([0, 0]);
    expect(agents.filter((count) => count === 8).length).toBeGreaterThanOrEqual(2);
    expect(agents.at(-1)).toBe(40);
  });

  it('of one node at a time takes the way of a pod for each of them; ten at a time are faster', () => {
    const one = runScenario(document({ update: {} }));
    const ten = runScenario(document({ update: { maxUnavailable: 10 } }));
    // A pod needs about 15 s to start: eight of them, one after the other, two minutes; ten at once, one way.
    expect(minutesTo(one, 8)).toBeGreaterThanOrEqual(2);
    expect(minutesTo(ten, 8)).toBeLessThanOrEqual(2);
    expect(minutesTo(one, 40)).toBeGreaterThan(minutesTo(ten, 40) + 3);
  });

  it('OnDelete goes at the pace at which the pipeline deletes pods', () => {
    const slow = runScenario(document({ update: { type: 'OnDelete', deletionPause: '15 s' } }));
    const fast = runScenario(document({ update: { type: 'OnDelete', deletionPause: '1 s' } }));
    expect(minutesTo(slow, 40) - minutesTo(fast, 40)).toBeGreaterThan(5);
    expect(agentsOf(slow).at(-1)).toBe(40);
  });

  it('is taken back by the same way: pods of the old template in place of the agents', () => {
    const health = { window: '2 min', conditions: [{ metric: 'agent_cpu_cores', above: 0.0001 }] } as const;
    const result = runScenario(document({ update: { maxUnavailable: '10 %' }, health }));
    expect(Math.max(...agentsOf(result))).toBe(8);
    expect(agentsOf(result).at(-1)).toBe(0);
    expect(result.timeline.some(({ text }) => text === 'telemetry-agent taken back by the pipeline')).toBe(true);
  });

  it('with the same seed is the same to the last digit', () => {
    const changed = document({ update: { maxUnavailable: 0, maxSurge: 4 }, order: 'random' });
    expect(runScenario(changed, { seed: 3 }).digest).toBe(runScenario(changed, { seed: 3 }).digest);
  });
});

describe('a document', () => {
  const problemOf = (changed: ScenarioDocument): string => {
    try {
      parseScenario(changed, 'test');
    } catch (error) {
      if (error instanceof DocumentError) return error.message;
    }
    return '';
  };
  const withHealth = (condition: object, window = '1 min'): ScenarioDocument =>
    document({ health: { window, conditions: [condition] } } as unknown as Partial<Rollout>);

  it('that updates without a profile is refused', () => {
    const { profile: _, ...kubernetes } = document().kubernetes;
    const changed = { ...document({ update: {} }), kubernetes };
    expect(problemOf(changed)).toContain('rollout.update: expected kubernetes.profile beside it');
  });

  it.each([
    [{ metric: 'apiserver_cpu_shares', above: 0.2 }, 'did you mean "apiserver_cpu_share"?'],
    [{ metric: 'apiserver_cpu_share', above: 20 }, 'expected a share from 0 to 1, as apiserver_cpu_share is, got 20'],
    [{ metric: 'apiserver_cpu_share' }, 'expected above, below, changeAbove or changeBelow, got none of them'],
    [{ metric: 'nodes_not_ready', above: 1, product: 'chat' }, 'only user_error_share has products'],
    [{ metric: 'user_error_share', above: 0.1, product: 'chats' }, 'did you mean "chat"?'],
    [
      { metric: 'etcd_cpu_share', above: '5 apples' },
      'expected a limit such as 0.05, "5 %", "2 s", "60 GiB" or "10/s"',
    ],
  ])('with the condition %j is refused', (condition, message) => {
    expect(problemOf(withHealth(condition))).toContain(message);
  });

  it('whose gate looks more often than anything is scraped is refused', () => {
    const message = problemOf(withHealth({ metric: 'etcd_cpu_share', above: 0.5 }, '10 s'));
    expect(message).toContain('rollout.health.window: expected at least the scrape interval, 30 s, got 10 s');
  });

  it('may have rules of its own beside the one that it must have', () => {
    const { operators, ...others } = document();
    const alerts = [
      { name: 'memory', metric: 'process_resident_memory_bytes', above: '60 GiB', for: '5 min' },
      { name: 'blind', metric: 'etcd_cpu_share', noData: 'fire', severity: 'ticket', across: 'max' },
    ] as const;
    const monitoring = { sharesFate: 'api', evaluationInterval: '15 s' } as const;
    const scenario = parseScenario({ ...others, operators: { ...operators, alerts, monitoring } }, 'test');
    expect(scenario.operators.alerts?.[0]?.above).toBe(60 * 1024 * 1024 * 1024);
    expect(scenario.operators.monitoring?.sharesFate).toBe('api');
  });
});

it('rules that never fire, on every metric, leave the run as it was to the last digit', () => {
  const plain = smallScenario({ nodes: 60, end: '12 min' });
  const alerts = metricNames.map((metric) => ({ name: metric, metric, noData: 'ignore' as const, below: 0 }));
  const watched = { ...plain, operators: { ...plain.operators, alerts } };
  expect(runScenario(watched).digest).toBe(runScenario(plain).digest);
});
