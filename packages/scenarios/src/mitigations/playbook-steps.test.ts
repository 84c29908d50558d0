/** Mitigations on documents that write their steps down: they change those, and no key that nothing reads. */
import { describe, expect, it } from 'vitest';
import { mitigated } from '../../test/mitigated.ts';
import { smallScenario } from '../../test/small-scenario.ts';
import { incidents } from '../incidents/index.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { applyMitigations, parseMitigationList } from '../scenario/mitigation.ts';
import { runScenario } from '../scenario/run.ts';
import type { PlaybookDocument } from '../scenario/sections/playbook.ts';
import { mitigations } from './index.ts';

/** What scenario/build-operators.ts leaves unread beside `playbook.steps`. */
const shadowed = /^operators\.(steering|escalation|recovery|rollback\.(pause|requests))\b/;

const incident = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();

function difference(list: string, document: ScenarioDocument): readonly string[] {
  return applyMitigations(document, parseMitigationList(list, mitigations)).applied.flatMap((one) => one.difference);
}

function withPlaybook(playbook: PlaybookDocument, small = smallScenario()): ScenarioDocument {
  return { ...small, operators: { ...small.operators, playbook } };
}

function stepsOf({ operators }: ScenarioDocument): ReadonlyMap<string, unknown> {
  return new Map((operators.playbook?.steps ?? []).map((step) => [step.id ?? step.action, step]));
}

describe('on the incident, whose playbook has steps', () => {
  const all = mitigations.map(({ id }) => id);
  const others = [
    'recovery-actions:use=',
    'recovery-actions:use=scale-down/scale-up',
    'traffic-shift:steering=0s',
    'faster-rollback:requests=1,pause=0s,requestTimeout=1s',
  ];

  it.each([...all, ...others])('%s reports no difference in a key that nothing reads', (list) => {
    expect(incident.operators.playbook?.steps).toBeDefined();
    expect(difference(list, incident).filter((line) => shadowed.test(line))).toEqual([]);
  });

  it('the same keys are changed where the usual steps read them', () => {
    for (const list of ['recovery-actions', 'traffic-shift', 'faster-rollback']) {
      const lines = difference(list, smallScenario());
      expect(
        lines.some((line) => shadowed.test(line)),
        list,
      ).toBe(true);
    }
  });

  it('break-glass sends every request of people to its server: a block does not reach it', () => {
    const steps = stepsOf(mitigated('break-glass', incident));
    expect(steps.get('roll-back')).toMatchObject({ path: 'break-glass' });
    expect(steps.get('delete-inside')).toMatchObject({ path: 'break-glass' });
    expect(steps.get('block-admin-api')).not.toHaveProperty('path');
  });

  it('faster-rollback makes every way of taking the change back one request, soon repeated', () => {
    const document = mitigated('faster-rollback', incident);
    for (const id of ['roll-back', 'delete-inside']) {
      expect(stepsOf(document).get(id), id).toMatchObject({ requests: 1, retry: { pause: '10 s' } });
    }
    // The time-out of a request is read with steps and without.
    expect(document.operators.rollback.requestTimeout).toBe('10 s');
  });
});

describe('break-glass', () => {
  it('takes every request to the API, steps of `also` too', () => {
    const document = withPlaybook({
      steps: [
        { action: 'roll-back', path: 'api' },
        { action: 'delete-daemonset', path: 'inside' },
        { action: 'flow-schema', priorityLevel: 'catch-all' },
        { action: 'steer-traffic' },
      ],
      also: [{ action: 'revoke-role' }],
    });
    const { playbook } = mitigated('break-glass', document).operators;
    const paths = [...playbook!.steps!, ...playbook!.also!].map(({ path }) => path);
    expect(paths).toEqual(['break-glass', 'break-glass', 'break-glass', undefined, 'break-glass']);
  });

  it('ends the lock-out of people who work by written steps', () => {
    const document = withPlaybook({ steps: [{ action: 'roll-back', time: '2 min', crew: 0 }] });
    const lockOut = (list: string): number =>
      Number(runScenario(mitigated(list, document), { untilSeconds: 2400 }).kpis['lockoutSeconds']);
    expect(lockOut('')).toBeGreaterThan(60);
    expect(lockOut('break-glass:memory=8 GiB')).toBe(0);
  });
});

it('warm-caches adds a step where something is downloaded, and makes one that is there no slower', () => {
  const download = { bytes: '1 GB', bytesPerSecond: '1 GB', timeout: '1 min' };
  const document = { ...smallScenario(), dataPlane: { startUp: { download } } };
  expect(difference('warm-caches', smallScenario())).toEqual([]);
  const step = { id: 'warm-caches', action: 'warm-caches', time: '15 min', crew: 0 };
  expect(mitigated('warm-caches', document).operators.playbook?.also).toEqual([step]);
  const quick = { action: 'warm-caches', time: '5 min' } as const;
  const own = { ...document, operators: { ...document.operators, playbook: { also: [quick] } } };
  expect(difference('warm-caches', own)).toEqual([]);
  expect(difference('warm-caches:time=1min', own)).toHaveLength(1);
});

it('faster-rollback leaves a step that is as fast already alone', () => {
  const steps = [
    { action: 'roll-back', requests: 1, retry: { pause: '5 s', attempts: 3 } },
    { action: 'delete-daemonset', retry: { pause: '5 s' } },
  ] as const;
  const document = mitigated('faster-rollback:requests=2', withPlaybook({ steps }));
  expect(document.operators.playbook?.steps).toEqual(steps);
});

it('a means that there is not is refused, with the nearest that there is', () => {
  expect(() => parseMitigationList('recovery-actions:use=scaledown', mitigations)).toThrow(
    'use: expected scale-down, block-admin-api or scale-up, got "scaledown"; did you mean "scale-down"?',
  );
});
