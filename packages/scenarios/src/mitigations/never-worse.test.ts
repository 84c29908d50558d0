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
