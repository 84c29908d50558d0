/** The decision where a request that has got its seat is served from, as the pipeline of a server asks for it. */
import type { WorkEstimate } from '../flow-control/work-estimate.ts';
import type { Status } from '../requests/api-request.ts';

/** What becomes of a request that has its seat. */
export const Route = {
  /** On the server's cores: served from the watch cache, or a write before its commit. */
  compute: 0,
  /** To etcd first. */
  etcd: 1,
  /** It waits, seat in hand, until `RequestPipeline.resume`. */
  hang: 2,
  /** 429, or what the router says, with its `retryAfterSeconds`. */
  refuse: 3,
} as const;

/** One of the values of `Route`. */
export type Route = (typeof Route)[keyof typeof Route];

/** Decides, for one server, where requests that have got their seats are served from. */
export interface RequestRouter {
  route(request: number): Route;
  /** Seats that a write keeps after its answer, for telling watchers, at most so many; absent or undefined = none. */
  writeEstimate?(request: number, seatLimit: number): WorkEstimate | undefined;
  /** What follows after etcd has answered a read; absent = its data is computed. */
  afterEtcd?(request: number): Route;
  /** Seconds that the request refused last is told to wait, and the status it is refused with, 429 when absent. */
  readonly retryAfterSeconds: number;
  readonly refusalStatus?: Status;
}
