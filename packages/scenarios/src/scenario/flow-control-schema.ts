import * as z from 'zod';
import { lazily } from './lazily.ts';
import type {
  DistinguisherMethod,
  FlowSchema,
  NonResourceRule,
  PolicyRule,
  ResourceRule,
  Subject,
} from '../kubernetes/flow-control/flow-schema.ts';
import type { LimitResponse, PriorityLevel } from '../kubernetes/flow-control/priority-level.ts';
import type { Stated } from './provenance.ts';
import { count } from './quantity.ts';

/**
 * `kubernetes.flowSchemas` and `kubernetes.priorityLevelConfigurations`: the objects as `kubectl get -o yaml` writes them.
 * Of the metadata only the name counts, status is ignored; everything in spec is read under its upstream name.
 */

/** What every object has around its spec. */
interface ObjectDocument {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly status?: unknown;
}

type SubjectDocument =
  | { readonly kind: 'User'; readonly user: { readonly name: string } }
  | { readonly kind: 'Group'; readonly group: { readonly name: string } }
  | { readonly kind: 'ServiceAccount'; readonly serviceAccount: { readonly namespace: string; readonly name: string } };

interface ResourceRuleDocument {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly namespaces?: readonly string[] | undefined;
  readonly clusterScope?: boolean | undefined;
}

/** One FlowSchema as it is written. */
export interface FlowSchemaDocument extends ObjectDocument {
  readonly spec: {
    readonly matchingPrecedence?: Stated<number> | undefined;
    readonly priorityLevelConfiguration: { readonly name: string };
    readonly distinguisherMethod?: { readonly type: DistinguisherMethod } | null | undefined;
    readonly rules?:
      | readonly {
          readonly subjects: readonly SubjectDocument[];
          readonly resourceRules?: readonly ResourceRuleDocument[] | undefined;
          readonly nonResourceRules?:
            | readonly { readonly verbs: readonly string[]; readonly nonResourceURLs: readonly string[] }[]
            | undefined;
        }[]
      | undefined;
  };
}

interface SharesDocument {
  readonly nominalConcurrencyShares?: Stated<number> | undefined;
  readonly lendablePercent?: Stated<number> | undefined;
}

interface QueuingDocument {
  readonly queues?: Stated<number> | undefined;
  readonly handSize?: Stated<number> | undefined;
  readonly queueLengthLimit?: Stated<number> | undefined;
}

/** One PriorityLevelConfiguration as it is written. */
export interface PriorityLevelDocument extends ObjectDocument {
  readonly spec:
    | {
        readonly type: 'Limited';
        readonly limited: SharesDocument & {
          readonly borrowingLimitPercent?: Stated<number> | null | undefined;
          readonly limitResponse:
            | { readonly type: 'Queue'; readonly queuing?: QueuingDocument | undefined }
            | { readonly type: 'Reject' };
        };
      }
    | { readonly type: 'Exempt'; readonly exempt?: SharesDocument | undefined };
}

/** Keys of an object that say nothing about flow control. */
const envelope = lazily(() => ({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  status: z.unknown().optional(),
}));
const metadata = lazily(() => z.looseObject({ name: z.string().min(1) }));
const names = lazily(() => z.array(z.string()));
const named = lazily(() => z.strictObject({ name: z.string() }));

const subject = lazily(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('User'), user: named() }),
    z.strictObject({ kind: z.literal('Group'), group: named() }),
    z.strictObject({
      kind: z.literal('ServiceAccount'),
      serviceAccount: z.strictObject({ namespace: z.string(), name: z.string() }),
    }),
  ]),
);

const resourceRule = lazily(() =>
  z.strictObject({
    verbs: names().min(1),
    apiGroups: names().min(1),
    resources: names().min(1),
    namespaces: names().optional(),
    clusterScope: z.boolean().optional(),
  }),
);

const policyRule = lazily(() =>
  z.strictObject({
    subjects: z.array(subject()).min(1),
    resourceRules: z.array(resourceRule()).optional(),
    nonResourceRules: z.array(z.strictObject({ verbs: names().min(1), nonResourceURLs: names().min(1) })).optional(),
  }),
);

const flowSchema = lazily(() =>
  z.strictObject({
    ...envelope(),
    metadata: metadata(),
    spec: z.strictObject({
      // Upstream: 1 to 10,000, 1,000 when left out.
      matchingPrecedence: count({ min: 1, max: 10_000 }).prefault(1000),
      priorityLevelConfiguration: named(),
      distinguisherMethod: z.strictObject({ type: z.enum(['ByUser', 'ByNamespace']) }).nullish(),
      rules: z.array(policyRule()).prefault([]),
    }),
  }),
);

