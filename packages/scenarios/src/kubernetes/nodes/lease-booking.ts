/** What the renewals of a batch need that are booked together: where connections lead, and a count by server. */

/** The nodes' connections, and the renewals that went over them. */
export interface LeaseBooking {
  /** When each node's lease was renewed last. */
  readonly renewedAt: Float64Array;
  /** API server that a node has a connection to, -1 = none. */
  serverOf(node: number): number;
  /** Whether a renewal of the node would change more than its lease. */
  hasMoreToDo(node: number): boolean;
  /** A renewal of a node went to a server; booked with the others. */
  renewed(node: number, server: number): void;
  /** Books the renewals of the batch. */
  book(): void;
}
