/**
 * Who hears whom: zones, the ways between members, and partitions. A partition puts members into groups that
 * talk among themselves only; packets between groups are lost in silence.
 */
import type { Duration } from '@brownout/core';
import type { RaftOptions } from './options.ts';

/** The network between the members of one cluster. */
export class Network {
  readonly zones: Int32Array;
  /** Partition each member is in; 0 = the common one. */
  readonly #group: Int32Array;
  readonly #oneWay: Float64Array;
  readonly #members: number;
  #groups = 0;

  constructor(members: number, options: RaftOptions) {
    const { zones } = options;
    if (zones.length > 0 && zones.length !== members) {
      throw new RangeError(`etcd: zones must name one zone per member (${members}), got ${zones.length}`);
    }
    this.#members = members;
    this.zones = Int32Array.from({ length: members }, (_, member) => zones[member] ?? 0);
    this.#group = new Int32Array(members);
    this.#oneWay = new Float64Array(members * members);
    for (let from = 0; from < members; from++) {
      for (let to = 0; to < members; to++) {
        const isNear = this.zones[from] === this.zones[to];
        const roundTrip = isNear ? options.sameZoneRoundTrip : options.otherZoneRoundTrip;
        this.#oneWay[from * members + to] = from === to ? 0 : Math.round(roundTrip / 2);
      }
    }
  }

  /** Time of a packet from one member to another, in microseconds. */
  oneWay(from: number, to: number): Duration {
    return this.#oneWay[from * this.#members + to]! as Duration;
  }

  /** Whether packets between two members arrive. */
  connects(from: number, to: number): boolean {
    return this.#group[from] === this.#group[to];
  }

  /** Whether no member is cut off. */
  get isWhole(): boolean {
    for (let member = 1; member < this.#members; member++) if (this.#group[member] !== this.#group[0]) return false;
    return true;
  }

  /** Members of a zone. */
  inZone(zone: number): number[] {
    const members: number[] = [];
    for (let member = 0; member < this.#members; member++) if (this.zones[member] === zone) members.push(member);
    return members;
  }

  /** Cuts these members off from all others, not from each other. */
  cut(members: readonly number[]): void {
    this.#groups++;
    for (const member of members) this.#group[member] = this.#groups;
  }

  /** Everybody hears everybody again. */
  heal(): void {
    this.#group.fill(0);
  }
}
