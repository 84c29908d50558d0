/** The reads that go through the watch cache, by operation number: looked up once a request, so kept in columns. */
import type { OperationTable } from '../requests/operation.ts';
import type { ReadKind, WatchCacheOptions } from './options.ts';
import { type AskedVersion, type ListRequest, type ListSource, listSource } from './read-source.ts';

/** One operation that is served through the cache. */
export interface PlannedRead {
  /** Number of its type among the cached ones. */
  readonly type: number;
  readonly kind: ReadKind;
  readonly version: AskedVersion;
  readonly list: ListRequest;
  /** Source when the cache is ready. */
  readonly source: ListSource;
  /** Operation that has the costs when etcd serves it. */
  readonly fromEtcd: number;
}

/** Which type each operation reads or writes. */
export class ReadPlan {
  /** Number of the cached type that an operation writes, -1 = none. */
  readonly writtenType: Int16Array;
  readonly #reads: readonly (PlannedRead | undefined)[];

  constructor(options: WatchCacheOptions, operations: OperationTable) {
    const typeOf = (resource: string): number => options.types.findIndex((type) => type.resource === resource);
    this.writtenType = new Int16Array(operations.count).fill(-1);
    for (let number = 0; number < operations.count; number++) {
      const { name, path, resource } = operations.definition(number);
      // Built-in writes of pods do not name their type; `object-update` is about an object of some small type.
      const written = resource ?? (name.startsWith('pod-') ? 'pods' : '');
      if (path === 'write') this.writtenType[number] = typeOf(written);
    }
    const reads: (PlannedRead | undefined)[] = Array.from({ length: operations.count });
    for (const { operation, kind, version, hasLimit, fromEtcd } of options.reads) {
      const number = operations.number(operation);
      const { resource = 'pods', limit = 0, selector = 'none' } = operations.definition(number);
      const type = typeOf(resource);
      if (type < 0)
        throw new RangeError(`watch cache: operation "${operation}" reads "${resource}", which is not cached`);
      const list = { version, hasLimit: hasLimit ?? limit > 0, hasSelector: selector !== 'none' };
      reads[number] = {
        type,
        kind,
        version,
        list,
        source: kind === 'watch-list' ? 'confirmed-cache' : listSource(list, options.features),
        fromEtcd: fromEtcd === undefined ? number : operations.number(fromEtcd),
      };
    }
    this.#reads = reads;
  }

  /** The read that an operation is, undefined when the cache has nothing to do with it. */
  read(operation: number): PlannedRead | undefined {
    return this.#reads[operation];
  }
}
