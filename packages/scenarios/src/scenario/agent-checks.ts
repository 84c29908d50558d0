/** What is wrong with the section on the agent beyond the form of its values. */
import type { Scenario } from './document.ts';

/** A problem and where it stands, below `agent`. */
export interface AgentProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All problems of the section. */
export function agentProblems({ agent, rollout, kubernetes }: Scenario): readonly AgentProblem[] {
  const problems: AgentProblem[] = [];
  const { configuration, collectors, requests = [] } = agent;
  requests.forEach(({ kind, perChange, tellsAgents }, index) => {
    if (perChange !== undefined && kind === 'watch')
      problems.push({ path: ['requests', index, 'perChange'], message: 'expected none: a WATCH goes on by itself' });
    if (perChange !== undefined && configuration === undefined) {
      const message = 'expected agent.configuration beside it: nothing else changes';
      problems.push({ path: ['requests', index, 'perChange'], message });
    }
    if (tellsAgents === true && kind !== 'write')
      problems.push({ path: ['requests', index, 'tellsAgents'], message: `expected a write, got a ${kind}` });
  });
  if (agent.podsFailAfter !== undefined && (kubernetes.profile === undefined || configuration !== undefined)) {
    const message = 'expected a document with kubernetes.profile, whose DaemonSet brings the agents';
    problems.push({ path: ['podsFailAfter'], message });
  }
  if (configuration === undefined) return problems;
  if (collectors !== undefined)
    problems.push({
      path: ['collectors'],
      message: 'expected none beside agent.configuration: its agents ask themselves',
    });
  if (rollout?.update !== undefined)
    problems.push({ path: ['configuration'], message: 'expected either this or rollout.update, got both' });
  return problems;
}
