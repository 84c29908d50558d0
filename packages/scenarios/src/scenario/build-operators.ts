/** From the section on operators to the people that run. */
import type { Simulation } from '@brownout/core';
import type { Chronicle } from '../operations/chronicle.ts';
import { type LockOut, lockOutsOf } from '../operations/lock-out.ts';
import { Operators } from '../operations/operators.ts';
import { defaultSteps } from '../operations/playbook/default-playbook.ts';
import { PlaybookRun, type PlaybookRunOptions, type PlaybookRunParts } from '../operations/playbook/playbook-run.ts';
import type { Site } from '../operations/site.ts';
import type { Scenario } from './document.ts';
import type { PlaybookSection } from './sections/playbook.ts';

/** The people of a scenario while it runs. */
export interface People {
  /** Lock-out of every cluster on which an admin action was tried. */
  lockOuts(): LockOut[];
}

/** The people begin to work: by the playbook of the document, or as its other keys say. */
export function startOperators(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  parts: Omit<PlaybookRunParts, 'traffic' | 'alarms'> & {
    readonly alerting: PlaybookRunParts['alarms'] & ConstructorParameters<typeof Operators>[3]['alerting'];
    readonly users: PlaybookRunParts['traffic'] & ConstructorParameters<typeof Operators>[3]['users'];
  },
): People {
  const { playbook } = scenario.operators;
  if (playbook === undefined) return new Operators(simulation, chronicle, operatorsOptions(scenario), parts);
  const { alerting: alarms, users: traffic } = parts;
  return new PlaybookRun(simulation, chronicle, playbookOptions(scenario, playbook), { ...parts, alarms, traffic });
}

/** Nobody works; lock-outs of whoever else tries are kept all the same. */
export function nobody(sites: readonly Site[]): People {
  return { lockOuts: () => lockOutsOf(sites) };
}

/** Options of operators who do the usual. Throws where the document leaves them out, which it may only with steps of its own. */
export function operatorsOptions(scenario: Scenario): ConstructorParameters<typeof Operators>[2] {
  const { operators } = scenario;
  const { steering, escalation, recovery } = operators;
  const { pause, requests, requestTimeout } = operators.rollback;
  const isMissing = pause === undefined || requests === undefined || steering === undefined;
  if (isMissing || escalation === undefined || recovery === undefined) {
    throw new RangeError(
      'operators: expected steering, escalation, recovery and rollback for the usual steps, got a document without',
    );
  }
  return {
    agent: scenario.agent.name,
    crew: operators.crew,
    paging: operators.paging,
    diagnosis: operators.diagnosis,
    steering,
    rollbackPause: pause,
    rollbackTimeout: requestTimeout,
    rollbackRequests: requests,
    escalation,
    ...recovery,
  };
}

/** API servers that the playbook may add to each cluster: machines for so many are kept. */
export function spareApiServers({ operators }: Scenario): number {
  const { steps = [], also = [] } = operators.playbook ?? {};
  return [...steps, ...also].reduce(
    (sum, { action }) => sum + (action.action === 'scale-api-servers-out' ? action.replicas : 0),
    0,
  );
}

function playbookOptions(scenario: Scenario, playbook: PlaybookSection): PlaybookRunOptions {
  const { operators } = scenario;
  const { order, work, credential, reinforcements, complaints, misdiagnosis, darkDiagnosis } = playbook;
  const usual = playbook.steps ?? defaultSteps(operatorsOptions(scenario), operators.breakGlass !== null);
  const steps = [...usual, ...(playbook.also ?? [])];
  return {
    agent: scenario.agent.name,
    paging: operators.paging,
    diagnosis: operators.diagnosis,
    darkFactor: darkDiagnosis,
    misdiagnosis,
    complaints,
    requestTimeout: operators.rollback.requestTimeout,
    playbook: { order, work, credential, reinforcements, steps, crew: operators.crew },
  };
}
