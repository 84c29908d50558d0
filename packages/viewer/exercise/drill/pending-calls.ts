/** Calls to a host that wait for their answers, each with a number that its answer carries. */

/** What became of a call. */
export interface NumberedAnswer {
  readonly number: number;
  readonly answer?: unknown;
  /** Why there is none, for people. */
  readonly problem?: string | undefined;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** See above. */
export class PendingCalls {
  readonly #waiting: Map<number, Waiting> = new Map();
  #count = 0;

  /** A new call, which `send` sends with its number. */
  make(send: (number: number) => void): Promise<unknown> {
    const number = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      send(number);
    });
  }

  /** Ends a call; false when nobody waits for it any more. */
  settle({ number, answer, problem }: NumberedAnswer): boolean {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (problem === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(problem));
    return waiting !== undefined;
  }

  /** Ends all of them. */
  fail(problem: string): void {
    for (const number of [...this.#waiting.keys()]) this.settle({ number, problem });
  }
}
