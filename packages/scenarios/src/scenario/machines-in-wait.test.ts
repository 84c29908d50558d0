/** Rows that are kept for machines that may come are of no consequence as long as none comes. */
import { expect, it } from 'vitest';
import { incidents } from '../incidents/index.ts';
import { reduced } from '../live/reduced.ts';
import type { ScenarioDocument } from './document.ts';
import { runScenario } from './run.ts';

it('a day on which no node is given back is the day of people who could not have done so', () => {
  const { document } = reduced(incidents.find(({ id }) => id === 'openai-2024-12-11')!.document());
  const { playbook } = document.operators;
  const steps = playbook!.steps!.filter(({ action }) => action !== 'give-nodes-back');
  const without: ScenarioDocument = {
    ...document,
    operators: { ...document.operators, playbook: { ...playbook, steps } },
  };
  const [mayGive, cannot] = [document, without].map((one) => runScenario(one, { seed: 2, untilSeconds: 5_400 }));
  // In this hour and a half pods are replaced, connections break and clusters are lost.
  expect(mayGive!.kpis['clustersLost']).toBe(3);
  expect(mayGive!.eventCount).toBe(cannot!.eventCount);
  expect(mayGive!.kpis).toEqual(cannot!.kpis);
});
