/**
 * Where clients were connected before: a client whose connection broke because its API server died, and who connects to
 * another one, carries its work there. The number of that death is kept for as long as the move can be called a storm.
 * One column entry per client; written only when a client dials.
 */
import type { Duration, Simulation } from '@brownout/core';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import type { Deaths } from './deaths.ts';

/** Columns of the clients of one set of connections. */
interface Columns {
  /** Server of the last connection that stood, and the life of it. */
  readonly home: Int16Array;
  readonly life: Int32Array;
  /** Server that was tried last, whether or not it took the connection; -1 = none was in rotation. */
  readonly tried: Int16Array;
  /** Death that made the client come to its present server, -1 = it came for another reason; and when. */
  readonly movedBy: Int32Array;
  readonly movedAt: Float64Array;
}

/** Connections of all clients of one control plane. */
export class ConnectionHistory {
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #deaths: Deaths;
  readonly #memory: Duration;
  /** By the column of servers, which groups of the same clients share. */
  readonly #shared: Map<Int16Array, Columns> = new Map();
  readonly #columns: Columns[] = [];

  /** `memory`: how long after its move a client counts as moved. */
  constructor(simulation: Simulation, controlPlane: ControlPlane, deaths: Deaths, memory: Duration) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    this.#deaths = deaths;
    this.#memory = memory;
    controlPlane.groups.forEach((_, group) => this.#of(group));
  }

  /** A client tries to connect. */
  dialled(group: number, client: number, server: number): void {
    const { servers } = this.#controlPlane;
    const columns = this.#of(group);
    columns.tried[client] = server;
    if (server < 0 || !servers[server]!.isReady) return;
    const home = columns.home[client]!;
    const isBroken = home >= 0 && servers[home]!.life !== columns.life[client];
    columns.movedBy[client] = isBroken ? this.#deaths.ofLife(home, columns.life[client]!) : -1;
    columns.movedAt[client] = this.#simulation.now;
    columns.home[client] = server;
    columns.life[client] = servers[server]!.life;
  }

  /** Number of the death that made a client come to the server it is connected to; -1 = none, or long ago. */
  movedBy(group: number, client: number): number {
    const columns = this.#of(group);
    const death = columns.movedBy[client]!;
    if (death < 0 || this.#simulation.now - columns.movedAt[client]! > this.#memory) return -1;
    return death;
  }

  /** Server that a client tried last; -1 = there was none to try. */
  tried(group: number, client: number): number {
    return this.#of(group).tried[client]!;
  }

  #of(number: number): Columns {
    const known = this.#columns[number];
    if (known !== undefined) return known;
    const group = this.#controlPlane.groups[number]!;
    const columns = this.#shared.get(group.server) ?? {
      home: group.server.slice(),
      life: group.life.slice(),
      tried: group.server.slice(),
      movedBy: new Int32Array(group.server.length).fill(-1),
      movedAt: new Float64Array(group.server.length),
    };
    this.#shared.set(group.server, columns);
    this.#columns[number] = columns;
    return columns;
  }
}
