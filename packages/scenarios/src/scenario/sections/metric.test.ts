import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../../test/small-scenario.ts';
import { DocumentError } from '../document-error.ts';
import type { ScenarioDocument } from '../document.ts';
import { parseScenario } from '../parse.ts';

type Limit = number | string | { readonly value: string; readonly source: 'assumed'; readonly note: string };

function withRule(metric: string, limit: Limit): ScenarioDocument {
  const { operators, ...others } = smallScenario();
  const alerts = [{ name: 'rule', metric, above: limit }] as unknown as ScenarioDocument['operators']['alerts'];
  return { ...others, operators: { ...operators, alerts } };
}

function withCondition(metric: string, key: string, limit: Limit): ScenarioDocument {
  const { rollout, ...others } = smallScenario();
  const health = { window: '1 min', conditions: [{ metric, [key]: limit }] };
  return { ...others, rollout: { ...rollout!, health } as unknown as ScenarioDocument['rollout'] };
}

function problemOf(document: ScenarioDocument): string {
  try {
    parseScenario(document, 'test');
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  return '';
}

describe('a limit', () => {
  it.each([
    ['apiserver_cpu_share', '80 %', 0.8],
    ['apiserver_list_latency_p99_seconds', '50 ms', 0.05],
    ['node_lease_age_seconds', '1 min', 60],
    ['process_resident_memory_bytes', '60 GiB', 60 * 2 ** 30],
    ['apiserver_429_per_second', '30/min', 0.5],
    ['apiserver_cpu_share', 0.8, 0.8],
    ['apiserver_list_latency_p99_seconds', 2, 2],
    ['process_resident_memory_bytes', 1e9, 1e9],
    ['apiserver_429_per_second', 5, 5],
    ['agent_cpu_cores', 0.5, 0.5],
    ['nodes_not_ready', 3, 3],
    ['node_lease_age_seconds', { value: '40 s', source: 'assumed', note: 'the lease duration' }, 40],
  ] as const)('of %s may be written %j', (metric, limit, value) => {
    const scenario = parseScenario(withRule(metric, limit), 'test');
    expect(scenario.operators.alerts).toEqual([{ name: 'rule', metric, above: value }]);
  });

  it.each([
    ['apiserver_list_latency_p99_seconds', '5 %', 'expected a duration such as "2 s" or a plain number of seconds'],
    ['apiserver_list_latency_p99_seconds', '2 GiB', 'expected a duration such as "2 s"'],
    ['apiserver_cpu_share', '500 ms', 'expected a share such as 0.05 or "5 %"'],
    ['process_resident_memory_bytes', '80 %', 'expected a size such as "60 GiB" or a plain number of bytes'],
    ['apiserver_429_per_second', '5 s', 'expected a rate such as "10/s" or a plain number per second'],
    ['agent_cpu_cores', '50 %', 'expected a plain number of cores'],
    ['nodes_not_ready', '5 %', 'expected a plain number'],
  ])('of %s in another unit, %s, is refused with what was expected', (metric, limit, message) => {
    const problem = problemOf(withRule(metric, limit));
    expect(problem).toContain(`operators.alerts[0].above: ${message}`);
    expect(problem).toContain(`for ${metric}, got "${limit}"`);
  });

  it.each(['above', 'below', 'changeAbove', 'changeBelow'])('of a gate, %s, is held to the same', (key) => {
    expect(problemOf(withCondition('node_lease_age_seconds', key, '40 s'))).toBe('');
    const problem = problemOf(withCondition('node_lease_age_seconds', key, '5 %'));
    expect(problem).toContain(`rollout.health.conditions[0].${key}: expected a duration`);
  });
});
