/** Clients that watch: the watch caches and reflectors of a document that has any. */
import type { Simulation } from '@brownout/core';
import { Reflectors } from '../../kubernetes/client/reflectors.ts';
import type { ReflectorCounts } from '../../kubernetes/client/reflector-options.ts';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { watchCacheFeaturesOf } from '../../kubernetes/profiles/options.ts';
import type { KubernetesSettings } from '../../kubernetes/profiles/settings.ts';
import type { DeclaredOperation, OperationCosts } from '../../kubernetes/requests/operation.ts';
import { measuredUnitCosts, operationOf, type UnitCosts } from '../../kubernetes/unit-costs/unit-costs.ts';
import type { WatchCacheFeatures } from '../../kubernetes/watch-cache/features.ts';
import type { WatchCacheOptions } from '../../kubernetes/watch-cache/options.ts';
import { cachedType, watchedType, type WatchedTypeParts } from '../../kubernetes/watch-cache/watched-type.ts';
import type { ControlPlaneScenario, WatchersSection } from './document.ts';
import { apiGroupOf, identityOf } from './identity.ts';
import { scaled } from './operations.ts';
import type { WatchersResult } from './result.ts';

/** CPU of handing one event to one watcher; assumed: half of a bare request. */
const SEND_CPU = 160;
/** Pods have an index by node (pkg/registry/core); nobody selects by it here. */
const INDEXED = 'pods';

/** What a control plane needs so that clients can watch. */
export interface WatchParts {
  readonly declared: readonly DeclaredOperation[];
  readonly watchCache: WatchCacheOptions;
  /** By name of the client. */
  readonly watched: ReadonlyMap<string, WatchedTypeParts>;
}

/** Operations and caches for the watchers of a document; undefined when it has none. */
export function watchPartsOf(
  scenario: ControlPlaneScenario,
  settings: KubernetesSettings,
  factor: number,
  costs: UnitCosts = measuredUnitCosts,
): WatchParts | undefined {
  const sections = scenario.clients.filter((client) => client.kind === 'watchers');
  if (sections.length === 0) return undefined;
  const features = featuresOf(settings);
  const watched = new Map(sections.map((section) => [section.name, watchedBy(section, features, factor)] as const));
  const types = [...new Set(sections.map(({ resource }) => resource))].map((resource) =>
    cachedType({
      resource,
      hasIndex: resource === INDEXED,
      page: pageCosts(factor),
      fanOut: { decodeCpu: costs.decode * factor, encodeCpu: costs.encodeJson * factor, sendCpu: SEND_CPU * factor },
    }),
  );
  const all = [...watched.values()];
  return {
    declared: [...types.flatMap((type) => type.declared), ...all.flatMap((one) => one.declared)],
    watchCache: {
      features,
      types: types.map(({ type }) => type),
      reads: all.flatMap((one) => one.reads),
      bookmarkCpu: costs.bareRequest * factor,
    },
    watched,
  };
}

function watchedBy(section: WatchersSection, features: WatchCacheFeatures, factor: number): WatchedTypeParts {
  const { name, resource, encoding, gzip } = section;
  const costsOf = (form: Parameters<typeof operationOf>[1]): OperationCosts =>
    scaled(operationOf(name, form).costs, factor);
  const list = { verb: 'list', resource, encoding, gzip } as const;
  return watchedType({
    features,
    name,
    resource,
    encoding,
    costs: {
      listFromCache: costsOf({ ...list, resourceVersion: '0' }),
      listFromEtcd: costsOf(list),
      watch: costsOf({ verb: 'get', resource, resourceVersion: '0' }),
      confirmCpu: { evaluate: () => measuredUnitCosts.getInEtcd * factor },
    },
  });
}

/** Reading and decoding a page, without encoding it: a LIST that returns nothing. */
function pageCosts(factor: number): OperationCosts {
  const { costs } = operationOf('page', { verb: 'list' });
  const withoutAnswer = (cost: OperationCosts['apiServerCpu']): OperationCosts['apiServerCpu'] => ({
    evaluate: (values) => cost.evaluate({ ...values, returned: 0 }),
  });
  return scaled(
    {
      ...costs,
      apiServerCpu: withoutAnswer(costs.apiServerCpu),
      apiServerMemory: withoutAnswer(costs.apiServerMemory),
    },
    factor,
  );
}

/** What the servers can do; these clients list, whatever their release would do. */
function featuresOf(settings: KubernetesSettings): WatchCacheFeatures {
  return { ...watchCacheFeaturesOf(settings), watchListClient: false };
}

/** The watchers of one section, running. */
export class Watchers {
  readonly #name: string;
  readonly #reflectors: Reflectors;
  #before: ReflectorCounts = { lists: 0, listsNewest: 0, watches: 0, ended: 0, expired: 0 };

  constructor(
    simulation: Simulation,
    section: WatchersSection,
    parts: { readonly controlPlane: ControlPlane; readonly watched: WatchedTypeParts },
  ) {
    const { controlPlane, watched } = parts;
    const { name, count, resource, encoding, user, groups } = section;
    this.#name = name;
    const options = {
      name,
      clients: count,
      resource,
      encoding,
      operations: watched.operations,
      describe: (client: number) => ({ ...identityOf(user, groups, client), resource, apiGroup: apiGroupOf(resource) }),
    };
    this.#reflectors = new Reflectors(simulation, 'control-plane', options, controlPlane, { onSynced: () => {} });
    const servers = controlPlane.balanced.length;
    for (let client = 0; client < count; client++) this.#reflectors.startSynced(client, client % servers);
  }

  /** What happened in the phase that ends. */
  close(): WatchersResult {
    const { counts, streamingCount } = this.#reflectors;
    const since = (key: keyof ReflectorCounts): number => counts[key] - this.#before[key];
    const result = {
      name: this.#name,
      lists: since('lists'),
      watches: since('watches'),
      ended: since('ended'),
      expired: since('expired'),
      streaming: streamingCount,
    };
    this.#before = { ...counts };
    return result;
  }
}
