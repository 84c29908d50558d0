import * as z from 'zod';
import { lazily } from '../lazily.ts';
import { listMemories } from '../../kubernetes/api-server/list-memory.ts';
import { flagsSchema, profileSchema } from '../flag-schema.ts';
import { flowSchemasSchema, priorityLevelsSchema } from '../flow-control-schema.ts';
import type { DocumentText } from '../load.ts';
import { parseDocument, writtenSchema } from '../parse.ts';
import { bytes, cores, count, duration, number, quantity, rate, share } from '../quantity.ts';
import type { JsonSchema } from '../json-schema.ts';
import { show } from '../wording.ts';
import { checkReferences } from './checks.ts';
import type { ControlPlaneDocument, ControlPlaneScenario, PhaseSection } from './document.ts';

/** The rules of a document of a control plane under declared load. Everything is strict; defaults stand here. */

const identifier = lazily(() =>
  z
    .string()
    .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'expected lower-case words joined by hyphens, such as "e1-open-loop"'),
);
const phaseName = lazily(() => z.string().regex(/^\S(.*\S)?$/, 'expected a name'));

const flag = (): z.ZodType<boolean, boolean | undefined> => z.boolean().prefault(false);

/** A capacity in cores that may be none. */
const coresOrNone = (): ReturnType<typeof number> => number({ min: 0 });

const request = lazily(() =>
  z.strictObject({
    verb: z.enum(['get', 'list', 'create', 'update', 'patch', 'delete']),
    resource: z.string().prefault('pods').describe('one of the stored types'),
    resourceVersion: z.enum(['unset', '0']).prefault('unset').describe('unset = the newest state, 0 = any state'),
    selector: z.enum(['none', 'name', 'indexed', 'scanned']).prefault('none'),
    matching: share().prefault(1).describe('share of the stored objects that the selector lets through'),
    limit: count().prefault(0).describe('objects of one page; 0 = all'),
    pages: z
      .enum(['first', 'all'])
      .optional()
      .describe('whether the client asks for the pages after the first; default first'),
    encoding: z.enum(['json', 'protobuf']).prefault('json'),
    gzip: flag(),
  }),
);

const anyClient = lazily(() => ({
  name: identifier().describe('what phases and results call it'),
  user: z.string().min(1).describe('full user name; {n} stands for the number of the client'),
  groups: z.array(z.string()).prefault([]).describe('groups beside those that follow from the name'),
}));

const anyCosted = lazily(() => ({
  ...anyClient(),
  costFactor: number({ min: 0.001, max: 1000 })
    .optional()
    .describe('CPU costs of its requests as a multiple of those of the model; default 1'),
}));

const anyRequester = lazily(() => ({
  ...anyCosted(),
  request: request(),
  timeout: duration({ min: 1 }).describe('the client gives an attempt up after this long'),
  retry: z.enum(['none', 'client-go', 'immediate']).prefault('none'),
}));

const client = lazily(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('stream'),
      ...anyRequester(),
      arrivals: z.enum(['poisson', 'constant']).prefault('poisson'),
      connections: count({ min: 1 }).prefault(50).describe('connections that the requests are spread over'),
    }),
    z.strictObject({ kind: z.literal('burst'), ...anyRequester() }),
    z.strictObject({
      kind: z.literal('agents'),
      ...anyRequester(),
      period: duration({ min: 1 }),
      jitter: share().prefault(0).describe('share of the period by which it varies, up and down'),
      after: z.enum(['success', 'end']).prefault('success').describe('what the period is counted from'),
      start: z.enum(['together', 'spread']).prefault('spread').describe('when new agents ask for the first time'),
    }),
    z.strictObject({
      kind: z.literal('leases'),
      ...anyCosted(),
      user: z.string().min(1).prefault('system:node:{n}'),
      count: count({ min: 1 }).describe('kubelets'),
      period: duration({ min: 1 }).prefault('10 s'),
      jitter: share().prefault(0.04).describe('share of the period added at random, at most'),
      timeout: duration({ min: 1 }).prefault('10 s'),
      firstConflicts: flag().describe('whether the first PUT of each kubelet is refused with 409'),
      readsAfterConflict: z
        .boolean()
        .optional()
        .describe('whether it GETs its lease before it tries again; default false'),
    }),
    z.strictObject({
      kind: z.literal('watchers'),
      ...anyClient(),
      count: count({ min: 1 }),
      resource: z.string().prefault('pods'),
      encoding: z.enum(['json', 'protobuf']).prefault('json'),
      gzip: flag(),
    }),
  ]),
);

