/**
 * `kubectl get nodes,pods,daemonsets,flowschemas,prioritylevelconfigurations -o json`, together or one by one. Kept are names,
 * places and sizes; labels but one, annotations, environment, images, commands and everything else are not read.
 */
import type { FlowSchemaDocument, PriorityLevelDocument } from '../scenario/flow-control-schema.ts';
import { flowSchemasSchema, priorityLevelsSchema } from '../scenario/flow-control-schema.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { joinPath } from '../scenario/data-path.ts';
import { Cursor } from './cursor.ts';
import { flagsOfCommand, type FlagValues } from './flags-text.ts';
import { quantityAt } from './quantities.ts';

/** A node. */
export interface NodeFact {
  readonly name: string;
  readonly cores: number | undefined;
  readonly memoryBytes: number | undefined;
  /** Such as `v1.31.14`. */
  readonly version: string | undefined;
  readonly isControlPlane: boolean;
}

/** A pod. */
export interface PodFact {
  readonly namespace: string;
  readonly serviceAccount: string | undefined;
  readonly node: string | undefined;
  readonly phase: string | undefined;
  /** The flags of a static pod of the API server. */
  readonly apiServerFlags?: FlagValues | undefined;
}

/** A DaemonSet. */
export interface DaemonSetFact {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
}

/** Size of the objects of a type, as JSON. */
export interface SizeFact {
  readonly count: number;
  readonly jsonBytes: number;
  /** False when managedFields were left out, as kubectl does unless told otherwise: then real objects are larger. */
  readonly hasManagedFields: boolean;
}

/** Everything that one file of objects says. */
export interface ObjectsPart {
  readonly kind: 'objects';
  readonly file: string;
  readonly nodes?: readonly NodeFact[];
  readonly pods?: readonly PodFact[];
  readonly daemonSets?: readonly DaemonSetFact[];
  readonly flowSchemas?: readonly FlowSchemaDocument[];
  readonly priorityLevels?: readonly PriorityLevelDocument[];
  /** By plural name. */
  readonly sizes: Readonly<Record<string, SizeFact>>;
  /** Objects of other kinds, which were not read, by kind. */
  readonly ignored: Readonly<Record<string, number>>;
}

/** Kinds that are read, by kind, with their plural names. */
const plurals: Readonly<Record<string, string>> = {
  Node: 'nodes',
  Pod: 'pods',
  DaemonSet: 'daemonsets',
  Lease: 'leases',
  FlowSchema: 'flowschemas',
  PriorityLevelConfiguration: 'prioritylevelconfigurations',
};

/** Reads one object or a list of them. */
export function readObjects(file: string, data: unknown): ObjectsPart {
  const root = new Cursor(file, data);
  const kind = root.key('kind').name();
  const isList = kind.endsWith('List') && !root.key('items').isAbsent;
  if (kind.endsWith('List') && !isList) root.key('items').refuse('a list');
  const itemKind = isList ? kind.slice(0, -'List'.length) : kind;
  const found = new Map<string, Cursor[]>();
  const ignored = new Map<string, number>();
  for (const item of isList ? root.key('items').items() : [root]) {
    const own = itemKind === '' ? item.key('kind').name() : (item.key('kind').nameIfAny() ?? itemKind);
    if (!Object.hasOwn(plurals, own)) ignored.set(own, (ignored.get(own) ?? 0) + 1);
    else if (found.get(own)?.push(item) === undefined) found.set(own, [item]);
  }
  if (isList && itemKind !== '' && Object.hasOwn(plurals, itemKind) && found.size === 0) found.set(itemKind, []);
  if (found.size === 0) {
    const got = [...ignored.keys()].slice(0, 5).join(', ') || 'an empty list';
    throw new DocumentError(file, [
      { path: 'kind', message: `expected ${Object.keys(plurals).join(', ')} or a list of them, got ${got}` },
    ]);
  }
  return { kind: 'objects', file, ...factsOf(found), sizes: sizesOf(found), ignored: Object.fromEntries(ignored) };
}

