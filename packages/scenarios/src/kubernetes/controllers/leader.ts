/** What a controller asks before it writes anything, and what it hears when that changes. */

/** A claim to be the one process that works. */
export interface Leader {
  /** Whether the controller may work: the lease is held and the informers are filled. */
  readonly isLeading: boolean;
}

/** A part of a controller process: it starts with an empty memory when its process begins to lead, and dies with it. */
export interface Controller {
  /** The process leads and its informers are filled. */
  start(): void;
  /** The process is gone: nothing is sent any more, and answers still on their way reach nobody. */
  stop(): void;
}
