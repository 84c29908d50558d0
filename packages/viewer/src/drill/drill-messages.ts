/**
 * What a page says to the host of a drill, and what the host says to it: plain JSON, whoever carries it. The host is the engine's
 * worker in a page of its own, another tab of the same browser, or a small server (`brownout drill --serve`):
 *
 *     POST /api/<session>/<kind of call>     body: the rest of the call; answer: the answer, or 4xx and { "error": "..." }
 *     GET  /api/<session>/events?token=...   Server-Sent Events: `data:` is one `DrillNews`, the first ones are everything there is
 *
 * Only the host has the run. A token stands for one seat, so roles are enforced where they cannot be evaded.
 */
import type { DrillEntry, DrillView, Entered, Facilitation, TraineeDeed } from '@brownout/scenarios';

/** One place in a drill: a trainee of its setup. */
export interface Seat {
  /** Name of the trainee. */
  readonly name: string;
  /** Titles of the roles held. */
  readonly roles: readonly string[];
  /** Somebody sits there. */
  readonly isTaken: boolean;
}

/** What somebody is shown who has the code and has not said yet who they are. */
export interface Lobby {
  readonly kind: 'lobby';
  readonly seats: readonly Seat[];
}

/** Somebody who has joined. */
export interface Joined {
  readonly kind: 'joined';
  /** Goes with every other call; a secret of that page. */
  readonly token: string;
  /** Name of the trainee; `facilitator`. */
  readonly seat: string;
}

/** What only the facilitator does: everything of `Facilitation`, and what is the host's business. */
export type FacilitatorCommand =
  | Facilitation
  /** Time begins to run. */
  | { readonly kind: 'begin' }
  /** Simulated seconds in a second. */
  | { readonly kind: 'speed'; readonly speed: number }
  /** Whoever sits there has to join again. */
  | { readonly kind: 'free'; readonly seat: string }
  /** It is over now, before its end. */
  | { readonly kind: 'end' };

/** A call, by its kind. */
export type DrillCall =
  /** Without a seat: who is there. The facilitator's code needs none. */
  | { readonly kind: 'join'; readonly code: string; readonly seat?: string | undefined }
  | { readonly kind: 'leave'; readonly token: string }
  /** A line of the console, an interrupt, an acknowledgement. */
  | { readonly kind: 'enter'; readonly token: string; readonly deed: Exclude<TraineeDeed, { readonly kind: 'button' }> }
  /** A button of the runbook. */
  | { readonly kind: 'push'; readonly token: string; readonly button: string; readonly cluster?: string | undefined }
  /** What may come next on a line, for the Tab key. */
  | { readonly kind: 'complete'; readonly token: string; readonly line: string }
  | { readonly kind: 'facilitate'; readonly token: string; readonly command: FacilitatorCommand };

/** What a call is answered with. */
export interface DrillAnswers {
  readonly join: Lobby | Joined;
  readonly leave: null;
  readonly enter: Entered;
  readonly push: Entered;
  readonly complete: readonly string[];
  readonly facilitate: null;
}

/** How time goes. */
export interface Pace {
  /** `preparing`: what happened before the drill is computed; `waiting`: for the facilitator to begin. */
  readonly state: 'preparing' | 'waiting' | 'running' | 'paused' | 'over';
  /** Seconds after the trigger, and the time of day. */
  readonly t: number;
  readonly clock: string;
  readonly zone: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Simulated seconds in a second, as wanted. */
  readonly speed: number;
  /** The host cannot keep up with that. */
  readonly isBehind: boolean;
}

/** What happens, for whoever listens; each seat is told only its own. */
export type DrillNews =
  | { readonly kind: 'pace'; readonly pace: Pace }
  /** For a trainee: the parts of the view that have changed; at first all of them. */
  | { readonly kind: 'view'; readonly changed: Partial<DrillView> }
  /** For the facilitator: the parts that have changed; at first all of them. */
  | { readonly kind: 'facilitator'; readonly changed: Partial<FacilitatorView> }
  /** It is over: the whole session as a file, for the debrief. */
  | { readonly kind: 'over'; readonly session: string }
  /** The seat is not held any more; nothing else will come. */
  | { readonly kind: 'left'; readonly why: string };

/** What the facilitator sees: the truth, and what everybody does. */
export interface FacilitatorView {
  readonly seats: readonly Seat[];
  readonly clusters: readonly ClusterTruth[];
  readonly products: readonly ProductTruth[];
  /** Names of the document's admission webhooks, which may break down. */
  readonly webhooks: readonly string[];
  /** Everything notable that has happened, whoever could know of it, latest first. */
  readonly notes: readonly TruthNote[];
  readonly ownNotes: readonly { readonly t: number; readonly text: string }[];
  /** What everybody did, latest first. */
  readonly log: readonly DrillEntry[];
}

/** One thing that happened. */
export interface TruthNote {
  readonly t: number;
  readonly kind: string;
  readonly text: string;
  readonly cluster?: string;
}

/** How users of a product are. */
export interface ProductTruth {
  readonly title: string;
  readonly failureShare: number;
}

/** How a cluster is. */
export interface ClusterTruth {
  readonly id: string;
  /** API servers that are up, of those there are. */
  readonly serversUp: number;
  readonly servers: number;
  /** Of the busiest and of the fullest API server. */
  readonly cpu: number;
  readonly memory: number;
  readonly nodes: number;
  readonly nodesNotReady: number;
  readonly nameFailureShare: number;
  readonly agentsRunning: number;
  /** Share of user traffic. */
  readonly weight: number;
  /** Whether the change is there, was taken back, whether its API is blocked, whether monitoring sees it. */
  readonly isRolledOut: boolean;
  readonly isTakenBack: boolean;
  readonly isBlocked: boolean;
  readonly isSeen: boolean;
}
