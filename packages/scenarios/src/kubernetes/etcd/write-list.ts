/** Writes on their way to a commit of etcd: a list of request numbers that allocates nothing once it has grown. */
export class WriteList {
  #requests: Int32Array<ArrayBuffer> = new Int32Array(64);
  #size = 0;

  /** Writes in the list, the forgotten ones included. */
  get size(): number {
    return this.#size;
  }

  /** The request at a place, -1 when it was forgotten. */
  at(place: number): number {
    return this.#requests[place]!;
  }

  push(request: number): void {
    if (this.#size === this.#requests.length) {
      const grown = new Int32Array(this.#size * 2);
      grown.set(this.#requests);
      this.#requests = grown;
    }
    this.#requests[this.#size++] = request;
  }

  clear(): void {
    this.#size = 0;
  }

  /** Takes requests out without moving the others. */
  forget(isLost: ReadonlySet<number>): void {
    for (let place = 0; place < this.#size; place++) if (isLost.has(this.#requests[place]!)) this.#requests[place] = -1;
  }
}
