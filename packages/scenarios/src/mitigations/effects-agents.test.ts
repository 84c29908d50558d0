/**
 * What mitigations in the agent do to the small outage, in the ten minutes before anybody acts. In its large cluster 300 agents
 * list 9,300 pods every 15 s: 0.75 s of CPU and 237 MB for each LIST, so 15 cores are asked for where there are three, and six
 * LISTs at once fill what the API server's memory has to spare.
 */
import { describe, expect, it } from 'vitest';
import { mitigated, outcome, type Outcome, unharmed } from '../../test/mitigated.ts';

const after = (list: string): Outcome => outcome(mitigated(list), { untilSeconds: 600 });
const untouched = after('');

describe('mitigations that take the large answer away', () => {
  it('pages: 12.8 MB at a time fit into memory, and the CPU that is asked for is shared out to the last core', () => {
    expect(after('paged-list')).toEqual(unharmed);
  });

  it('pages of a LIST from the cache are none: resourceVersion 0 ignores the limit', () => {
    expect(after('paged-list+cached-list')).toEqual(after('cached-list'));
    expect(after('paged-list+cached-list').kills).toBeGreaterThan(0);
  });

  it('a central collector: two clients in place of 300', () => {
    expect(after('central-collector')).toEqual(unharmed);
  });

  it('informers of their own node: the first LIST is as small as all that follow', () => {
    expect(after('watching-agents+own-node-selector')).toEqual(unharmed);
  });
});

describe('mitigations that take the steady load away but not the burst of new agents', () => {
  // Within a minute 300 agents list for the first time: 114 MB each from the cache, 237 MB from etcd.
  it('informers of all pods kill API servers when they start, and again when their streams break', () => {
    const run = after('watching-agents');
    expect(run.kills).toBeGreaterThan(0);
    expect(run.users).toBeLessThan(untouched.users);
  });

  it('a spread start alone: the steady load of a fifth of the agents is too much, which only comes later', () => {
    const run = after('agent-start-spread');
    expect(run.kills).toBeGreaterThan(0);
    expect(run.unavailable).toBeLessThan(untouched.unavailable / 4);
  });

  it('a spread start with either of those that take the steady load away: the one has what the other lacks', () => {
    expect(after('watching-agents+agent-start-spread')).toEqual(unharmed);
    expect(after('slower-agents+agent-start-spread')).toEqual(unharmed);
  });
});

describe('mitigations that do not help', () => {
  it.each([
    ['agent-jitter', 'the rollout has spread the agents already, and the mean rate is the same'],
    ['agent-rate-limit', 'each agent is within its limit, and there are 300 of them'],
    ['agent-backoff', 'first requests kill, before anything is repeated'],
    ['agent-retry-budget', 'first requests kill, before anything is repeated'],
  ])('%s: %s', (list) => {
    const run = after(list);
    expect(run.kills).toBeGreaterThan(untouched.kills / 2);
    expect(run.unavailable).toBeGreaterThan(untouched.unavailable / 2);
    expect(run.users).toBeGreaterThan(untouched.users / 2);
  });
});
