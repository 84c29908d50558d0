/** `operators.playbook` in a document: what is read, what is left out, and what is refused, with its place. */
import { type Duration, minutes, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../../test/small-scenario.ts';
import type { PlaybookStep } from '../../operations/playbook/playbook.ts';
import { spareApiServers } from '../build-operators.ts';
import type { ScenarioDocument } from '../document.ts';
import { parseScenario, scenarioJsonSchema } from '../parse.ts';
import type { PlaybookDocument } from './playbook.ts';

function withPlaybook(playbook: unknown): ScenarioDocument {
  const document = smallScenario();
  return { ...document, operators: { ...document.operators, playbook: playbook as PlaybookDocument } };
}

function stepsOf(...steps: readonly unknown[]): readonly PlaybookStep[] {
  return parseScenario(withPlaybook({ steps }), 'x').operators.playbook!.steps!;
}

function messageOf(...steps: readonly unknown[]): string {
  return messageOfPlaybook({ steps });
}

function messageOfPlaybook(playbook: unknown): string {
  try {
    parseScenario(withPlaybook(playbook), 'x');
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll('x: operators.playbook.', '') : String(error);
  }
}

const block = { action: 'block-admin-api' };

describe('what is left out', () => {
  it('has a default', () => {
    const { playbook } = parseScenario(withPlaybook({}), 'x').operators;
    expect(playbook).toEqual({
      order: 'as-they-come',
      work: 'parallel',
      credential: 'system-masters',
      reinforcements: [],
      darkDiagnosis: 1,
    });
    const [step] = stepsOf(block);
    expect(step).toMatchObject({
      id: 'block-admin-api',
      action: { action: 'block-admin-api' },
      path: 'network',
      scope: 'affected',
      when: {},
      unless: {},
      failureChance: 0,
      crew: 1,
    });
    expect(step!.retry.attempts).toBe(Infinity);
    const { streams } = new Simulation({ seed: 1 });
    expect(step!.retry.pause.sample(streams.get('x'))).toBe(minutes(1));
    expect(step!.time.sample(streams.get('x'))).toBe(0 as Duration);
  });

  it('depends on the action', () => {
    const steps = stepsOf(
      { action: 'roll-back' },
      { action: 'stop-rollout' },
      { action: 'scale-cluster-down', share: '30 %' },
      { action: 'steer-traffic' },
      { action: 'restart-api-servers' },
    );
    expect(steps.map(({ path, scope }) => `${path} ${scope}`)).toEqual([
      'api affected',
      'tools once',
      'cloud-api affected',
      'tools once',
      'node affected',
    ]);
    expect(steps.map(({ action }) => action)).toEqual([
      { action: 'roll-back' },
      { action: 'stop-rollout' },
      { action: 'scale-cluster-down', share: 0.3, nodesPerMinute: Infinity },
      { action: 'steer-traffic', above: 0.01, calm: minutes(10) },
      { action: 'restart-api-servers', manner: 'rolling' },
    ]);
  });
});

it('machines are kept for the API servers that a playbook may add', () => {
  const scenario = (...steps: readonly unknown[]) => parseScenario(withPlaybook({ steps }), 'x');
  const out = { action: 'scale-api-servers-out', replicas: 2 };
  expect(spareApiServers(scenario(out, { ...out, id: 'again', replicas: 3 }))).toBe(5);
  expect(spareApiServers(scenario(block))).toBe(0);
  expect(spareApiServers(parseScenario(smallScenario(), 'x'))).toBe(0);
});

it('the JSON Schema knows the actions and their parameters', () => {
  const text = JSON.stringify(scenarioJsonSchema());
  for (const word of ['scale-cluster-down', 'nodesPerMinute', 'throttle-user-agent', 'darkDiagnosis']) {
    expect(text).toContain(word);
  }
});

describe('what is refused', () => {
  it.each([
    [[{ action: 'rollback' }], /steps\[0\]\.action: expected .*, got "rollback"; did you mean "roll-back"\?/],
    [[{ ...block, factor: 2 }], /steps\[0\]: unknown key "factor"; known here: .*letThrough/],
    [[{ action: 'scale-cluster-down' }], /steps\[0\]\.share: missing/],
    [[block, block], /steps\[1\]\.id: step "block-admin-api" stands here twice/],
    [[{ ...block, path: 'api' }], /steps\[0\]\.path: expected network for block-admin-api, got "api"/],
    [[{ ...block, scope: 'once' }], /steps\[0\]\.scope: expected affected or all for block-admin-api, got "once"/],
    [[{ action: 'stop-rollout', scope: 'all' }], /steps\[0\]\.scope: expected once for stop-rollout, got "all"/],
    [[{ action: 'roll-back', failureChance: 0.1 }], /failureChance: expected none on path api: its requests decide/],
    [[{ ...block, requests: 3 }], /requests: expected none on path network/],
    [
      [block, { action: 'verify', when: { succeeded: ['block-admin'] } }],
      /steps\[1\]\.when\.succeeded\[0\]: expected the id of a step \(block-admin-api, verify\), got "block-admin"; did you mean "block-admin-api"\?/,
    ],
    [
      [block, { action: 'stop-rollout', when: { ended: ['block-admin-api'] } }],
      /"block-admin-api" is done cluster by cluster, and "stop-rollout" once/,
    ],
    [
      [
        { ...block, when: { succeeded: ['verify'] } },
        { action: 'verify', when: { ended: ['block-admin-api'] } },
      ],
      /steps\[0\]\.when: steps wait for each other: block-admin-api -> verify -> block-admin-api/,
    ],
    [[{ action: 'take-on' }], /steps\[0\]: expected a step with action hand-back besides, got none/],
    [[{ action: 'take-on', crew: 0 }, { action: 'hand-back' }], /crew: expected at least 1, got 0/],
    [[{ ...block, crew: 2 }], /crew: expected at most the 1 of the crew, got 2/],
    [[{ action: 'roll-back', path: 'break-glass' }], /path: expected operators.breakGlass to be there, got null/],
    [
      [{ action: 'flow-schema', priorityLevel: 'workload-lo' }],
      /priorityLevel: expected .*, got "workload-lo"; did you mean "workload-low"\?/,
    ],
    [[], /steps: expected at least 1 item/],
  ])('%j', (steps, message) => {
    expect(messageOf(...steps)).toMatch(message);
  });

  it('steps besides as well as the steps', () => {
    for (const list of ['steps', 'also']) {
      const refused = (one: unknown): string => messageOfPlaybook({ [list]: [one] });
      expect(refused({ ...block, crew: 2 })).toContain(`${list}[0].crew: expected at most the 1 of the crew, got 2`);
      expect(refused({ action: 'roll-back', path: 'break-glass' })).toContain(`${list}[0].path: expected operators.b`);
      expect(refused({ action: 'flow-schema', priorityLevel: 'workload-lo' })).toContain(`${list}[0].priorityLevel:`);
    }
  });

  it('help for downloads where nothing is downloaded', () => {
    for (const one of [{ action: 'warm-caches' }, { action: 'limit-start-ups', limit: 5 }]) {
      expect(messageOfPlaybook({ also: [one] })).toContain(
        `also[0].action: expected dataPlane.startUp.download to be there for ${one.action}, got none`,
      );
      const download = { bytes: '1 GB', bytesPerSecond: '1 GB', timeout: '1 min' };
      const document = { ...withPlaybook({ also: [one] }), dataPlane: { startUp: { download } } };
      expect(parseScenario(document, 'x').operators.playbook!.also).toHaveLength(1);
    }
  });

  it('keys that are not there, and people who never come', () => {
    expect(messageOfPlaybook({ orders: 'x' })).toMatch(/unknown key "orders"; did you mean "order"\?/);
    const steps = [{ ...block, crew: 3 }];
    expect(messageOfPlaybook({ steps, reinforcements: [{ after: '1 h', members: 2 }] })).toBe('accepted');
  });
});
