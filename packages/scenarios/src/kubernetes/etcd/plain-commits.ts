/**
 * The plain model of consensus: one thread of the leader proposes, commits and applies. While one batch is on its way the
 * next gathers; a batch takes the CPU of its writes, slowed as every thread on that machine is, plus one fsync. A leader
 * is lost only with its process and the next one follows after a fixed time; without a quorum nothing is answered.
 *
 *   write -> gathering batch -> [CPU of the batch] -> fsync -> done
 */
import { type Duration, type EventType, realZero, type Simulation, type Stream } from '@brownout/core';
import type { OperationTable } from '../requests/operation.ts';
import type { RequestTable } from '../requests/api-request.ts';
import type { EtcdEngine } from './engine.ts';
import type { Members } from './members.ts';
import type { EtcdOptions } from './options.ts';
import { WriteList } from './write-list.ts';

/** What the plain model does with its requests. */
export interface PlainCommitsParts {
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly members: Members;
  readonly answer: (request: number, ok: boolean) => void;
  /** A write is durable; its answer follows. */
  readonly committed: (request: number) => void;
  /** Runs a read on a member. */
  readonly serve: (request: number, member: number) => void;
}

/** See the head of this file. */
export class PlainCommits implements EtcdEngine {
  hasQuorum = true;
  leader = 0;
  readonly #options: EtcdOptions;
  readonly #parts: PlainCommitsParts;
  readonly #fsyncStream: Stream;
  readonly #commitDone: EventType;
  readonly #gaveUp: EventType;
  readonly #elected: EventType;
  #hasLeader = true;
  /** Writes being committed, and writes gathering for the next commit; -1 = lost with a leader. */
  #batch: WriteList = new WriteList();
  #waiting: WriteList = new WriteList();
  #isCommitting = false;
  #gatheringCpu = realZero;

  constructor(simulation: Simulation, name: string, options: EtcdOptions, parts: PlainCommitsParts) {
    this.#options = options;
    this.#parts = parts;
    this.#fsyncStream = simulation.streams.get(`${name}/fsync`);
    this.#commitDone = simulation.event(`${name} commit`, () => this.#finishCommit(), 'release');
    this.#gaveUp = simulation.event(`${name} gave up`, (request) => parts.answer(request, false));
    this.#elected = simulation.event(`${name} election`, () => this.#elect());
  }

  submitWrite(request: number): void {
    if (!this.hasQuorum) {
      this.#gaveUp.after(this.#options.requestTimeout, request);
      return;
    }
    const { requests, operations } = this.#parts;
    requests.etcdMember[request] = this.leader;
    requests.etcdHeldBytes[request] = 0;
    this.#waiting.push(request);
    this.#gatheringCpu += operations.etcdCpu[requests.operation[request]!]!;
    if (!this.#isCommitting) this.#startCommit();
  }

  submitRead(request: number): void {
    if (!this.hasQuorum) {
      this.#gaveUp.after(this.#options.requestTimeout, request);
      return;
    }
    const { requests, members, serve } = this.#parts;
    serve(request, members.servingMember(requests.server[request]!, this.leader));
  }

  memberStopped(member: number): void {
    if (member === this.leader) {
      this.#hasLeader = false;
      this.#gatheringCpu = 0;
      this.#elected.after(this.#options.election);
    }
    this.#noteQuorum();
  }

  /** Writes of a dead leader leave the commit lists, so that no commit answers for them later. */
  forget(lost: readonly number[]): void {
    const isLost = new Set(lost);
    this.#waiting.forget(isLost);
    this.#batch.forget(isLost);
  }

  memberStarted(): void {
    this.#noteQuorum();
    if (!this.#hasLeader) this.#elected.after(this.#options.election);
  }

  #startCommit(): void {
    const emptied = this.#batch;
    this.#batch = this.#waiting;
    this.#waiting = emptied;
    this.#isCommitting = true;
    const { members } = this.#parts;
    const cpu = Math.round(this.#gatheringCpu * members.slowdown(this.leader));
    members.writeCpu[this.leader]! += this.#gatheringCpu;
    this.#gatheringCpu = 0;
    this.#commitDone.after((cpu + this.#options.fsync.sample(this.#fsyncStream)) as Duration);
  }

  /** Answers a batch; without a majority nobody can say that it is durable, and what gathered has no hope either. */
  #finishCommit(): void {
    const { hasQuorum } = this;
    this.#answerWrites(this.#batch, hasQuorum);
    this.#isCommitting = false;
    if (!hasQuorum) {
      this.#answerWrites(this.#waiting, false);
      this.#gatheringCpu = 0;
    }
    if (this.#waiting.size > 0) this.#startCommit();
  }

  #answerWrites(writes: WriteList, areDurable: boolean): void {
    const { members, answer, committed } = this.#parts;
    const { size } = writes;
    for (let place = 0; place < size; place++) {
      const request = writes.at(place);
      if (request < 0) continue;
      members.leave(request);
      if (areDurable) {
        committed(request);
        answer(request, true);
      } else {
        this.#gaveUp.after(this.#options.requestTimeout, request);
      }
    }
    writes.clear();
  }

  #elect(): void {
    const { members } = this.#parts;
    if (this.#hasLeader || members.upCount <= members.count / 2) return;
    this.leader = members.isUp.indexOf(1);
    this.#hasLeader = true;
    this.#noteQuorum();
  }

  #noteQuorum(): void {
    const { members } = this.#parts;
    this.hasQuorum = this.#hasLeader && members.upCount > members.count / 2;
  }
}
