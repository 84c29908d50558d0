/** The requests inside one server: a doubly linked list through two columns of the request table. */
import type { RequestTable } from './api-request.ts';

/** Requests in the order in which they came last, added and removed in constant time. */
export class RequestList {
  readonly #requests: RequestTable;
  #first = -1;

  constructor(requests: RequestTable) {
    this.#requests = requests;
  }

  add(request: number): void {
    this.#requests.previous[request] = -1;
    this.#requests.next[request] = this.#first;
    if (this.#first >= 0) this.#requests.previous[this.#first] = request;
    this.#first = request;
  }

  remove(request: number): void {
    const previous = this.#requests.previous[request]!;
    const next = this.#requests.next[request]!;
    if (previous >= 0) this.#requests.next[previous] = next;
    else this.#first = next;
    if (next >= 0) this.#requests.previous[next] = previous;
  }

  /** Calls `visit` with every request; `visit` may close the one it is given. */
  forEach(visit: (request: number) => void): void {
    let request = this.#first;
    while (request >= 0) {
      const next = this.#requests.next[request]!;
      visit(request);
      request = next;
    }
  }

  /** Empties the list and calls `visit` with everything that was in it; new requests may come in meanwhile. */
  drain(visit: (request: number) => void): void {
    const drained = new RequestList(this.#requests);
    drained.#first = this.#first;
    this.#first = -1;
    drained.forEach(visit);
  }
}
