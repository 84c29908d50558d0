/**
 * `--goaway-chance`: the share of requests whose HTTP/2 connection the server closes gently. What is on its way ends
 * normally, and the client's next request dials again through the balancer (apiserver `pkg/server/filters/goaway.go`).
 */
import type { Stream } from '@brownout/core';

/** Strikes at random requests, each with the same chance, and draws only when it strikes. */
export class GoAway {
  readonly #stream: Stream;
  readonly #chance: number;
  #left: number;

  /** `chance` is a share, 0.02 at most as upstream; 0 never strikes. */
  constructor(stream: Stream, chance: number) {
    if (!(chance >= 0 && chance <= 0.02)) {
      throw new RangeError(`goaway: chance must be in 0..0.02, got ${chance}`);
    }
    this.#stream = stream;
    this.#chance = chance;
    this.#left = this.#draw();
  }

  /** Whether this request's connection is closed. */
  strikes(): boolean {
    if (--this.#left > 0) return false;
    this.#left = this.#draw();
    return true;
  }

  /** Requests up to and with the next one that is struck: geometric. */
  #draw(): number {
    if (this.#chance === 0) return Infinity;
    return Math.max(1, Math.ceil(Math.log(1 - this.#stream.uniform()) / Math.log(1 - this.#chance)));
  }
}
