/**
 * What the flow control of an API server is configured with: its flags, priority levels and FlowSchemas, checked once,
 * with the seats of each level worked out. One configuration serves all replicas: they read the same objects.
 */
import { defaultFlowSchemas, mandatoryFlowSchemas } from './default-flow-schemas.ts';
import {
  distinguisherOf,
  type FlowSchema,
  inMatchingOrder,
  isLongRunning,
  matches,
  type RequestDescription,
} from './flow-schema.ts';
import { FlowTable } from './flow-table.ts';
import {
  defaultPriorityLevels,
  type LevelSeats,
  mandatoryPriorityLevels,
  type PriorityLevel,
  seatsOfLevels,
} from './priority-level.ts';
import { checkDeal } from './shuffle-shard.ts';

/** Flags of the API server and objects of the cluster. */
export interface FlowControlSettings {
  /** `--enable-priority-and-fairness`; default true. When false, two counters limit the requests in flight. */
  readonly enablePriorityAndFairness?: boolean;
  /** `--max-requests-inflight`, default 400; 0 = no limit (which priority and fairness does not allow for the sum). */
  readonly maxRequestsInflight?: number;
  /** `--max-mutating-requests-inflight`, default 200. */
  readonly maxMutatingRequestsInflight?: number;
  /** PriorityLevelConfigurations; default the bootstrap set. The two mandatory ones are added when missing. */
  readonly priorityLevels?: readonly PriorityLevel[];
  /** FlowSchemas; default the bootstrap set. The two mandatory ones are added when missing. */
  readonly flowSchemas?: readonly FlowSchema[];
  /** A request may be as wide as on a server with so many times the seats, of which this is a small model. Default 1. */
  readonly requestScale?: number;
}

/** How requests of one kind are treated: small integers that a model keeps and hands in with every request. */
export interface Classification {
  /** Index into `flowSchemas`, -1 when no schema is involved. */
  readonly schema: number;
  /** Index into `priorityLevels`, or `noLevel`. */
  readonly level: number;
  /** Number of the flow within the level. */
  readonly flow: number;
}

/** Level of requests that bypass flow control: long-running ones, except that priority and fairness covers watches. */
export const noLevel = -1;

/**
 * Levels of max-inflight mode, in this order. Flow 1 is the group system:masters, which is let in when they are full.
 */
export const inflightLevels = ['read-only', 'mutating'] as const;

/** Stands for what is not there; no name of anything. */
const NONE = '\u0001';
/** What the user names of service accounts begin with. */
const SERVICE_ACCOUNT = 'system:serviceaccount:';

const readOnlyVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** The checked configuration; made by `createFlowControlConfiguration`. */
export class FlowControlConfiguration {
  readonly usesPriorityAndFairness: boolean;
  readonly maxRequestsInflight: number;
  readonly maxMutatingRequestsInflight: number;
  /** Levels in the order of their numbers; empty in max-inflight mode. */
  readonly priorityLevels: readonly PriorityLevel[];
  /** Seats of each level. */
  readonly seats: readonly LevelSeats[];
  /** Schemas in the order they are tried. */
  readonly flowSchemas: readonly FlowSchema[];
  /** Flows and hands of each level. */
  readonly flows: readonly FlowTable[];
  readonly #levelNumbers: ReadonlyMap<string, number>;
  readonly #namedUsers: ReadonlySet<string>;
  readonly #schemas: Map<string, number> = new Map();

