/** What the renewals of a batch need that are booked together: the nodes' connections, and a count by server. */

/** Where the connections of nodes lead, and the renewals that went over them. */
export interface LeaseBooking {
  /** API server of each node's connection, -1 = none, and the life of that server in which it was made. */
  readonly server: Readonly<Int16Array>;
  readonly life: Readonly<Int32Array>;
  /** The life that each server is in. */
  readonly lives: Readonly<Int32Array>;
  /** When each node's lease was renewed last. */
  readonly renewedAt: Float64Array;
  /** Renewals by server, 0 outside a batch. */
  readonly counts: Int32Array;
  /** Books the renewals that were counted. */
  book(): void;
}
