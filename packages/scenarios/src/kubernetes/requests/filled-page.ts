/**
 * What it takes to fill one page of a LIST that has a selector, when etcd serves it. etcd knows no selectors: the API server
 * reads `limit` objects, keeps those that match, and as long as the page is not full reads on from there, each time twice as
 * many as before, up to 10,000 at once (apiserver storage/etcd3/store.go, GetList and maxLimit). It stops in the middle of
 * what it has read when the page is full; the next page goes on from there, with `limit` objects again.
 *
 * Matching objects are taken to be spread evenly over the others.
 */

/** Objects that the API server reads from etcd at once, at most: maxLimit. */
const LARGEST_RANGE = 10_000;

/** One page of a LIST. */
export interface PageOfList {
  /** Stored objects of the type, and the share of them that the selector lets through. */
  readonly objects: number;
  readonly matching: number;
  /** Matching objects of a full page, > 0. */
  readonly limit: number;
  /** Its number, from 0. */
  readonly page: number;
}

/** How it is filled. */
export interface FilledPage {
  /** Matching objects in it. */
  readonly returned: number;
  /** Objects decoded and looked at. */
  readonly read: number;
  /** Objects that etcd has sent for it, in so many ranges, and those of the largest range. */
  readonly fetched: number;
  readonly ranges: number;
  readonly largest: number;
}

/** Pages of a LIST, at least one. */
export function pagesOfList(matched: number, limit: number): number {
  return Math.max(1, Math.ceil(matched / limit));
}

/** See above. */
export function filledPage({ objects, matching, limit, page }: PageOfList): FilledPage {
  const matched = objects * matching;
  const last = pagesOfList(matched, limit) - 1;
  const from = page === 0 ? 0 : Math.min(objects, (page * limit) / matching);
  // Whoever looks for more than there is looks at everything.
  const to = page >= last ? objects : ((page + 1) * limit) / matching;
  const read = to - from;
  let fetched = 0;
  let ranges = 0;
  let largest = 0;
  for (let size = limit; ranges === 0 || fetched < read; size = doubled(size)) {
    const range = Math.min(size, objects - from - fetched);
    fetched += range;
    largest = Math.max(largest, range);
    ranges++;
    if (range < size) break;
  }
  return { returned: Math.max(0, Math.min(limit, matched - page * limit)), read, fetched, ranges, largest };
}

function doubled(size: number): number {
  return size < LARGEST_RANGE ? Math.min(LARGEST_RANGE, 2 * size) : size;
}
