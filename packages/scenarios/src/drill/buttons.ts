/**
 * The runbook: the steps of the document's playbook as buttons, each with the console line that it stands for. Pressing one is
 * entering that line; who reads the runbook learns the commands.
 */
import { manifestFile } from './console/kubectl-changes.ts';
import { pathsOf, type PlaybookAction, type StepPath } from '../operations/playbook/playbook.ts';
import type { Scenario } from '../scenario/document.ts';
import type { ActionDocument } from '../scenario/sections/playbook-step.ts';
import type { RunbookAction } from './drill-record.ts';
import type { ButtonView } from './drill-view.ts';
import { type Ability, abilitiesOf, type DrillRole } from './roles.ts';

/** A button, and what it takes. */
export interface RunbookButton extends ButtonView {
  readonly needs: Ability;
  readonly action: ActionDocument;
}

const CLUSTER = '<cluster>';
/** A runbook is older than the trouble: it does not know what was rolled out last. Who presses the button looks it up. */
const CHANGE = '<last rollout>';

/** Actions on what was rolled out: where nothing was, they are not in the runbook. */
const onChange: readonly PlaybookAction['action'][] = [
  'roll-back',
  'delete-daemonset',
  'revoke-role',
  'flow-schema',
  'throttle-user-agent',
  'stop-agents',
  'stop-rollout',
];

/** Actions of people among themselves have no button. */
function lineOf(action: PlaybookAction, path: StepPath): readonly [line: string, needs: Ability] | undefined {
  const kubectl =
    path === 'inside'
      ? `ssh ${CLUSTER}-control-plane kubectl`
      : `kubectl --context ${CLUSTER}${path === 'break-glass' ? '-break-glass' : ''}`;
  const byApi: Ability = path === 'inside' ? 'inside' : 'kubectl-write';
  switch (action.action) {
    case 'roll-back':
      return [`${kubectl} rollout undo daemonset/${CHANGE}`, byApi];
    case 'delete-daemonset':
      return [`${kubectl} delete daemonset ${CHANGE}`, byApi];
    case 'revoke-role':
      return [`${kubectl} delete clusterrole ${CHANGE}`, byApi];
    case 'flow-schema':
      return [`${kubectl} apply -f ${manifestFile(action.priorityLevel)}`, byApi];
    case 'scale-cluster-down': {
      const pace = action.nodesPerMinute === Infinity ? '' : ` --per-minute ${action.nodesPerMinute}`;
      return [`cloud nodepool scale ${CLUSTER} --remove ${Number((action.share * 100).toFixed(1))}%${pace}`, 'cloud'];
    }
    case 'stop-scale-down':
      return [`cloud nodepool stop ${CLUSTER}`, 'cloud'];
    case 'give-nodes-back': {
      const pace = action.nodesPerMinute === Infinity ? '' : ` --per-minute ${action.nodesPerMinute}`;
      return [`cloud nodepool restore ${CLUSTER}${pace}`, 'cloud'];
    }
    case 'scale-api-servers-up':
      return [`cloud apiserver resize ${CLUSTER} --factor ${action.factor} --manner ${action.manner}`, 'cloud'];
    case 'scale-api-servers-out':
      return [`cloud apiserver add ${CLUSTER} --replicas ${action.replicas}`, 'cloud'];
    case 'restart-api-servers':
      return [`cloud apiserver restart ${CLUSTER} --manner ${action.manner}`, 'cloud'];
    case 'block-admin-api':
      return [`net block-admin-api ${CLUSTER} --let-through ${action.letThrough ?? 'nobody'}`, 'network'];
    case 'unblock-admin-api':
      return [`net unblock-admin-api ${CLUSTER}`, 'network'];
    case 'throttle-user-agent':
      return [`net throttle ${CLUSTER} --per-second ${action.requestsPerSecond}`, 'network'];
    case 'stop-agents':
      return [`nodes stop-agent ${CLUSTER} --per-minute ${action.nodesPerMinute}`, 'nodes'];
    case 'steer-traffic':
      return [`lb auto --above ${Number((action.above * 100).toFixed(1))}%`, 'traffic'];
    case 'move-traffic':
      return [`lb steer ${CLUSTER} ${action.to}`, 'traffic'];
    case 'warm-caches':
      return [`starts warm ${CLUSTER}`, 'traffic'];
    case 'limit-start-ups':
      return [`starts limit ${CLUSTER} --at-once ${action.limit}`, 'traffic'];
    case 'stop-rollout':
      return ['pipeline stop', 'pipeline'];
    case 'take-on':
    case 'hand-back':
    case 'verify':
      return undefined;
  }
}

