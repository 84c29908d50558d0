/**
 * The API servers' side of their connections to members (raft only): which member each asks, what becomes of requests
 * when a connection breaks, and what hangs while a member is silent. The etcd client repeats a range that failed (etcd
 * client/v3/retry.go); a write it must not repeat.
 */
import { type EventType, ms, type Simulation } from '@brownout/core';
import { type OperationTable, PATH_WRITE } from '../requests/operation.ts';
import type { RequestTable } from '../requests/api-request.ts';
import type { Members } from './members.ts';
import { type EtcdClient, EtcdOutcome, type RaftOptions } from './options.ts';
import type { RaftEngine } from './raft-engine.ts';
import { SilentMembers } from './silent-members.ts';

/** A failed read is repeated after this long (etcd client/v3, defaultBackoffWaitBetween). */
const CLIENT_BACKOFF = ms(25);

/** What connections connect. */
export interface ConnectionParts {
  readonly requests: RequestTable;
  readonly operations: OperationTable;
  readonly members: Members;
  readonly engine: RaftEngine;
  readonly client: EtcdClient;
  readonly requestTimeout: RaftOptions['keepalive'];
}

/** See the head of this file. */
export class Connections {
  readonly #parts: ConnectionParts;
  readonly #silent: SilentMembers;
  /** 1 when a silent member has died meanwhile: its connections break as soon as somebody can say so. */
  readonly #hasDied: Uint8Array;
  readonly #repeat: EventType;
  readonly #nobody: EventType;

  constructor(simulation: Simulation, name: string, raft: RaftOptions, parts: ConnectionParts) {
    this.#parts = parts;
    this.#silent = new SilentMembers(simulation, name, parts.members.count, raft.keepalive, (member) =>
      this.#notice(member),
    );
    this.#hasDied = new Uint8Array(parts.members.count);
    this.#repeat = simulation.event(`${name} read again`, (request) => this.#dispatch(request, false));
    this.#nobody = simulation.event(`${name} no member`, (request) => this.answer(request, EtcdOutcome.unavailable));
  }

  isSilent(member: number): boolean {
    return this.#silent.isSilent(member);
  }

  get isAnySilent(): boolean {
    for (let member = 0; member < this.#parts.members.count; member++) if (this.#silent.isSilent(member)) return true;
    return false;
  }

  /** The member an API server asks: its own, until it knows that this one is gone; then the next. */
  memberOf(server: number): number {
    const { count, isUp } = this.#parts.members;
    for (let i = 0; i < count; i++) {
      const member = (server + i) % count;
      if (this.#silent.isSilent(member) ? !this.#silent.isNoticed(member) : isUp[member] === 1) return member;
    }
    return server % count;
  }

  /** An API server asks for something. */
  submit(request: number, isSerializable: boolean): void {
    if (!this.#isWrite(request)) this.#parts.engine.reads.note(request);
    this.#dispatch(request, isSerializable);
  }

  /** A member answers, if its packets get through. */
  answer(request: number, outcome: EtcdOutcome): void {
    const { requests, members, client } = this.#parts;
    const member = requests.etcdMember[request]!;
    members.leave(request);
    if (member >= 0 && this.#silent.isSilent(member)) this.#silent.holdAnswer(request, member, outcome);
    else client.etcdAnswered(request, outcome === EtcdOutcome.ok, outcome);
  }

  /** A member has died with these requests. Its machine closes the connections, unless it is gone as well. */
  lose(member: number, lost: readonly number[]): void {
    if (!this.#silent.isSilent(member)) {
      for (const request of lost) this.#break(request);
      return;
    }
    this.#hasDied[member] = 1;
    this.#silent.takeQuestions(member);
    for (const request of lost) {
      this.#parts.requests.etcdHeldBytes[request] = 0;
      this.#silent.holdQuestion(request, member);
    }
  }

  /** Packets between a member and its API servers are lost from now on. */
  silence(member: number): void {
    this.#silent.silence(member);
  }

  /** The way to a member is open again: both sides repeat what was lost. */
  hear(member: number): void {
    if (!this.#silent.isSilent(member)) return;
    this.#silent.hear(member);
    const hasDied = this.#hasDied[member] === 1;
    this.#hasDied[member] = 0;
    const questions = this.#silent.takeQuestions(member);
    // None of them is at the member before its turn: the first may be what kills it.
    for (const request of questions) this.#parts.requests.etcdMember[request] = -1;
    for (const { request, outcome } of this.#silent.takeAnswers(member)) {
      if (hasDied) this.#break(request);
      else this.#parts.client.etcdAnswered(request, outcome === EtcdOutcome.ok, outcome);
    }
    for (const request of questions) {
      if (hasDied) this.#break(request);
      else this.#dispatch(request, false);
    }
  }

  #isWrite(request: number): boolean {
    return this.#parts.operations.path[this.#parts.requests.operation[request]!] === PATH_WRITE;
  }

  #dispatch(request: number, isSerializable: boolean): void {
    const { requests, members, engine, requestTimeout } = this.#parts;
    const member = this.memberOf(Math.max(0, requests.server[request]!));
    const isSilent = this.#silent.isSilent(member);
    requests.etcdHeldBytes[request] = 0;
    if (!isSilent && members.isUp[member] === 0) {
      requests.etcdMember[request] = -1;
      this.#nobody.after(requestTimeout, request);
      return;
    }
    requests.etcdMember[request] = member;
    if (isSilent) this.#silent.holdQuestion(request, member);
    else if (this.#isWrite(request)) engine.submitWrite(request);
    else engine.submitRead(request, isSerializable);
  }

  #break(request: number): void {
    const { requests, engine, client } = this.#parts;
    requests.etcdMember[request] = -1;
    if (!this.#isWrite(request) && engine.reads.isWanted(request)) this.#repeat.after(CLIENT_BACKOFF, request);
    else client.etcdAnswered(request, false, EtcdOutcome.unavailable);
  }

  /** Keepalives have failed: clients give everything up that hangs at a member, and ask others. */
  #notice(member: number): void {
    const { requests, members, engine } = this.#parts;
    const lost = requests.insideEtcdMember(member);
    for (const { request } of this.#silent.takeAnswers(member)) lost.push(request);
    this.#silent.takeQuestions(member);
    engine.forget(lost);
    for (const request of lost) {
      members.withdraw(request, member);
      members.leave(request);
    }
    for (const request of lost) this.#break(request);
  }
}