function factsOf(found: ReadonlyMap<string, readonly Cursor[]>): Partial<ObjectsPart> {
  const of = <T>(kind: string, read: (item: Cursor) => T): readonly T[] | undefined => {
    const items = found.get(kind);
    if (items === undefined) return undefined;
    refuseRepetition(items);
    return items.map(read);
  };
  const nodes = of('Node', readNode);
  const pods = of('Pod', readPod);
  const daemonSets = of('DaemonSet', readDaemonSet);
  of('Lease', () => undefined);
  const flowSchemas = of('FlowSchema', (item) => readSpec(item, flowSchemasSchema()) as FlowSchemaDocument);
  const priorityLevels = of(
    'PriorityLevelConfiguration',
    (item) => readSpec(item, priorityLevelsSchema()) as PriorityLevelDocument,
  );
  return {
    ...(nodes === undefined ? {} : { nodes }),
    ...(pods === undefined ? {} : { pods }),
    ...(daemonSets === undefined ? {} : { daemonSets }),
    ...(flowSchemas === undefined ? {} : { flowSchemas }),
    ...(priorityLevels === undefined ? {} : { priorityLevels }),
  };
}

/** The same object twice means that files were joined by hand, and counts would be wrong. */
function refuseRepetition(items: readonly Cursor[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    const metadata = item.key('metadata');
    const name = metadata.key('name').name();
    const id = `${metadata.key('namespace').nameIfAny() ?? ''}/${name}`;
    if (seen.has(id)) metadata.key('name').refuse('every object once');
    seen.add(id);
  }
}

function readNode(item: Cursor): NodeFact {
  const status = item.key('status');
  const labels = item.key('metadata').key('labels');
  return {
    name: item.key('metadata').key('name').name(),
    cores: quantityAt(status.key('capacity').key('cpu')),
    memoryBytes: quantityAt(status.key('capacity').key('memory')),
    version: status.key('nodeInfo').key('kubeletVersion').nameIfAny(),
    isControlPlane: ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'].some(
      (label) => labels.key(label).value !== undefined,
    ),
  };
}

function readPod(item: Cursor): PodFact {
  const spec = item.key('spec');
  const flags = spec
    .key('containers')
    .itemsIfAny()
    .map((container) =>
      flagsOfCommand([...container.key('command').itemsIfAny(), ...container.key('args').itemsIfAny()]),
    )
    .find((one) => one !== undefined);
  return {
    namespace: item.key('metadata').key('namespace').nameIfAny() ?? 'default',
    serviceAccount: spec.key('serviceAccountName').nameIfAny(),
    node: spec.key('nodeName').nameIfAny(),
    phase: item.key('status').key('phase').nameIfAny(),
    ...(flags === undefined ? {} : { apiServerFlags: flags }),
  };
}

function readDaemonSet(item: Cursor): DaemonSetFact {
  const metadata = item.key('metadata');
  const pod = item.key('spec').key('template').key('spec');
  return {
    namespace: metadata.key('namespace').nameIfAny() ?? 'default',
    name: metadata.key('name').name(),
    serviceAccount: pod.key('serviceAccountName').nameIfAny() ?? 'default',
  };
}

/** Name and spec of an object of flow control, checked by the rules that documents have. */
function readSpec(
  item: Cursor,
  schema: ReturnType<typeof flowSchemasSchema> | ReturnType<typeof priorityLevelsSchema>,
): unknown {
  const name = item.key('metadata').key('name').name();
  const read = { metadata: { name }, spec: item.key('spec').value };
  const result = schema.safeParse([read]);
  if (result.success) return read;
  const issues = result.error.issues.slice(0, 20).map(({ path, message }) => ({
    path: path.slice(1).reduce<string>((parent, step) => joinPath(parent, step as string | number), item.path),
    message,
  }));
  throw new DocumentError(item.origin, issues);
}

function sizesOf(found: ReadonlyMap<string, readonly Cursor[]>): Record<string, SizeFact> {
  const rows = [...found].map(([kind, items]) => {
    const bytes = items.reduce((sum, { value }) => sum + JSON.stringify(value).length, 0);
    const hasManagedFields = items.some((item) => !item.key('metadata').key('managedFields').isAbsent);
    const fact = { count: items.length, jsonBytes: items.length === 0 ? 0 : bytes / items.length, hasManagedFields };
    return [plurals[kind]!, fact] as const;
  });
  return Object.fromEntries(rows);
}