/** What somebody must be able to do for an action along a path, its usual one where none is given; undefined = it is among people. */
export function abilityFor(
  action: PlaybookAction['action'],
  path: StepPath = pathsOf[action][0]!,
): Ability | undefined {
  if (action === 'stop-rollout') return 'pipeline';
  if (action === 'take-on' || action === 'hand-back' || action === 'verify') return undefined;
  return abilityOfPath[path];
}

const abilityOfPath: Readonly<Record<StepPath, Ability>> = {
  api: 'kubectl-write',
  'break-glass': 'kubectl-write',
  inside: 'inside',
  'cloud-api': 'cloud',
  network: 'network',
  node: 'nodes',
  tools: 'traffic',
};

/** What people call the actions that they can take by themselves, for a button or a list. */
export const actionTitles: Readonly<Partial<Record<PlaybookAction['action'], string>>> = {
  'roll-back': 'Roll the change back',
  'delete-daemonset': 'Delete the DaemonSet',
  'revoke-role': "Take the agent's role away",
  'flow-schema': "Move the agent's requests to another priority level",
  'scale-cluster-down': 'Scale the cluster down',
  'stop-scale-down': 'Break the scale-down off',
  'give-nodes-back': 'Give nodes back',
  'scale-api-servers-up': 'Larger API servers',
  'scale-api-servers-out': 'More API servers',
  'restart-api-servers': 'Restart the API servers',
  'block-admin-api': 'Block the admin API',
  'unblock-admin-api': 'Lift the block',
  'throttle-user-agent': 'Throttle the agent',
  'stop-agents': 'Stop the agents on the nodes',
  'steer-traffic': 'Steer traffic by user errors',
  'move-traffic': 'Move traffic',
  'warm-caches': 'Warm the caches of starts',
  'limit-start-ups': 'Limit starts',
  'stop-rollout': 'Stop the rollout',
};

/** The runbook of a scenario, in the order of its playbook; the same line stands there once. */
export function runbookOf(
  scenario: Scenario,
  steps: readonly { readonly id: string; readonly action: PlaybookAction; readonly path: StepPath }[],
): RunbookButton[] {
  const buttons: RunbookButton[] = [];
  for (const { id, action, path } of steps) {
    if (scenario.rollout === null && onChange.includes(action.action)) continue;
    const made = lineOf(action, path);
    if (made === undefined || buttons.some(({ line }) => line === made[0])) continue;
    const [line, needs] = made;
    buttons.push({
      id,
      title: actionTitles[action.action] ?? action.action,
      line,
      path,
      needs,
      needsCluster: line.includes(CLUSTER),
      action: writtenAction(action),
    });
  }
  return buttons;
}

/** An action as a document writes it. */
function writtenAction(action: PlaybookAction): ActionDocument {
  switch (action.action) {
    case 'scale-cluster-down':
    case 'give-nodes-back': {
      const { nodesPerMinute, ...rest } = action;
      return nodesPerMinute === Infinity ? rest : action;
    }
    case 'steer-traffic':
      return { ...action, calm: `${action.calm / 1_000_000} s` };
    default:
      return action;
  }
}

/** A button as the debrief makes alternatives of it. */
export function runbookAction(button: RunbookButton, agent: string): RunbookAction {
  const { title, action, path, needsCluster } = button;
  return { title, line: lineOfButton(button, undefined, agent), action, path, isGlobal: !needsCluster };
}

/** Those that somebody with these roles may press. */
export function buttonsFor(all: readonly RunbookButton[], roles: readonly DrillRole[]): RunbookButton[] {
  const able = abilitiesOf(roles);
  return all.filter(({ needs }) => able.has(needs));
}

/** The line of a button for a cluster, with the name of what was rolled out. */
export function lineOfButton({ line }: ButtonView, cluster: string | undefined, agent: string): string {
  return line.replaceAll(CLUSTER, cluster ?? CLUSTER).replaceAll(CHANGE, agent);
}
