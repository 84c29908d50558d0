import { Streams } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { mitigationCostRanks } from '../mitigations/cost-rank.ts';
import { mitigations } from '../mitigations/index.ts';
import { phaseDiagramText } from '../report/phase-diagram.ts';
import { planAnswer, planText } from '../report/plan.ts';
import { tipAnswer, tipText } from '../report/tip.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { getPath } from '../scenario/path.ts';
import { parseScenario } from '../scenario/parse.ts';
import { incidents } from '../incidents/index.ts';
import { parseCondition } from './condition.ts';
import { hiddenCapacity, phaseDiagram, unattended, withoutTrigger } from './hidden-capacity.ts';
import { parseChoice, planSets } from './plan-choices.ts';
import { plan, type PlanOptions, type PlanResult } from './plan.ts';
import { questionOf, staysBad } from './question.ts';
import { smallestRecoveryAction } from './recovery-action.ts';
import type { MeasureValues, Wanted } from './replication.ts';
import { conduct, type Executor } from './study.ts';
import { parseTipAxis } from './tip-axis.ts';
import { tip } from './tip.ts';

const document = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();

/** Runs that are not simulated: what they measured follows from their document. */
function madeUp(measure: (document: ScenarioDocument, seed: string) => MeasureValues): Executor {
  return (wanted) =>
    wanted.map(({ document: one, seed }: Wanted) => ({
      hash: '',
      engine: '',
      seed,
      until: null,
      digest: '',
      events: 0,
      measures: measure(one, seed),
    }));
}

const numberAt = (one: ScenarioDocument, path: string): number => {
  const found = getPath(one, path) as number | { readonly value: number };
  return typeof found === 'number' ? found : found.value;
};
const nodes = (one: ScenarioDocument): number => numberAt(one, 'clusters[0].nodes');

