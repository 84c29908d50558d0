/**
 * Which server each client of a group is connected to, and how many are connected to each: counted as they come and go, so
 * that a balancer that looks for the least connections need not walk thousands of clients for each new one.
 */

/** See above. Lives of a server only grow: a connection of an earlier one is broken, whoever notices when. */
export class ConnectionColumns {
  /** Server of each client, -1 = none, and the life of that server it connected in. */
  readonly server: Int16Array;
  readonly life: Int32Array;
  /** By server: its latest life that anybody has connected in, and the connections made in that. */
  readonly #latest: number[] = [];
  readonly #counts: number[] = [];

  constructor(clients: number) {
    this.server = new Int16Array(clients).fill(-1);
    this.life = new Int32Array(clients);
  }

  connect(client: number, server: number, life: number): void {
    this.disconnect(client);
    if (life > (this.#latest[server] ?? -1)) {
      this.#latest[server] = life;
      this.#counts[server] = 0;
    }
    this.server[client] = server;
    this.life[client] = life;
    if (life === this.#latest[server]) this.#counts[server]!++;
  }

  disconnect(client: number): void {
    const server = this.server[client]!;
    if (server >= 0 && this.life[client] === this.#latest[server]) this.#counts[server]!--;
    this.server[client] = -1;
  }

  /** Connections to a server that were made in a life of it, which must be its present one. */
  count(server: number, life: number): number {
    return this.#latest[server] === life ? this.#counts[server]! : 0;
  }
}
