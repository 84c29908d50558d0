/** From the section on operators to the people that run. */
import type { Operators } from '../operations/operators.ts';
import type { Scenario } from './document.ts';

/** Options of the operators of a scenario. */
export function operatorsOptions(scenario: Scenario): ConstructorParameters<typeof Operators>[2] {
  const { operators } = scenario;
  return {
    agent: scenario.agent.name,
    crew: operators.crew,
    paging: operators.paging,
    diagnosis: operators.diagnosis,
    steering: operators.steering,
    rollbackPause: operators.rollback.pause,
    rollbackTimeout: operators.rollback.requestTimeout,
    rollbackRequests: operators.rollback.requests,
    escalation: operators.escalation,
    ...operators.recovery,
  };
}
