/** `kubernetes.webhooks` and the fault `webhook-down`: a rollout behind an admission webhook that breaks down. */
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

type Webhooks = NonNullable<ScenarioDocument['kubernetes']['webhooks']>;
type Faults = NonNullable<ScenarioDocument['faults']>;

const policy: Webhooks[number] = { name: 'policy', kind: 'validating', operations: ['pod-create'], latency: '5 ms' };
const down = { kind: 'webhook-down', webhook: 'policy', at: '-1 min', until: '4 min' } as const;

/** A rollout of agents that lists from the cache, on few nodes: nothing else is in its way. */
function documentOf(webhooks: Webhooks | undefined, faults: Faults = []): ScenarioDocument {
  const small = smallScenario({ nodes: 60, end: '12 min' });
  return {
    ...small,
    agent: { ...small.agent, list: { ...small.agent.list, resourceVersion: '0' } },
    kubernetes: { ...small.kubernetes, ...(webhooks === undefined ? {} : { webhooks }) },
    faults,
  };
}

/** Place of a minute in columns that begin two minutes before the trigger. */
const minuteOf = (minute: number): number => minute + 2;

/** Agents that run in the cluster that is first, of 25 nodes, minute by minute. */
function agents(document: ScenarioDocument): readonly number[] {
  return runScenario(document, { seed: 1 }).series.columns['agentsRunning.small']!;
}

describe('a rollout behind a webhook', () => {
  it('goes on as without it while it answers: done within its first minute', () => {
    expect(agents(documentOf([policy]))[minuteOf(0)]).toBe(25);
    expect(agents(documentOf(undefined))[minuteOf(0)]).toBe(25);
  });

  it.each(['silent', 'refusing'] as const)('creates no pod while the webhook is %s and fails closed', (backend) => {
    const seen = agents(documentOf([policy], [{ ...down, backend }]));
    expect(Math.max(...seen.slice(0, minuteOf(4)))).toBe(0);
    // The controller tries again after 5 ms, doubling to 1,000 s: it waits no longer for its next try than it has waited in all.
    expect(seen[minuteOf(9)]).toBe(25);
  });

  it('is slower by its timeouts while the webhook is silent and fails open, and not stopped', () => {
    // Each create takes 10 s in place of milliseconds; batches of 1, 2, 4, 8 and 10 wait for one another: 50 s.
    const seen = agents(documentOf([{ ...policy, failurePolicy: 'Ignore' }], [down]));
    expect(seen[minuteOf(0)]).toBe(25);
    // With 13 s more for each they do not fit into that minute any more.
    const slower = agents(documentOf([{ ...policy, failurePolicy: 'Ignore', timeout: '23 s' }], [down]));
    expect(slower[minuteOf(0)]).toBeLessThan(25);
    expect(slower[minuteOf(1)]).toBe(25);
  });
});

it.each([
  [documentOf([policy, policy]), 'kubernetes.webhooks[1].name: "policy" stands here twice'],
  [documentOf([{ ...policy, operations: ['get' as 'pod-create'] }]), 'kubernetes.webhooks[0].operations[0]'],
  [documentOf([{ ...policy, timeout: '31 s' }]), 'kubernetes.webhooks[0].timeout'],
  [documentOf(undefined, [down]), 'expected one of kubernetes.webhooks, and there are none, got "policy"'],
  [documentOf([policy], [{ ...down, webhook: 'polcy' }]), 'did you mean "policy"?'],
])('is refused when wrong', (document, message) => {
  expect(() => parseScenario(document, 'wrong')).toThrow(message);
});

it('new connections go where the document says', () => {
  const small = smallScenario({ nodes: 30, end: '3 min' });
  const digestOf = (balancer?: 'random' | 'least-connections' | 'round-robin'): string => {
    const loadBalancer = { ...small.kubernetes.loadBalancer, ...(balancer === undefined ? {} : { balancer }) };
    return runScenario({ ...small, kubernetes: { ...small.kubernetes, loadBalancer } }, { seed: 1 }).digest;
  };
  expect(digestOf('random')).toBe(digestOf());
  expect(digestOf('least-connections')).not.toBe(digestOf());
  expect(digestOf('round-robin')).not.toBe(digestOf('least-connections'));
});
