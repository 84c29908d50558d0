/**
 * What becomes of attempts that must dial, while it is the same for all of them: with no server in rotation nobody answers,
 * with none in rotation that takes connections each is refused. Clients that try on and on at such a time learn nothing, and
 * change nothing that others could notice. Whoever works through their attempts without events (nodes/unheard-renewals.ts)
 * asks here, and is told before it ends.
 */
import type { ApiServer } from '../api-server/api-server.ts';
import type { ClientGroup } from '../client/client-group.ts';
import type { Balancer } from './balancer.ts';
import type { NetworkBlock } from './network-block.ts';

/** What becomes of an attempt that must dial. */
export const Outcome = {
  /** It depends, on the server that is picked or on its state. */
  open: 0,
  /** It ends with the patience of its client. */
  silence: 1,
  /** It is refused after one round trip. */
  refusal: 2,
} as const;

/** One of `Outcome`. */
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Attempts without events. */
export interface UnheardAttempts {
  /** Number of the group they are of. */
  readonly group: number;
  /** Attempts whose client waits. */
  readonly waiting: number;
  /** Brings the books up to now. */
  settle(): void;
  /** The outlook may be another from now on. */
  outlookChanged(): void;
}

/** What the outlook depends on. */
export interface OutlookParts {
  readonly servers: readonly ApiServer[];
  readonly balancer: Balancer;
  readonly block: NetworkBlock;
}

/** The outlook of one control plane. */
export class Outlook {
  readonly #parts: OutlookParts;
  readonly #unheard: UnheardAttempts[] = [];

  constructor(parts: OutlookParts) {
    this.#parts = parts;
  }

  /** The outcome of an attempt of a group that dials now. */
  of(group: ClientGroup): Outcome {
    const { servers, balancer, block } = this.#parts;
    if (block.cuts(group) || group.isThrottled || group.pinnedServer >= 0) return Outcome.open;
    const { rotation } = balancer;
    for (const index of rotation) {
      const server = servers[index]!;
      if (server.isReady || server.isSilent) return Outcome.open;
    }
    return rotation.length === 0 ? Outcome.silence : Outcome.refusal;
  }

  /** So many attempts have been refused: each had dialled the server that the balancer picked. */
  dialledInVain(count: number): void {
    this.#parts.balancer.skip(count);
  }

  /** Somebody works through attempts of a group from now on. */
  join(unheard: UnheardAttempts): void {
    this.#unheard.push(unheard);
  }

  /** Brings all books up to now: what groups have sent, and how it ended. */
  settle(): void {
    for (const unheard of this.#unheard) unheard.settle();
  }

  /** Attempts of a group whose client waits, and that have no row in the table of requests. */
  waiting(group: number): number {
    return this.#unheard.reduce((sum, unheard) => sum + (unheard.group === group ? unheard.waiting : 0), 0);
  }

  /** Part of the contract with whatever it depends on: something may be otherwise from now on. */
  changed(): void {
    for (const unheard of this.#unheard) unheard.outlookChanged();
  }
}