// Defaults of queuing and limits: kubernetes/api, flowcontrol/v1/types.go.
const queuing = lazily(() =>
  z.strictObject({
    queues: count({ min: 1 }).prefault(64),
    handSize: count({ min: 1 }).prefault(8),
    queueLengthLimit: count({ min: 1 }).prefault(50),
  }),
);

const limitResponse = lazily(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Queue'), queuing: queuing().prefault({}) }),
    z.strictObject({ type: z.literal('Reject') }),
  ]),
);

const percent = lazily(() => count({ min: 0, max: 100 }));

const priorityLevel = lazily(() =>
  z.strictObject({
    ...envelope(),
    metadata: metadata(),
    spec: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('Limited'),
        limited: z.strictObject({
          nominalConcurrencyShares: count({ min: 0 }).prefault(30),
          lendablePercent: percent().prefault(0),
          borrowingLimitPercent: count({ min: 0 }).nullish(),
          limitResponse: limitResponse(),
        }),
      }),
      z.strictObject({
        type: z.literal('Exempt'),
        exempt: z
          .strictObject({
            nominalConcurrencyShares: count({ min: 0 }).prefault(0),
            lendablePercent: percent().prefault(0),
          })
          .prefault({}),
      }),
    ]),
  }),
);

/** FlowSchemas in upstream's form; what comes out is the form of the model. */
export const flowSchemasSchema: () => z.ZodType<readonly FlowSchema[], readonly FlowSchemaDocument[]> = lazily(
  () =>
    z.array(flowSchema()).transform((objects) => objects.map(flowSchemaOf)) as unknown as z.ZodType<
      readonly FlowSchema[],
      readonly FlowSchemaDocument[]
    >,
);

/** PriorityLevelConfigurations in upstream's form; what comes out is the form of the model. */
export const priorityLevelsSchema: () => z.ZodType<readonly PriorityLevel[], readonly PriorityLevelDocument[]> = lazily(
  () =>
    z.array(priorityLevel()).transform((objects) => objects.map(priorityLevelOf)) as unknown as z.ZodType<
      readonly PriorityLevel[],
      readonly PriorityLevelDocument[]
    >,
);

function flowSchemaOf({ metadata: { name }, spec }: z.output<ReturnType<typeof flowSchema>>): FlowSchema {
  const method: DistinguisherMethod | undefined = spec.distinguisherMethod?.type;
  return {
    name,
    matchingPrecedence: spec.matchingPrecedence,
    priorityLevel: spec.priorityLevelConfiguration.name,
    ...(method === undefined ? {} : { distinguisherMethod: method }),
    rules: spec.rules.map(policyRuleOf),
  };
}

function policyRuleOf(rule: z.output<ReturnType<typeof policyRule>>): PolicyRule {
  const resourceRules = rule.resourceRules?.map(
    (one): ResourceRule => ({ ...one, namespaces: one.namespaces ?? [], clusterScope: one.clusterScope ?? false }),
  );
  const nonResourceRules = rule.nonResourceRules?.map(
    (one): NonResourceRule => ({ verbs: one.verbs, nonResourceUrls: one.nonResourceURLs }),
  );
  return {
    subjects: rule.subjects.map(subjectOf),
    ...(resourceRules === undefined ? {} : { resourceRules }),
    ...(nonResourceRules === undefined ? {} : { nonResourceRules }),
  };
}

function subjectOf(written: z.output<ReturnType<typeof subject>>): Subject {
  if (written.kind === 'User') return { kind: 'User', name: written.user.name };
  if (written.kind === 'Group') return { kind: 'Group', name: written.group.name };
  return { kind: 'ServiceAccount', ...written.serviceAccount };
}

function priorityLevelOf({ metadata: { name }, spec }: z.output<ReturnType<typeof priorityLevel>>): PriorityLevel {
  if (spec.type === 'Exempt') return { name, type: 'Exempt', ...spec.exempt };
  const { borrowingLimitPercent, limitResponse: response, ...shares } = spec.limited;
  const limit = borrowingLimitPercent ?? undefined;
  return {
    name,
    type: 'Limited',
    ...shares,
    ...(limit === undefined ? {} : { borrowingLimitPercent: limit }),
    limitResponse: response as LimitResponse,
  };
}
