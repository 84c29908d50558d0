/**
 * Where LISTs are that are turned page by page, in columns, and what becomes of them while etcd is compacted. Every page is of
 * the version of the first, which its continue token names. When etcd has compacted that away, the answer is 410, and
 * client-go's pager asks once for everything: without limit and token, and with the resource version with which the LIST began
 * (tools/pager/pager.go, FullListIfExpired). The 410 brings a token that would go on with the newest state
 * (apiserver, storage/etcd3/errors.go); the pager does not look at it. A first page names no token and cannot be told so.
 *
 *   page -> page -> page ... -> done
 *             \-> 410 -> everything -> done
 */

/** What the request of a LIST asks for: one of its pages, a page whose version is gone, or everything in its place. */
export const Asked = { page: 0, gone: 1, whole: 2 } as const;

/** One of the values of `Asked`. */
export type Asked = (typeof Asked)[keyof typeof Asked];

/** Versions of what is stored, as pages see them. */
export interface StoredVersions {
  /** Version that a page served now is of. */
  version(): number;
  /** Whether the store can no longer be read as it was at a version. */
  isGone(version: number): boolean;
}

/** See above. */
export class PagedLists {
  readonly #versions: StoredVersions | undefined;
  /** By LIST: pages to come, that on its way included, 0 = the first is next or there are none; what was asked last; the version of the first page. */
  readonly #left: number[];
  readonly #asked: Asked[];
  readonly #version: number[];
  #expired = 0;
  #wholes = 0;

  /** `lists` of them at their start, numbered from 0; further ones come with `startOver`. `versions` undefined = they live for ever. */
  constructor(lists: number, versions: StoredVersions | undefined) {
    this.#versions = versions;
    this.#left = Array.from({ length: lists }, () => 0);
    this.#asked = Array.from({ length: lists }, () => Asked.page);
    this.#version = Array.from({ length: lists }, () => 0);
  }

  /** Pages that were told 410, over all LISTs. */
  get expired(): number {
    return this.#expired;
  }

  /** Answers with everything, over all LISTs. */
  get wholes(): number {
    return this.#wholes;
  }

  /** The next request of a LIST is its first page. */
  startOver(list: number): void {
    this.#left[list] = 0;
    this.#asked[list] = Asked.page;
  }

  /** Further pages that are still to come, that on its way included. */
  left(list: number): number {
    return this.#left[list]!;
  }

  /** Whether the next request of a LIST is its first page. */
  isAtStart(list: number): boolean {
    return this.#left[list] === 0 && this.#asked[list] === Asked.page;
  }

  /** What the request under way asks for. */
  asked(list: number): Asked {
    return this.#asked[list]!;
  }

  /** What an attempt that is sent now asks for: what etcd will say of its version is taken to be known by then. */
  ask(list: number): Asked {
    if (this.#asked[list] === Asked.whole) return Asked.whole;
    const isGone = this.#left[list]! > 0 && this.#versions?.isGone(this.#version[list]!) === true;
    return (this.#asked[list] = isGone ? Asked.gone : Asked.page);
  }

  /**
   * The request under way has been answered; whether another one is to follow. `pages` of the LIST in all, and `version` of
   * its first, count when that has been answered.
   */
  turn(list: number, pages: number, version: number): boolean {
    const asked = this.#asked[list]!;
    if (asked === Asked.whole) {
      this.#wholes++;
      this.startOver(list);
      return false;
    }
    if (asked === Asked.gone) {
      this.#expired++;
      this.#left[list] = 0;
      this.#asked[list] = Asked.whole;
      return true;
    }
    if (this.#left[list]! === 0) {
      this.#version[list] = version;
      this.#left[list] = pages;
    }
    return --this.#left[list]! > 0;
  }
}
