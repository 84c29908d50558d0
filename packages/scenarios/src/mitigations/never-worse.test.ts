/** Mitigations that make a value larger or smaller leave one alone that is better already. */
import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { applyMitigations, parseMitigationList } from '../scenario/mitigation.ts';
import { assumed } from '../scenario/provenance.ts';
import { mitigations } from './index.ts';

type Agent = ScenarioDocument['agent'];

function difference(list: string, document: ScenarioDocument): readonly string[] {
  return applyMitigations(document, parseMitigationList(list, mitigations)).applied.flatMap((one) => one.difference);
}

function withAgent(agent: Partial<Agent>): ScenarioDocument {
  const small = smallScenario();
  return { ...small, agent: { ...small.agent, ...agent } };
}

function withRegistry(registry: Partial<NonNullable<ScenarioDocument['dns']['registry']>>): ScenarioDocument {
  const small = smallScenario();
  return { ...small, dns: { ...small.dns, registry: { ...small.dns.registry!, ...registry } } };
}

function withGate(gate: NonNullable<NonNullable<ScenarioDocument['rollout']>['gate']>): ScenarioDocument {
  const small = smallScenario();
  return { ...small, rollout: { ...small.rollout!, gate } };
}

function rolloutAfter(list: string, rollout: NonNullable<ScenarioDocument['rollout']>): ScenarioDocument['rollout'] {
  const document = { ...smallScenario(), rollout };
  return applyMitigations(document, parseMitigationList(list, mitigations)).document.rollout;
}

function retryAfter(list: string, agent: Partial<Agent>): Agent['retry'] {
  return applyMitigations(withAgent(agent), parseMitigationList(list, mitigations)).document.agent.retry;
}

it.each<[string, ScenarioDocument]>([
  ['slower-agents', withAgent({ period: '1 h' })],
  ['slower-agents', withAgent({ period: assumed('1 h', 'a guess'), requests: [{ kind: 'list', period: '2 h' }] })],
  ['agent-start-spread', withAgent({ startJitter: '1 h' })],
  ['agent-rate-limit', withAgent({ rateLimit: { qps: 0.01, burst: 1 } })],
  ['agent-backoff', withAgent({ retry: { policy: 'exponential', first: '10 s', longest: '1 h', jitter: 0.5 } })],
  ['agent-backoff', withAgent({ retry: { policy: 'fixed', wait: '20 min' } })],
  ['agent-backoff', withAgent({ retry: { policy: 'none' }, period: '20 min' })],
  ['agent-backoff:first=100ms,longest=20s', withAgent({})],
  ['paged-list', withAgent({ list: { ...smallScenario().agent.list, limit: 100 } })],
  ['longer-dns-ttl', withRegistry({ ttl: '1000 min' })],
  ['serve-stale-dns', withRegistry({ serveStale: assumed('48 h', 'a guess') })],
  ['agent-retry-budget', withAgent({ retry: { policy: 'none' } })],
  [
    'agent-retry-budget',
    withAgent({ retry: { policy: 'budget', first: '2 s', longest: '1 min', retriesPerRequest: 0.05, reserve: 1 } }),
  ],
  ['health-gates', withGate({ apiServerCpuAbove: 0.1, apiErrorShareAbove: '1 %', window: '30 s' })],
])('%s changes nothing that is better already', (list, document) => {
  expect(difference(list, document)).toEqual([]);
});

it('of two values only the worse one is changed', () => {
  const requests = [{ kind: 'list', period: '1 min' }] as const;
  expect(difference('slower-agents', withAgent({ period: '1 h', requests }))).toEqual([
    'agent.requests[0].period: "1 min" -> "10 min"',
  ]);
  expect(difference('agent-rate-limit', withAgent({ rateLimit: { qps: 0.01, burst: 10 } }))).toEqual([
    'agent.rateLimit.burst: 10 -> 1',
  ]);
  expect(retryAfter('agent-backoff', { retry: { policy: 'exponential', first: '10 s', longest: '1 min' } })).toEqual({
    policy: 'exponential',
    first: '10 s',
    longest: '10 min',
    jitter: 1,
  });
});

it('a longer back-off keeps a budget, and waits at least as long as an agent that waited the same time always', () => {
  const budget = { policy: 'budget', first: '1 s', longest: '30 s', retriesPerRequest: 0.2, reserve: 2 } as const;
  expect(retryAfter('agent-backoff', { retry: budget })).toEqual({
    ...budget,
    first: '5 s',
    longest: '10 min',
    jitter: 1,
  });
  const exponential = { policy: 'exponential', first: '1 min', longest: '10 min', jitter: 1 };
  expect(retryAfter('agent-backoff', { retry: { policy: 'fixed', wait: '1 min' } })).toEqual(exponential);
  expect(retryAfter('agent-backoff', { retry: { policy: 'none' }, period: '1 min' })).toEqual(exponential);
});

it('a budget keeps what an agent had that is stricter, and takes the rest', () => {
  const budget = { policy: 'budget', first: '1 min', longest: '2 min', retriesPerRequest: 0.05, reserve: 9 } as const;
  expect(retryAfter('agent-retry-budget', { retry: budget })).toEqual({ ...budget, reserve: 3 });
  const exponential = { policy: 'exponential', first: '10 s', longest: '20 s' } as const;
  expect(retryAfter('agent-retry-budget', { retry: exponential })).toEqual({
    policy: 'budget',
    first: '10 s',
    longest: '30 s',
    jitter: 1,
    retriesPerRequest: 0.1,
    reserve: 3,
  });
});

it('a gate keeps the stricter of two limits, each for itself', () => {
  const [wave, ...others] = smallScenario().rollout!.waves;
  const gate = { apiServerCpuAbove: 0.1, apiErrorShareAbove: 0.5, window: '10 min' };
  const waves = [wave!, ...others];
  expect(rolloutAfter('health-gates', { waves, gate })?.gate).toEqual({
    apiServerCpuAbove: 0.1,
    apiErrorShareAbove: 0.02,
    window: '1 min',
  });
  expect(rolloutAfter('staged-rollout', { waves, gate })?.gate).toEqual({
    apiServerCpuAbove: 0.1,
    apiErrorShareAbove: 0.02,
    window: '1 min',
  });
});

it('a staged rollout keeps the longer wait and the smaller share that were there', () => {
  const waves = [
    { clusters: ['small'], at: '0 min' },
    { clusters: ['large'], nodesShare: 0.001, bake: assumed('2 h', 'a guess') },
    { clusters: ['large'], bake: '1 h' },
  ];
  const after = rolloutAfter('staged-rollout:splitAbove=100', { waves });
  expect(after?.waves.map(({ nodesShare }) => nodesShare)).toEqual([1, 0.001, 0.01, 0.1, 0.5, 1]);
  expect(new Set(after?.waves.slice(1).map(({ bake }) => bake))).toEqual(new Set([assumed('2 h', 'a guess')]));
  const byTheClock = [
    { clusters: ['small'], at: '0 min' },
    { clusters: ['large'], at: '3 h' },
  ];
  expect(rolloutAfter('staged-rollout', { waves: byTheClock })?.waves[1]).toMatchObject({ bake: '3 h' });
});
