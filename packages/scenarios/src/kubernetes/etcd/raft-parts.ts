/** What the parts of the raft model share: one object per cluster, made in one place (raft-engine.ts). */
import type { Simulation } from '@brownout/core';
import type { OperationTable } from '../requests/operation.ts';
import type { RequestTable } from '../requests/api-request.ts';
import type { Disks } from './disks.ts';
import type { Logs } from './logs.ts';
import type { Members } from './members.ts';
import type { Network } from './network.ts';
import type { EtcdOptions, EtcdOutcome, RaftOptions } from './options.ts';
import type { Storage } from './storage.ts';

/** Parts and numbers that commits, elections and reads of one cluster look at. */
export interface RaftParts {
  readonly simulation: Simulation;
  readonly name: string;
  readonly options: EtcdOptions;
  readonly raft: RaftOptions;
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly members: Members;
  readonly network: Network;
  readonly disks: Disks;
  readonly logs: Logs;
  readonly storage: Storage | undefined;
  /** A request leaves its member. */
  readonly answer: (request: number, outcome: EtcdOutcome) => void;
  /** A write is committed; `request` is -1 when nobody waits for it. */
  readonly committed: (request: number, operation: number, subject: number) => void;
  /** The database of a member has reached its quota. */
  readonly raiseAlarm: (member: number) => void;
  /** Runs a read on a member. */
  readonly serve: (request: number, member: number) => void;
}

/** How long what a packet wakes on a member waits for its turn when threads outnumber cores, in microseconds. */
export function turnDelay({ members, raft }: RaftParts, member: number): number {
  return Math.round(members.turnDelay(member, raft.turn));
}

/** No election timer is shorter: the timeout counts ticks, and the first may come at once. */
export function shortestElection(raft: RaftOptions): number {
  return (raft.electionTicks - 1) * raft.heartbeat;
}

/** The instant at which the k-th smallest of some instants has passed; k counts from 1, Infinity when there are fewer. */
export function kthSmallest(values: Float64Array, k: number): number {
  if (k <= 0) return 0;
  if (k === 1) return smallest(values);
  // At most a dozen members: taking the smallest k times is less work than a sort, and allocates nothing.
  let passed = -Infinity;
  for (let left = k; ; ) {
    let least = Infinity;
    let ties = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value <= passed) continue;
      if (value < least) {
        least = value;
        ties = 1;
      } else if (value === least) {
        ties++;
      }
    }
    left -= ties;
    if (left <= 0 || least === Infinity) return least;
    passed = least;
  }
}

/** The usual case: of three members the leader needs one other. */
function smallest(values: Float64Array): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!;
  return least;
}