  constructor(settings: FlowControlSettings, predecessor?: FlowControlConfiguration) {
    this.usesPriorityAndFairness = settings.enablePriorityAndFairness ?? true;
    this.maxRequestsInflight = settings.maxRequestsInflight ?? 400;
    this.maxMutatingRequestsInflight = settings.maxMutatingRequestsInflight ?? 200;
    const wanted = withMandatory(settings.priorityLevels ?? defaultPriorityLevels, mandatoryPriorityLevels);
    this.priorityLevels = this.usesPriorityAndFairness ? numbered(wanted, predecessor) : [];
    this.flowSchemas = inMatchingOrder(withMandatory(settings.flowSchemas ?? defaultFlowSchemas, mandatoryFlowSchemas));
    this.#namedUsers = new Set(this.flowSchemas.flatMap(namedUsers));
    this.#levelNumbers = new Map(this.priorityLevels.map((level, number) => [level.name, number]));
    this.#check();
    const serverSeats = this.maxRequestsInflight + this.maxMutatingRequestsInflight;
    this.seats = seatsOfLevels(this.priorityLevels, serverSeats, settings.requestScale);
    this.flows = this.priorityLevels.map((level, number) => flowsOf(level, predecessor?.flows[number]));
  }

  /** Number of the level called `name`. Throws RangeError when there is none. */
  levelNumber(name: string): number {
    const number = this.#levelNumbers.get(name);
    if (number === undefined) throw new RangeError(`flow control: no priority level "${name}"; ${this.#names()}`);
    return number;
  }

  /** How requests like `request` are treated. Call it once per kind of client, not once per request. */
  classify(request: RequestDescription): Classification {
    if (!this.usesPriorityAndFairness) return classifyByVerb(request);
    if (isLongRunning(request) && request.verb !== 'watch') return { schema: -1, level: noLevel, flow: 0 };
    return this.#classified(this.#schemaOf(request), request);
  }

  /** Number of the schema that a request falls under: looked for once for requests that no schema can tell apart. */
  #schemaOf(request: RequestDescription): number {
    const { groups, verb, resource = NONE, subresource = NONE, apiGroup = '', namespace = NONE, path = NONE } = request;
    const asked = [this.#knownAs(request.user), verb, apiGroup, resource, subresource, namespace, path, ...groups];
    const key = asked.join('\0');
    let schema = this.#schemas.get(key);
    if (schema === undefined) {
      const found = this.flowSchemas.findIndex((candidate) => matches(candidate, request));
      schema = found >= 0 ? found : this.flowSchemas.findIndex((candidate) => candidate.name === 'catch-all');
      this.#schemas.set(key, schema);
    }
    return schema;
  }

  /** What schemas can see in the name of a user: nothing but that it is one, unless one of them names it. */
  #knownAs(user: string): string {
    return this.#namedUsers.has(user) || user.startsWith(SERVICE_ACCOUNT) ? user : NONE;
  }

  #classified(number: number, request: RequestDescription): Classification {
    const schema = this.flowSchemas[number]!;
    const level = this.levelNumber(schema.priorityLevel);
    return { schema: number, level, flow: this.flows[level]!.number(schema.name, distinguisherOf(schema, request)) };
  }

  #check(): void {
    for (const flag of ['maxRequestsInflight', 'maxMutatingRequestsInflight'] as const) {
      if (!(this[flag] >= 0) || !Number.isInteger(this[flag])) {
        throw new RangeError(`flow control: ${flag} must be a whole number >= 0, got ${this[flag]}`);
      }
    }
    if (this.usesPriorityAndFairness && this.maxRequestsInflight + this.maxMutatingRequestsInflight === 0) {
      throw new RangeError('flow control: maxRequestsInflight + maxMutatingRequestsInflight must be > 0, got 0');
    }
    checkNames('priority level', this.priorityLevels);
    checkNames('flow schema', this.flowSchemas);
    for (const level of this.priorityLevels) checkLevel(level);
    for (const schema of this.usesPriorityAndFairness ? this.flowSchemas : []) {
      if (!this.#levelNumbers.has(schema.priorityLevel)) {
        throw new RangeError(
          `flow schema "${schema.name}": no priority level "${schema.priorityLevel}"; ${this.#names()}`,
        );
      }
    }
  }

  #names(): string {
    return `expected one of ${this.priorityLevels.map((level) => level.name).join(', ')}`;
  }
}

/**
 * Checks `settings` and works out the seats of each level. With a `predecessor`, levels of the same name keep their
 * number and flows of the same level theirs, so that what was classified before stays valid where nothing changed.
 */
