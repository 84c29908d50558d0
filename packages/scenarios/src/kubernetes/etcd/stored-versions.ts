/** The versions of a database as LISTs in pages see them. */
import type { StoredVersions } from '../requests/paged-lists.ts';
import type { Etcd } from './etcd.ts';

/** Those of an etcd cluster with a database; undefined without the option `storage`: nothing is ever compacted there. */
export function storedVersions(etcd: Etcd): StoredVersions | undefined {
  const { storage } = etcd;
  if (storage === undefined) return undefined;
  return { version: () => etcd.revision, isGone: (version) => storage.isCompacted(version) };
}