describe('a tipping point of a scenario', () => {
  const axis = parseTipAxis(document, 'clusters[0].nodes=500..9000', mitigations);
  const question = questionOf(parseCondition('outageSeconds > 5 min', document));

  it('is that of the number varied, with another seed for each run', () => {
    const execute = madeUp((one) => ({ outageSeconds: nodes(one) > 4_321 ? 3_600 : 0 }));
    const result = conduct(tip(document, { axis, question, seed: '7' }), execute);
    expect(result).toMatchObject({ schema: 'brownout/tip@1', path: 'clusters[0].nodes', measure: 'outageSeconds' });
    expect(result.tip.low! <= 4_321 && result.tip.high! >= 4_321).toBe(true);
    expect(result.runs.map(({ seed }) => seed)).toEqual(result.runs.map((_, index) => String(7 + index)));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(tipAnswer(result)).toMatch(/^clusters\[0\]\.nodes tips at 4\d{3} \(95 % interval 4\d{3} to 4\d{3}\)$/);
    const text = tipText(result, { width: 80 });
    expect(text).toContain('A yes is more likely than not from there up');
    expect(text).toMatch(/ 500 {2}0 of 3 {2}0 s .*···/);
    expect(text).toMatch(/9000 {2}3 of 3 {2}1 h .*●●●/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('lists what it judged by: a recovery where nothing was lost is 0, and no "never"', () => {
    const recovers = questionOf(parseCondition('lastClusterRecovered > 2 h', document));
    const execute = madeUp((one) =>
      nodes(one) > 4_321
        ? { clustersLost: 1, lastClusterRecovered: null }
        : { clustersLost: 0, lastClusterRecovered: null },
    );
    const { runs } = conduct(tip(document, { axis, question: recovers }), execute);
    for (const { value, isYes, measure } of runs) {
      expect([value, isYes, measure]).toEqual(value > 4_321 ? [value, true, null] : [value, false, 0]);
    }
  });

  it('that is not there is said so in a line', () => {
    const result = conduct(
      tip(document, { axis, question }),
      madeUp(() => ({ outageSeconds: null })),
    );
    expect(tipAnswer(result)).toBe('clusters[0].nodes: yes over the whole range');
    expect(tipText(result)).toContain('none');
  });

  it('may be one of a mitigation, in its own unit', () => {
    const period = parseTipAxis(document, 'slower-agents:period=30 s..10 min', mitigations);
    expect([period.factor.low, period.factor.high, period.written(90)]).toEqual([30, 600, '1 min 30 s']);
    const replicas = parseTipAxis(document, 'more-api-servers:replicas=3..40', mitigations);
    const execute = madeUp((one) => {
      const count = numberAt(one, 'clusters[0].apiServers.replicas');
      return { clustersLost: 1, lastClusterRecovered: count >= 12 ? 1_000 : null, outageSeconds: 1 };
    });
    const result = conduct(smallestRecoveryAction(document, { axis: replicas }), execute);
    expect(result.tip).toMatchObject({ direction: 'falling', low: 11, high: 12 });
    expect(result.written).toEqual({ value: '11', low: '11', high: '12' });
  });

  it.each([
    ['more-api-servers:replicas=3', 'expected one parameter with a range'],
    ['newer-kubernetes:profile=a..b', 'expected 1.34, 1.35, 1.36 or current'],
    ['more-api-server:replicas=3..9', 'did you mean "more-api-servers"?'],
    ['clusters[0].nodes=1,2', 'expected a range such as 1000..5000, got a list'],
    ['slower-agents:period=10 min..30 s', 'expected a range that grows'],
  ])('refuses to vary %s', (text, message) => {
    expect(() => parseTipAxis(document, text, mitigations)).toThrow(message);
  });

  it('has no question in a mean, and a level in a quantile', () => {
    expect(() => questionOf(parseCondition('mean(outageSeconds) > 5'))).toThrow('a mean is no question to a run');
    expect(questionOf(parseCondition('q90(outageSeconds) > 5')).level).toBeCloseTo(0.1, 12);
    expect(staysBad.isYes({ clustersLost: 1, lastClusterRecovered: null })).toBe(true);
    expect(staysBad.isYes({ clustersLost: 0, lastClusterRecovered: null })).toBe(false);
    expect(staysBad.isYes({ clustersLost: 2, lastClusterRecovered: 60 })).toBe(false);
  });
});

describe('a scenario left alone', () => {
  it('has nobody who acts, and is still a document', () => {
    const alone = parseScenario(unattended(document), 'alone');
    expect(alone.operators.diagnosis.sample(new Streams('1', 0).get('x'))).toBeGreaterThan(alone.horizon.end);
    expect(withoutTrigger(document).rollout).toBeNull();
  });

  it('has a hidden capacity, and phases over load and trigger', () => {
    const load = parseTipAxis(document, 'clusters[0].nodes=500..9000', mitigations);
    const trigger = parseTipAxis(document, 'agent.period=10 s..100 s', mitigations);
    const seconds = (one: ScenarioDocument): number => {
      const period = getPath(one, 'agent.period');
      return Number.parseFloat(typeof period === 'string' ? period : (period as { readonly value: string }).value);
    };
    const execute = madeUp((one) => {
      const bound = one.rollout === null ? 8_000 : 7_000 - 50 * seconds(one);
      return { clustersLost: nodes(one) > bound ? 1 : 0, lastClusterRecovered: null, outageSeconds: 0 };
    });
    const hidden = conduct(hiddenCapacity(document, { axis: load, budget: 60 }), execute);
    expect(hidden.tip.status).toBe('found');
    const result = conduct(phaseDiagram(document, { load, trigger, rows: 3 }), execute);
    expect(result).toMatchObject({ schema: 'brownout/phase-diagram@1', rows: [null, '10 s', '55 s', '100 s'] });
    expect(result.diagram.contradictions).toEqual([]);
    const text = phaseDiagramText(result, { width: 80 });
    expect(text).toMatch(/100 s \| \.{8,}\?*M+\?*O+/);
    expect(text).toMatch(/ none \| \.+\?*v+\?*O+/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('a plan', () => {
  const choices = (...texts: string[]): PlanOptions['choices'] =>
    texts.flatMap((text) => parseChoice(text, mitigations, mitigationCostRanks));
  const goals = [parseCondition('outageSeconds < 5 min', document)];

  /** Each mitigation takes off some of the outage; only the two together take off enough. */
  const execute = madeUp((one) => {
    const replicas = numberAt(one, 'clusters[0].apiServers.replicas');
    const isCached = JSON.stringify(getPath(one, 'agent.list.resourceVersion')).includes('"0"');
    return { outageSeconds: Math.max(0, 9_000 - (isCached ? 5_000 : 0) - (replicas >= 9 ? 4_000 : 0)) };
  });

  function planned(options: Partial<PlanOptions> = {}): PlanResult {
    const usual = choices('cached-list', 'more-api-servers:replicas=7,9,11,cost=3,5,7');
    return conduct(plan(document, { goals, choices: usual, ...options }), execute);
  }

  it('finds the cheapest set, says why cheaper ones fail, and leaves dear ones alone', () => {
    const result = planned();
    expect(result.rows[result.best!]).toMatchObject({ set: 'cached-list+more-api-servers:replicas=9', cost: 6 });
    expect(planAnswer(result)).toMatch(
      /^cached-list\+more-api-servers:replicas=9 \(cost 6\) meets it in (\d+) of \1 runs$/,
    );
    expect(result.rows[0]).toMatchObject({
      set: '',
      cost: 0,
      verdict: 'fails',
      hits: 0,
      medians: { outageSeconds: 9_000 },
    });
    const front = result.front
      .filter(({ place }) => place === 'front')
      .map(({ candidate }) => result.rows[candidate]!.set);
    expect(front).toEqual(['', 'cached-list', 'cached-list+more-api-servers:replicas=9']);
    const text = planText(result, { width: 100 });
    expect(text).toContain('DOES NOT');
    expect(text).toMatch(/0 of 3 +2 h 30 min +as it is/);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('has no answer where no set meets the goal', () => {
    const result = planned({ most: 1 });
    expect(result.best).toBeNull();
    expect(planAnswer(result)).toBe('no set meets outageSeconds < 5 min');
  });

  it('takes chances from its goals', () => {
    expect(planned({ goals: [parseCondition('p(outageSeconds > 300) < 5 %')] })).toMatchObject({
      chance: 0.95,
      best: 5,
    });
    expect(planned({ chance: 0.8 }).doubtful).toBeCloseTo(0.2, 12);
    expect(() => planned({ goals: [parseCondition('mean(outageSeconds) < 300')] })).toThrow(
      'a mean is no goal for a run',
    );
  });

  it('reads choices with sizes and costs', () => {
    const costs = (text: string): (string | number)[][] => choices(text).map((one) => [one.text, one.cost]);
    expect(costs('more-api-servers:replicas=3,5')).toEqual([
      ['more-api-servers:replicas=3', 4],
      ['more-api-servers:replicas=5', 4.4],
    ]);
    expect(costs('agent-backoff:first=1s,5s,longest=1min,cost=2')).toEqual([
      ['agent-backoff:first=1s,longest=1min', 2],
      ['agent-backoff:first=5s,longest=1min', 2],
    ]);
    expect(() => choices('cached-list:cost=1,2')).toThrow('expected one cost or 1, got 2');
    expect(() => choices('cached-list:cost=-1')).toThrow('expected a cost such as 3, got "-1"');
    expect(() => choices('cached-lst')).toThrow('did you mean "cached-list"?');
    expect(() => parseChoice('cached-list', mitigations, {})).toThrow('state it with cost=');
  });

  it('looks at no set twice, and none with one mitigation in two sizes', () => {
    const sets = planSets(document, choices('more-api-servers:replicas=2,9', 'cached-list'), 2);
    // Two replicas are no more than there are.
    expect(sets.map(({ text }) => text)).toEqual([
      '',
      'cached-list',
      'more-api-servers:replicas=9',
      'more-api-servers:replicas=9+cached-list',
    ]);
  });

  it('knows what every mitigation costs beside the others', () => {
    expect(mitigations.filter(({ id }) => mitigationCostRanks[id] === undefined)).toEqual([]);
  });
});
