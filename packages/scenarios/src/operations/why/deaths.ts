/**
 * Deaths of API server processes with what they had inside at that instant: which clients, holding how much memory, and
 * which of them had come from a server that had died before.
 */
import type { DeathReason } from '../../kubernetes/api-server/api-server.ts';
import type { Inside } from './inside.ts';

/** One death. */
export interface Death {
  /** Number of the death in its cluster, from 0, in the order of time. */
  readonly number: number;
  /** Microseconds of the run. */
  readonly at: number;
  readonly server: number;
  readonly reason: DeathReason;
  /** Memory limit and baseline of the process, in bytes. */
  readonly limitBytes: number;
  readonly baselineBytes: number;
  /** What was inside, by client group. */
  readonly inside: Inside;
}

/** The deaths of one cluster. */
export class Deaths {
  readonly all: Death[] = [];
  readonly #ofLife: Map<number, number> = new Map();
  readonly #latest: Map<number, number> = new Map();

  /** Notes the death of the given life of a server. */
  add(death: Omit<Death, 'number'>, life: number): Death {
    const numbered = { ...death, number: this.all.length };
    this.all.push(numbered);
    this.#ofLife.set(keyOf(death.server, life), numbered.number);
    this.#latest.set(death.server, numbered.number);
    return numbered;
  }

  /** Number of the death that ended a life of a server; -1 when it is not known. */
  ofLife(server: number, life: number): number {
    return this.#ofLife.get(keyOf(server, life)) ?? -1;
  }

  /** Number of the latest death of a server, or of any when `server` is -1; -1 = none has died. */
  latest(server: number): number {
    return server < 0 ? this.all.length - 1 : (this.#latest.get(server) ?? -1);
  }
}

/** Control planes have far fewer than a thousand servers. */
function keyOf(server: number, life: number): number {
  return life * 1024 + server;
}
