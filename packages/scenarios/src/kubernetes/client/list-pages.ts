/**
 * The pages of LISTs of many reflectors, in columns. A LIST with version "0" or "" names a limit of 500, which the watch cache
 * ignores and etcd does not: where etcd serves it, client-go's pager asks for page after page, each of the version of the
 * first, and for everything when that is gone (tools/cache/reflector.go, requests/paged-lists.ts). With a selector the objects
 * of one client are taken to fit a page.
 */
import type { OperationTable } from '../requests/operation.ts';
import { pagesOfList } from '../requests/filled-page.ts';
import { Asked, PagedLists, type StoredVersions } from '../requests/paged-lists.ts';
import type { OperationNumbers } from './reflector-outcome.ts';

/** Objects of a page: client-go's default. */
export const PAGE_LIMIT = 500;

/** See above. */
export class ListPages {
  readonly #operations: OperationTable;
  /** Undefined = nobody turns pages. */
  readonly #pages: OperationNumbers['pages'];
  readonly #lists: PagedLists;
  readonly #isFromEtcd: Uint8Array;
  #furtherAnswers = 0;

  /** `versions` undefined = nothing is ever compacted. */
  constructor(
    clients: number,
    operations: OperationTable,
    pages: OperationNumbers['pages'],
    versions: StoredVersions | undefined,
  ) {
    this.#operations = operations;
    this.#pages = pages;
    this.#lists = new PagedLists(clients, versions);
    this.#isFromEtcd = new Uint8Array(clients);
  }

  /** Pages after the first that have been answered, over all clients; with those that were told 410. */
  get furtherAnswers(): number {
    return this.#furtherAnswers;
  }

  /** Pages whose version was gone (410), over all clients. */
  get expired(): number {
    return this.#lists.expired;
  }

  /** A request of a client is served; false when it is a further page, whose version is that of the first. */
  served(client: number, isFromEtcd: boolean): boolean {
    if (this.#lists.left(client) > 0) return false;
    this.#isFromEtcd[client] = isFromEtcd ? 1 : 0;
    return true;
  }

  /** A request of a LIST whose first page is of `version` has been answered well; whether another one is to follow. */
  turn(client: number, version: number): boolean {
    if (this.#pages === undefined) return false;
    if (this.#lists.left(client) > 0) this.#furtherAnswers++;
    const objects = this.#operations.objects[this.#pages.further]!;
    return this.#lists.turn(client, this.#isFromEtcd[client] === 1 ? pagesOfList(objects, PAGE_LIMIT) : 1, version);
  }

  /** What an attempt of `operation` asks for that is sent now; `isNewest`: the LIST began without a version. */
  asks(client: number, operation: number, isNewest: boolean): number {
    const pages = this.#pages;
    if (pages === undefined || operation !== pages.further) return operation;
    const asked = this.#lists.ask(client);
    if (asked === Asked.gone) return pages.expired;
    if (asked === Asked.whole) return isNewest ? pages.wholeNewest : pages.wholeAny;
    return operation;
  }

  /** The LIST has failed, or nobody waits for it: the next begins with its first page. */
  drop(client: number): void {
    this.#lists.startOver(client);
  }
}
