/** One step of `operators.playbook` in a document. */
import { noTime } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import {
  type ActionName,
  globalActions,
  pathsOf,
  type PlaybookAction,
  type PlaybookStep,
  type StepConditions,
  type StepPath,
  type StepState,
} from '../../operations/playbook/playbook.ts';
import { type DurationDistributionInput, durationDistribution } from '../duration-distribution.ts';
import { identifier } from '../identifier.ts';
import type { Stated } from '../provenance.ts';
import { count, duration, number, share } from '../quantity.ts';

/** What every step may say, as it is written. */
interface CommonDocument {
  readonly id?: string | undefined;
  readonly path?: StepPath | undefined;
  readonly scope?: PlaybookStep['scope'] | undefined;
  readonly time?: Stated<DurationDistributionInput> | undefined;
  readonly when?: ConditionsDocument | undefined;
  readonly unless?: StateDocument | undefined;
  readonly failureChance?: Stated<number | string> | undefined;
  readonly retry?:
    | { readonly pause?: Stated<DurationDistributionInput> | undefined; readonly attempts?: Stated<number> | undefined }
    | undefined;
  readonly crew?: Stated<number> | undefined;
  readonly requests?: Stated<number> | undefined;
}

type StateDocument = Omit<StepState, 'userErrorsAbove'> & {
  readonly userErrorsAbove?: Stated<number | string> | undefined;
};

type ConditionsDocument = Omit<StepConditions, 'wait' | 'state'> & {
  readonly wait?: Stated<DurationDistributionInput> | undefined;
  readonly state?: StateDocument | undefined;
};

/** Parameters of actions as they are written: those with a default may be left out. */
interface ParametersDocument {
  readonly 'roll-back': unknown;
  readonly 'delete-daemonset': unknown;
  readonly 'flow-schema': { readonly priorityLevel: string };
  readonly 'revoke-role': unknown;
  readonly 'scale-cluster-down': {
    readonly share: Stated<number | string>;
    readonly nodesPerMinute?: Stated<number> | undefined;
  };
  readonly 'stop-scale-down': unknown;
  readonly 'give-nodes-back': { readonly nodesPerMinute?: Stated<number> | undefined };
  readonly 'scale-api-servers-up': {
    readonly factor: Stated<number>;
    readonly manner?: 'in-place' | 'rolling' | 'at-once' | undefined;
  };
  readonly 'scale-api-servers-out': { readonly replicas: Stated<number> };
  readonly 'restart-api-servers': { readonly manner?: 'rolling' | 'at-once' | undefined };
  readonly 'block-admin-api': { readonly letThrough?: 'nobody' | 'system' | undefined };
  readonly 'unblock-admin-api': unknown;
  readonly 'throttle-user-agent': { readonly requestsPerSecond: Stated<number> };
  readonly 'stop-agents': { readonly nodesPerMinute: Stated<number> };
  readonly 'steer-traffic': {
    readonly above?: Stated<number | string> | undefined;
    readonly calm?: Stated<string> | undefined;
  };
  readonly 'move-traffic': { readonly to: 'away' | 'back' };
  readonly 'warm-caches': unknown;
  readonly 'limit-start-ups': { readonly limit: Stated<number> };
  readonly 'stop-rollout': unknown;
  readonly 'take-on': unknown;
  readonly 'hand-back': unknown;
  readonly verify: { readonly looksAt?: 'alert' | 'nothing' | undefined };
}

/** One step as it is written. */
export type PlaybookStepDocument = {
  readonly [Name in ActionName]: CommonDocument & { readonly action: Name } & ParametersDocument[Name];
}[ActionName];

/** An action by itself, as it is written in a step. */
export type ActionDocument = {
  readonly [Name in ActionName]: { readonly action: Name } & ParametersDocument[Name];
}[ActionName];

const state = lazily(() =>
  z.strictObject({
    alertFiring: z.boolean().optional().describe('an alert of the cluster fires'),
    clusterLost: z.boolean().optional().describe('fewer than half of the API requests of the last minute succeeded'),
    agentsGone: z.boolean().optional().describe('no pod of the agent is left in the API, and none is wanted'),
    agentsStopped: z.boolean().optional().describe('no agent runs, whatever the API says'),
    trafficAway: z.boolean().optional().describe('traffic is steered away from the cluster'),
    userErrorsAbove: share().optional().describe('share of the user requests of the cluster that fail'),
  }),
);

const ids = lazily(() => z.array(identifier()).min(1).max(20).optional());

const conditions = lazily(() =>
  z.strictObject({
    succeeded: ids().describe('steps that have succeeded'),
    failed: ids().describe('steps of which at least one try has failed'),
    gaveUp: ids().describe('steps of which every try has failed'),
    started: ids().describe('steps that have been begun'),
    ended: ids().describe('steps that have succeeded, been given up or been dropped'),
    wait: durationDistribution().optional().describe('so long after that; without other steps, after the diagnosis'),
    state: state().optional().describe('what must be seen then'),
  }),
);

