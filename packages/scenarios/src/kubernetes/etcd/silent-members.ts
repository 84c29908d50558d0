/**
 * Members that fall silent: packets between them and their API servers are lost, nothing refuses a connection. A client
 * notices by its keepalive, 30 s + 10 s (kubernetes/apiserver, storagebackend/factory/etcd3.go); until then whatever it
 * sends or waits for hangs. If the way opens before, both sides repeat their packets and everything goes on.
 */
import type { EventHandle, EventType, Simulation } from '@brownout/core';
import type { EtcdOutcome, RaftOptions } from './options.ts';

/** What hangs in front of silent members. */
export class SilentMembers {
  readonly #isSilent: Uint8Array;
  readonly #isNoticed: Uint8Array;
  readonly #event: Float64Array;
  /** Questions that have not arrived and answers that could not leave, by member. */
  readonly #questions: number[][];
  readonly #answers: { readonly request: number; readonly outcome: EtcdOutcome }[][];
  readonly #simulation: Simulation;
  readonly #keepalive: RaftOptions['keepalive'];
  readonly #noticed: EventType;

  constructor(
    simulation: Simulation,
    name: string,
    members: number,
    keepalive: RaftOptions['keepalive'],
    onNoticed: (member: number) => void,
  ) {
    this.#simulation = simulation;
    this.#keepalive = keepalive;
    this.#isSilent = new Uint8Array(members);
    this.#isNoticed = new Uint8Array(members);
    this.#event = new Float64Array(members);
    this.#questions = Array.from({ length: members }, () => []);
    this.#answers = Array.from({ length: members }, () => []);
    this.#noticed = simulation.event(`${name} keepalive`, (member) => {
      this.#isNoticed[member] = 1;
      onNoticed(member);
    });
  }

  isSilent(member: number): boolean {
    return this.#isSilent[member] === 1;
  }

  /** Whether clients have closed their connections to a silent member and use others. */
  isNoticed(member: number): boolean {
    return this.#isNoticed[member] === 1;
  }

  silence(member: number): void {
    if (this.#isSilent[member] === 1) return;
    this.#isSilent[member] = 1;
    this.#event[member] = this.#noticed.after(this.#keepalive, member);
  }

  /** The way is open again. */
  hear(member: number): void {
    this.#isSilent[member] = 0;
    this.#isNoticed[member] = 0;
    this.#simulation.cancel(this.#event[member]! as EventHandle);
  }

  holdQuestion(request: number, member: number): void {
    this.#questions[member]!.push(request);
  }

  holdAnswer(request: number, member: number, outcome: EtcdOutcome): void {
    this.#answers[member]!.push({ request, outcome });
  }

  /** Takes everything that hangs in front of a member. */
  takeQuestions(member: number): readonly number[] {
    return this.#questions[member]!.splice(0);
  }

  takeAnswers(member: number): readonly { readonly request: number; readonly outcome: EtcdOutcome }[] {
    return this.#answers[member]!.splice(0);
  }
}
