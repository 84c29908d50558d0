/** Mitigations in when the agent asks: spread, rate, and what it does after a failure. */
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import type { Stated } from '../scenario/provenance.ts';
import { isShorter, middleOf, numberOf, shareOf } from './stated.ts';

type Agent = ScenarioDraft['agent'];

/** What an agent does that says nothing: client-go's reflector (kubernetes/nodes/agent-retries.ts). */
const usualWaits = { first: '800 ms', longest: '30 s' } as const;

/** First requests spread out. */
export const agentStartSpread: Mitigation = defineMitigation({
  id: 'agent-start-spread',
  theme: 'agents',
  title: 'Agents spread their first request',
  what: 'Each agent waits a random time before it asks for the first time, so the burst that a rollout makes of thousands of new agents is spread over that window.',
  costs: 'Agents that know nothing for a while after every start, on every day.',
  leavesOut:
    'The steady load: where that is more than the API servers can do, the outage comes later and no smaller. It has to be in the agent before the day.',
  parameters: {
    spread: { kind: 'duration', default: '30 min', description: 'longest wait, at least; evenly drawn from 0' },
  },
  apply({ agent }, { spread }) {
    if (agent.startJitter === undefined || isShorter(agent.startJitter, spread)) agent.startJitter = spread;
  },
});

/** Periods that vary. */
export const agentJitter: Mitigation = defineMitigation({
  id: 'agent-jitter',
  theme: 'agents',
  title: 'Agents vary their period',
  what: 'The time from one answer to the next request varies at random, so that agents that started together drift apart.',
  costs: 'Samples at uneven times.',
  leavesOut:
    'The mean rate is the same; and start times of pods are spread by the rollout as it is, so there is little left to drift apart.',
  parameters: {
    jitter: {
      kind: 'share',
      default: 0.5,
      description: 'share of the period by which it varies, up and down; at least',
    },
  },
  apply({ agent }, { jitter }) {
    if ((shareOf(agent.periodJitter) ?? 1) < jitter) agent.periodJitter = jitter;
  },
});

/** A token bucket in each agent. */
export const agentRateLimit: Mitigation = defineMitigation({
  id: 'agent-rate-limit',
  theme: 'agents',
  title: 'Client-side rate limit in the agent',
  what: 'Each agent has a token bucket in front of all its requests, repetitions and pages included (client-go: QPS and burst).',
  costs: 'Answers that come later; a LIST in many pages takes as many tokens.',
  leavesOut:
    'The sum: a limit per client times thousands of clients is no limit, and an agent that asks once a minute is far below any usual one.',
  parameters: {
    qps: { kind: 'number', default: 0.05, description: 'requests per second of one agent in the long run, at most' },
    burst: { kind: 'count', default: 1, description: 'requests that may go at once after a pause, at most' },
  },
  apply({ agent }, { qps, burst }) {
    const limit = { qps: Math.max(0.001, qps), burst: Math.max(1, burst) };
    const { rateLimit } = agent;
    if (rateLimit === undefined) agent.rateLimit = limit;
    else {
      if ((numberOf(rateLimit.qps) ?? 0) > limit.qps) rateLimit.qps = limit.qps;
      if ((numberOf(rateLimit.burst) ?? 0) > limit.burst) rateLimit.burst = limit.burst;
    }
  },
});

/** Longer waits after failures. */
export const agentBackoff: Mitigation = defineMitigation({
  id: 'agent-backoff',
  theme: 'agents',
  title: 'Agents back off further',
  what: 'After a failed request an agent waits a time that doubles from failure to failure, up to minutes, with as much again at random.',
  costs: 'When the API is back, agents notice minutes later.',
  leavesOut:
    'The first request of every agent, and requests that are answered: it slows repetitions only, and client-go backs off to 30 s as it is.',
  parameters: {
    first: { kind: 'duration', default: '5 s', description: 'wait after the first failure, at least' },
    longest: { kind: 'duration', default: '10 min', description: 'longest wait, before jitter, at least' },
  },
  apply({ agent }, { first, longest }) {
    const now = waitsOf(agent);
    const isFirstShort = isShorter(now.first, first);
    const isLongestShort = isShorter(now.longest, longest);
    if (!isFirstShort && !isLongestShort) return;
    const waits = {
      first: isFirstShort ? first : now.first,
      longest: isLongestShort ? longest : now.longest,
      jitter: 1,
    };
    agent.retry = agent.retry?.policy === 'budget' ? { ...agent.retry, ...waits } : { policy: 'exponential', ...waits };
  },
});

/** Repetitions that have to be earned. */
export const agentRetryBudget: Mitigation = defineMitigation({
  id: 'agent-retry-budget',
  theme: 'agents',
  title: 'Retry budget in the agent',
  what: 'Each request earns an agent a fraction of a repetition; without budget a failed request is given up until the next period, so repetitions add no more than that fraction to the load.',
  costs: 'A request that one repetition would have saved waits a whole period.',
  leavesOut:
    'The load of first attempts. Where the period is shorter than the back-off of client-go, giving up means asking sooner, not later.',
  parameters: {
    retriesPerRequest: { kind: 'share', default: 0.1, description: 'repetitions that each request earns' },
    reserve: { kind: 'number', default: 3, description: 'repetitions that may be saved up' },
  },
  apply({ agent }, { retriesPerRequest, reserve }) {
    const { retry } = agent;
    // An agent that repeats nothing is below any budget.
    if (retry?.policy === 'none') return;
    const now = waitsOf(agent);
    const stated = retry?.policy === 'budget' ? retry : undefined;
    const budget = {
      first: isShorter(now.first, '1 s') ? '1 s' : now.first,
      longest: isShorter(now.longest, '30 s') ? '30 s' : now.longest,
      retriesPerRequest: smaller(stated?.retriesPerRequest, retriesPerRequest),
      reserve: smaller(stated?.reserve, Math.max(0, reserve)),
    };
    agent.retry = stated === undefined ? { policy: 'budget', jitter: 1, ...budget } : { ...stated, ...budget };
  },
});

/** How long the agent waits as it is, after the first failure and at most: one that gives up waits for its period. */
function waitsOf({ retry, period, requests = [] }: Agent): Pick<Backoff, 'first' | 'longest'> {
  switch (retry?.policy) {
    case undefined:
      return usualWaits;
    case 'none': {
      const periods = [period, ...requests.flatMap((request) => request.period ?? [])];
      const wait = periods.reduce((one, other) => ((middleOf(other) ?? 0) > (middleOf(one) ?? 0) ? other : one));
      return { first: wait, longest: wait };
    }
    case 'fixed':
      return { first: retry.wait, longest: retry.wait };
    case 'exponential':
    case 'budget':
      return retry;
  }
}

/** What a document states, unless that is more. */
function smaller(stated: Stated<number | string> | undefined, most: number): Stated<number | string> {
  return stated !== undefined && (numberOf(stated) ?? Infinity) <= most ? stated : most;
}

type Backoff = Extract<NonNullable<Agent['retry']>, { policy: 'exponential' }>;