const common = lazily(() => ({
  id: identifier().optional().describe('what other steps call it; default its action'),
  path: z
    .enum(['api', 'inside', 'break-glass', 'cloud-api', 'network', 'node', 'tools'])
    .optional()
    .describe('how it reaches what it changes; default the usual one of the action'),
  scope: z.enum(['affected', 'all', 'once']).optional().describe('for which clusters; default those in trouble'),
  time: durationDistribution().optional().describe('from its beginning to its effect; default no time'),
  when: conditions().prefault({}).describe('what must hold before it begins; default nothing but the diagnosis'),
  unless: state().prefault({}).describe('any of these, and it is dropped before it has an effect'),
  failureChance: share()
    .prefault(0)
    .describe('chance that a try comes to nothing; requests to the API decide themselves'),
  retry: z
    .strictObject({
      pause: durationDistribution().prefault('1 min'),
      attempts: count({ min: 1 }).optional().describe('tries in all; default until it works'),
    })
    .prefault({}),
  crew: count().prefault(1).describe('members of the crew it takes from beginning to end; 0 = nobody'),
  requests: count({ min: 1 }).optional().describe('requests of one try; default as kubectl sends them'),
}));

/** What an action may say besides. */
const actions = lazily(
  () =>
    ({
      'roll-back': {},
      'delete-daemonset': {},
      'flow-schema': { priorityLevel: z.string().min(1).describe('where requests of the agent go from then on') },
      'revoke-role': {},
      'scale-cluster-down': {
        share: share().describe('share of the nodes that are taken away'),
        nodesPerMinute: number({ min: 0.1 })
          .optional()
          .describe('as many as the cloud takes away; default all at once'),
      },
      'stop-scale-down': {},
      'give-nodes-back': {
        nodesPerMinute: number({ min: 0.1 })
          .optional()
          .describe('machines that start a minute; default all at once, as many as were taken away'),
      },
      'scale-api-servers-up': {
        factor: number({ min: 1 }).describe('cores and memory, as a multiple'),
        manner: z.enum(['in-place', 'rolling', 'at-once']).prefault('in-place'),
      },
      'scale-api-servers-out': { replicas: count({ min: 1, max: 50 }).describe('API servers more') },
      'restart-api-servers': { manner: z.enum(['rolling', 'at-once']).prefault('rolling') },
      'block-admin-api': {
        letThrough: z
          .enum(['nobody', 'system'])
          .optional()
          .describe('who passes the block; default nobody, or system where dns.mechanisms.blockedWatches is false'),
      },
      'unblock-admin-api': {},
      'throttle-user-agent': { requestsPerSecond: number({ min: 0 }).describe('of all agents of a cluster together') },
      'stop-agents': { nodesPerMinute: number({ min: 0.1 }) },
      'steer-traffic': {
        above: share().prefault(0.01).describe('share of user errors from which traffic leaves a cluster'),
        calm: duration().prefault('10 min').describe('so long below it before traffic comes back'),
      },
      'move-traffic': { to: z.enum(['away', 'back']) },
      'warm-caches': {},
      'limit-start-ups': { limit: count({ min: 1 }).describe('instances of a cluster that download at once') },
      'stop-rollout': {},
      'take-on': {},
      'hand-back': {},
      verify: { looksAt: z.enum(['alert', 'nothing']).prefault('alert').describe('what shows that a cluster is well') },
    }) as const,
);

const names = lazily(() => Object.keys(actions()) as ActionName[]);

const written = lazily(() =>
  z.discriminatedUnion('action', [
    ...names().map((name) => z.strictObject({ action: z.literal(name), ...common(), ...actions()[name] })),
  ] as unknown as [z.ZodType<Read> & z.core.$ZodTypeDiscriminable]),
);

/** A step as zod has read it. */
type Read = z.infer<z.ZodObject<ReturnType<typeof common>>> & { readonly action: ActionName } & Readonly<
    Record<string, unknown>
  >;

/** The rules of one step: the written form in, a step of the model out. */
export const playbookStep: () => z.ZodType<PlaybookStep, PlaybookStepDocument> = lazily(
  () => written().transform(stepOf) as never,
);

const atOnce = { sample: () => noTime };

function stepOf(read: Read): PlaybookStep {
  const { action, id, path, scope, time, when, unless, failureChance, retry, crew, requests } = read;
  const isGlobal = globalActions.includes(action);
  return {
    id: id ?? action,
    action: actionOf(read),
    path: path ?? pathsOf[action][0]!,
    scope: scope ?? (isGlobal ? 'once' : 'affected'),
    time: time ?? atOnce,
    when,
    unless,
    failureChance,
    retry: { pause: retry.pause, attempts: retry.attempts ?? Infinity },
    crew,
    ...(requests === undefined ? {} : { requests }),
  };
}

function actionOf(read: Read): PlaybookAction {
  const parameters = Object.keys(actions()[read.action]).map((key) => [key, read[key]]);
  const given = Object.fromEntries(parameters) as Record<string, unknown>;
  if (read.action === 'scale-cluster-down' || read.action === 'give-nodes-back') given['nodesPerMinute'] ??= Infinity;
  return { action: read.action, ...given } as PlaybookAction;
}