export function createFlowControlConfiguration(
  settings: FlowControlSettings = {},
  predecessor?: FlowControlConfiguration,
): FlowControlConfiguration {
  return new FlowControlConfiguration(settings, predecessor);
}

function namedUsers({ rules }: FlowSchema): readonly string[] {
  return rules.flatMap(({ subjects }) => subjects.flatMap((one) => (one.kind === 'User' ? [one.name] : [])));
}

function classifyByVerb(request: RequestDescription): Classification {
  if (isLongRunning(request)) return { schema: -1, level: noLevel, flow: 0 };
  const level = readOnlyVerbs.has(request.verb) ? 0 : 1;
  return { schema: -1, level, flow: request.groups.includes('system:masters') ? 1 : 0 };
}

function withMandatory<T extends { readonly name: string }>(
  given: readonly T[],
  mandatory: readonly T[],
): readonly T[] {
  return [...given, ...mandatory.filter((one) => !given.some((other) => other.name === one.name))];
}

/** Levels of the predecessor keep their numbers; one that is gone keeps its place without shares until it is empty. */
function numbered(levels: readonly PriorityLevel[], predecessor?: FlowControlConfiguration): readonly PriorityLevel[] {
  const old = predecessor?.priorityLevels ?? [];
  const kept = old.map((level) => successor(level, levels));
  return [...kept, ...levels.filter((level) => !old.some((one) => one.name === level.name))];
}

function successor(level: PriorityLevel, levels: readonly PriorityLevel[]): PriorityLevel {
  const next = levels.find((one) => one.name === level.name);
  if (next === undefined) return { ...level, nominalConcurrencyShares: 0, lendablePercent: 0 };
  if (level.type === 'Limited' && next.type === 'Limited' && level.limitResponse.type !== next.limitResponse.type) {
    throw new RangeError(
      `priority level "${level.name}": cannot change from ${level.limitResponse.type} to ${next.limitResponse.type} ` +
        'while the API server runs',
    );
  }
  return next;
}

function flowsOf(level: PriorityLevel, predecessor?: FlowTable): FlowTable {
  const queuing =
    level.type === 'Limited' && level.limitResponse.type === 'Queue' ? level.limitResponse.queuing : undefined;
  const queues = queuing?.queues ?? 0;
  const handSize = queuing?.handSize ?? 1;
  if (predecessor === undefined) return new FlowTable(queues, handSize);
  const isSame = predecessor.queues === queues && (queues <= 1 || predecessor.handSize === handSize);
  return isSame ? predecessor : predecessor.redealt(queues, handSize);
}

function checkLevel(level: PriorityLevel): void {
  const owner = `priority level "${level.name}"`;
  if ((level.type === 'Exempt') !== (level.name === 'exempt')) {
    throw new RangeError(`${owner}: the level "exempt", and no other, has type Exempt, got type ${level.type}`);
  }
  checkNumber(owner, 'nominalConcurrencyShares', level.nominalConcurrencyShares, Infinity);
  checkNumber(owner, 'lendablePercent', level.lendablePercent, 100);
  if (level.type === 'Exempt') return;
  checkNumber(owner, 'borrowingLimitPercent', level.borrowingLimitPercent ?? 0, Infinity);
  if (level.limitResponse.type === 'Reject') return;
  const { queues, handSize, queueLengthLimit } = level.limitResponse.queuing;
  checkDeal(owner, queues, handSize);
  if (!Number.isInteger(queueLengthLimit) || queueLengthLimit < 1) {
    throw new RangeError(`${owner}: queueLengthLimit must be >= 1, got ${queueLengthLimit}`);
  }
}

function checkNumber(owner: string, name: string, value: number, highest: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= highest) return;
  const range = highest === Infinity ? '>= 0' : `in 0..${highest}`;
  throw new RangeError(`${owner}: ${name} must be a whole number ${range}, got ${value}`);
}

function checkNames(kind: string, items: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of items) {
    if (seen.has(name)) throw new RangeError(`flow control: ${kind} "${name}" is given twice`);
    seen.add(name);
  }
}
