/** The actions that one can try in a document: what is asked for each, and which ways it can go there. Runs in the worker. */
import {
  actionTitles,
  checkInput,
  pathsOf,
  type ActionName,
  type ActionDocument,
  type Scenario,
  type StepPath,
} from '@brownout/scenarios';
import type { ActionChoice, ActionField } from './what-if-tasks.ts';

const manner: ActionField = { name: 'manner', title: 'how', usual: 'rolling', options: ['rolling', 'at-once'] };

/** Levels that clusters have by default; where one has others, those it does not have are left out. */
const levels: readonly string[] = ['catch-all', 'global-default', 'workload-low', 'workload-high', 'system'];

/**
 * What each asks for. More API servers are not here: machines for them would have to stand there from the beginning, which is
 * a mitigation.
 */
const fields: Readonly<Partial<Record<ActionName, readonly ActionField[]>>> = {
  'roll-back': [],
  'delete-daemonset': [],
  'flow-schema': [{ name: 'priorityLevel', title: 'priority level', usual: levels[0]!, options: levels }],
  'revoke-role': [],
  'scale-cluster-down': [
    { name: 'share', title: 'share of the nodes', usual: '30 %' },
    { name: 'nodesPerMinute', title: 'nodes a minute', usual: '', none: 'as fast as they go' },
  ],
  'stop-scale-down': [],
  'scale-api-servers-up': [{ name: 'factor', title: 'times as large', usual: '2' }, manner],
  'restart-api-servers': [manner],
  'block-admin-api': [
    { name: 'letThrough', title: 'who passes the block', usual: 'nobody', options: ['nobody', 'system'] },
  ],
  'unblock-admin-api': [],
  'throttle-user-agent': [{ name: 'requestsPerSecond', title: 'requests a second', usual: '5' }],
  'stop-agents': [{ name: 'nodesPerMinute', title: 'nodes a minute', usual: '300' }],
  'steer-traffic': [{ name: 'above', title: 'user errors above', usual: '5 %' }],
  'move-traffic': [{ name: 'to', title: 'where to', usual: 'away', options: ['away', 'back'] }],
  'warm-caches': [],
  'limit-start-ups': [{ name: 'limit', title: 'starts at once', usual: '500' }],
  'stop-rollout': [],
};

/** Those that a document has a place for. */
export function actionChoices(scenario: Scenario): ActionChoice[] {
  const cluster = scenario.clusters[0]!.id;
  return (Object.keys(fields) as ActionName[]).flatMap((action) => {
    const asked = fields[action]!;
    const isPossible = (path: StepPath, of: readonly ActionField[], where: string | undefined): boolean => {
      const parameters = Object.fromEntries(
        of.filter(({ usual }) => usual !== '').map((one) => [one.name, valueOf(one)]),
      );
      const input = { kind: 'act', action: { action, ...parameters } as ActionDocument, path, by: 'what if' } as const;
      try {
        checkInput(scenario, where === undefined ? input : { ...input, cluster: where }, 0);
        return true;
      } catch {
        return false;
      }
    };
    const isGlobal = isPossible(pathsOf[action][0]!, asked, undefined);
    const where = isGlobal ? undefined : cluster;
    const known = asked.map((field) => {
      if (field.name !== 'priorityLevel') return field;
      const options = levels.filter((level) => isPossible(pathsOf[action][0]!, [{ ...field, usual: level }], where));
      return { ...field, usual: options[0] ?? '', options };
    });
    const paths = pathsOf[action].filter((path) => isPossible(path, known, where));
    return paths.length === 0
      ? []
      : [{ action, title: actionTitles[action] ?? action, isGlobal, paths, fields: known }];
  });
}

function valueOf({ usual }: ActionField): string | number {
  return usual !== '' && Number.isFinite(Number(usual)) ? Number(usual) : usual;
}
