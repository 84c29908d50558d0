/**
 * The pages of LISTs of many reflectors, in columns. A LIST with version "0" or "" names a limit of 500, which the watch cache
 * ignores and etcd does not: where etcd serves it, client-go's pager asks for page after page, each of the version of the
 * first (tools/pager/pager.go, tools/cache/reflector.go). With a selector the objects of one client are taken to fit a page.
 */
import type { OperationTable } from '../requests/operation.ts';
import { pagesOfList } from '../requests/filled-page.ts';

/** Objects of a page: client-go's default. */
export const PAGE_LIMIT = 500;

/** See above. */
export class ListPages {
  readonly #operations: OperationTable;
  /** Number of the operation that asks for a further page, -1 = nobody turns pages. */
  readonly #page: number;
  /** Pages of the present LIST that are still to come, that on its way included; 0 = the first is on its way, or none. */
  readonly #left: Int32Array;
  readonly #isFromEtcd: Uint8Array;
  #furtherAnswers = 0;

  constructor(clients: number, operations: OperationTable, page: number) {
    this.#operations = operations;
    this.#page = page;
    this.#left = new Int32Array(clients);
    this.#isFromEtcd = new Uint8Array(clients);
  }

  /** Pages after the first that have been answered, over all clients. */
  get furtherAnswers(): number {
    return this.#furtherAnswers;
  }

  /** A request of a client is served; false when it is a further page, whose version is that of the first. */
  served(client: number, isFromEtcd: boolean): boolean {
    if (this.#left[client]! > 0) return false;
    this.#isFromEtcd[client] = isFromEtcd ? 1 : 0;
    return true;
  }

  /** A page has been answered well; whether another one is to be asked for. */
  turn(client: number): boolean {
    if (this.#page < 0) return false;
    const left = this.#left[client]!;
    if (left > 0) this.#furtherAnswers++;
    this.#left[client] = left > 0 ? left - 1 : this.#isFromEtcd[client] === 1 ? this.#further() : 0;
    return this.#left[client]! > 0;
  }

  /** The LIST has failed, or nobody waits for it: the next begins with its first page. */
  drop(client: number): void {
    this.#left[client] = 0;
  }

  #further(): number {
    return pagesOfList(this.#operations.objects[this.#page]!, PAGE_LIMIT) - 1;
  }
}
