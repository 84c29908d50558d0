/** What the two models of consensus, plain and raft, have in common for the cluster around them. */

/** Takes requests to their answers, and hears of members that come and go. */
export interface EtcdEngine {
  /** A leader, and a majority that hears it: looked at by every request, so kept ready. */
  readonly hasQuorum: boolean;
  /** The member that leads, or led last. */
  readonly leader: number;
  /** A request comes in; `answer` follows, always. */
  submitWrite(request: number): void;
  submitRead(request: number, isSerializable: boolean): void;
  /** A member has just stopped; what it held has not been answered yet. */
  memberStopped(member: number): void;
  /** Requests that a stopped member held are about to be answered: nothing may answer them again. */
  forget(requests: readonly number[]): void;
  /** A member runs again. */
  memberStarted(member: number): void;
}
