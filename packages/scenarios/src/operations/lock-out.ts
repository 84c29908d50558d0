/** How long people could not reach a cluster through its API: kept for each cluster, whoever tries. */

/** Lock-out of one cluster: first admin action that failed, first that succeeded; microseconds, -1 = never. */
export interface LockOut {
  readonly cluster: string;
  readonly firstFailure: number;
  readonly firstSuccess: number;
}

/** What administrators have met at one cluster. */
export class LockOutBook {
  firstFailure = -1;
  /** After the first failure, if there was one. */
  firstSuccess = -1;

  /** An administrator's request or sequence of them has failed. Returns whether it is the first that did. */
  failed(now: number): boolean {
    if (this.firstFailure >= 0) return false;
    this.firstFailure = now;
    this.firstSuccess = -1;
    return true;
  }

  /** An administrator has got through. */
  succeeded(now: number): void {
    if (this.firstSuccess < 0) this.firstSuccess = now;
  }
}

/** Lock-out of every cluster on which an admin action was tried. */
export function lockOutsOf(sites: readonly { readonly id: string; readonly lockOut: LockOutBook }[]): LockOut[] {
  return sites
    .filter(({ lockOut: { firstFailure, firstSuccess } }) => firstFailure >= 0 || firstSuccess >= 0)
    .map(({ id, lockOut: { firstFailure, firstSuccess } }) => ({ cluster: id, firstFailure, firstSuccess }));
}