/** A rate for streams or a whole number for the others; which of them is right is known once the client is found. */
const load = lazily(() =>
  quantity<number | string, number | { readonly perSecond: number }>(
    { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'string' }] },
    (bare) => {
      if (typeof bare === 'number') {
        return Number.isSafeInteger(bare) && bare >= 0
          ? { value: bare }
          : { problem: `expected a whole number such as 100, or a rate such as "12.6/s", got ${show(bare)}` };
      }
      const read = rate().safeParse(bare);
      return read.success
        ? { value: { perSecond: read.data } }
        : { problem: `expected a rate such as "12.6/s" or a whole number such as 100, got ${show(bare)}` };
    },
  ),
);

const phase = lazily(() =>
  z.strictObject({
    name: phaseName(),
    lasts: duration({ min: 1 }),
    load: z.record(z.string(), load()).prefault({}).describe('load of the clients by name'),
    faults: z
      .array(z.strictObject({ at: duration().describe('after the start of the phase'), kill: z.literal('api-server') }))
      .prefault([]),
  }),
);

const document = lazily(() =>
  z.strictObject({
    version: z.literal(1),
    kind: z.literal('control-plane'),
    id: identifier(),
    title: z.string().min(1),
    summary: z.string().prefault(''),
    profile: profileSchema().prefault('2024'),
    flags: flagsSchema().prefault({}),
    flowSchemas: flowSchemasSchema().prefault([]),
    priorityLevelConfigurations: priorityLevelsSchema().prefault([]),
    apiServers: z.strictObject({
      replicas: count({ min: 1, max: 50 }).prefault(1),
      cores: cores(),
      memory: bytes({ min: 1 }).describe('bytes at which the kernel kills it'),
      baseline: bytes().optional().describe('memory of one that holds no request; by default from what is stored'),
      listMemory: z
        .enum(listMemories)
        .optional()
        .describe('when a LIST has the memory it costs, on etcd too; default at-once'),
      restart: duration().prefault('10 s').describe('from a kill to the start of the process'),
      startTime: duration().prefault('3 s').describe('from the start of the process to the reading of its caches'),
      background: coresOrNone().prefault(0).describe('cores it uses beside all requests'),
    }),
    etcd: z.strictObject({
      members: count({ min: 1, max: 9 }).prefault(1),
      cores: cores(),
      memory: bytes({ min: 1 }),
      baseline: bytes().optional().describe('likewise'),
      fsync: duration().prefault('1.4 ms').describe('of the write-ahead log'),
      background: coresOrNone().prefault(0),
    }),
    sharedCores: coresOrNone().prefault(0).describe('cores of a machine that runs the API server and etcd; 0 = apart'),
    schedulingQuantum: duration().prefault('0 s').describe('longest turn of a goroutine while others wait; 0 = none'),
    costFactor: number({ min: 0.01 }).prefault(1).describe('CPU costs are those measured times this'),
    costSpread: share().prefault(0).describe('CPU costs of a run are drawn this far around those measured'),
    stored: z.record(z.string(), z.strictObject({ count: count(), json: bytes(), stored: bytes() })),
    clients: z.array(client()).min(1),
    phases: z.array(phase()).min(1),
  }),
);

/** The rules, with what no single value shows. */
export const controlPlaneSchema: () => z.ZodType<ControlPlaneScenario, ControlPlaneDocument> = lazily(
  () =>
    document().superRefine(checkReferences).transform(withPlainLoad) as unknown as z.ZodType<
      ControlPlaneScenario,
      ControlPlaneDocument
    >,
);

/** Whether data is meant as a control plane under declared load. */
export function isControlPlaneDocument(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'control-plane';
}

/** Checks a document and converts it. Throws `DocumentError` with everything that is wrong. */
export function parseControlPlane(data: unknown, origin: string | DocumentText): ControlPlaneScenario {
  return parseDocument(controlPlaneSchema(), data, origin);
}

/** The JSON Schema of such documents as they are written. */
export function controlPlaneJsonSchema(): JsonSchema {
  return writtenSchema(controlPlaneSchema());
}

/** A document whose values are checked one by one, and not yet against each other. */
export interface ParsedControlPlane extends Omit<ControlPlaneScenario, 'phases'> {
  readonly phases: readonly (Omit<PhaseSection, 'load'> & {
    /** As declared: clients, or requests per second. */
    readonly load: Readonly<Record<string, number | { readonly perSecond: number }>>;
  })[];
}

function withPlainLoad(scenario: ParsedControlPlane): ControlPlaneScenario {
  const plain = (amount: number | { readonly perSecond: number }): number =>
    typeof amount === 'number' ? amount : amount.perSecond;
  const phases = scenario.phases.map((one) => ({
    ...one,
    load: Object.fromEntries(Object.entries(one.load).map(([name, amount]) => [name, plain(amount)])),
  }));
  return { ...scenario, phases };
}
