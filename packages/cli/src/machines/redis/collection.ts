import { RecordBook, replicationKey, type Replication, type Wanted } from '@brownout/scenarios';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { RunsBroken, RunsStopped, type BrokenRun } from '../../pool/errors.ts';
import type { MakeOptions } from '../../pool/pool.ts';
import { ProgressMeter } from '../../pool/progress-meter.ts';
import { expectedRuns, readAnswer, splitTicket, ticketId, ticketsOf, type Cut, type Ticket } from '../contract.ts';
import { lossesPerJob, putDocument } from './queue.ts';

/**
 * The jobs of one list of wanted runs, from sending to the last answer. Events say when to look at a job; whether it is done is
 * decided by what Redis holds under its id. So a missed event costs time and nothing else, and a job that Redis has lost is sent
 * again under the same id. An answer is removed from Redis when it is in the book, where each replication counts once.
 */

/** Where jobs are sent, and how. */
export interface Dispatch {
  readonly queue: Queue;
  readonly client: Redis;
  /** Redis, for people. */
  readonly shown: string;
  readonly seedsPerJob: number;
  readonly jobsInFlight: number;
  readonly say: (text: string) => void;
}

/** All jobs under way are looked at after this long without an event, in milliseconds. */
const lookEvery = 2_000;

/** After so many looks in a row at which nothing had happened: is there a worker at all? */
const looksUntilAsking = 3;

/** Progress is told so often, in milliseconds. */
const progressEvery = 200;

/** Sends, listens and collects. */
export class Collection {
  readonly #dispatch: Dispatch;
  readonly #wanted: readonly Wanted[];
  readonly #options: MakeOptions;
  readonly #cut: Cut;
  /** Where each run stands among the wanted ones, by its key; more than once where it is wanted more than once. */
  readonly #places: Map<string, readonly number[]> = new Map();
  readonly #meter: ProgressMeter;
  readonly #book: RecordBook = new RecordBook();
  readonly #broken: BrokenRun[] = [];
  /** To be sent. */
  readonly #waiting: Ticket[];
  /** Sent and not yet answered, by id. */
  readonly #underWay: Map<string, Ticket> = new Map();
  /** Sent and not yet looked at. */
  readonly #unseen: Set<string> = new Set();
  /** Ids to be looked at, with the answer where an event brought it. */
  readonly #heard: Map<string, string | undefined> = new Map();
  #wake: () => void = () => undefined;
  #quietLooks = 0;

  constructor(dispatch: Dispatch, wanted: readonly Wanted[], options: MakeOptions) {
    this.#dispatch = dispatch;
    this.#wanted = wanted;
    this.#options = options;
    this.#cut = ticketsOf(wanted, dispatch.seedsPerJob);
    this.#waiting = [...this.#cut.tickets];
    this.#cut.runs.forEach((run, index) => {
      const key = replicationKey(run);
      this.#places.set(key, [...(this.#places.get(key) ?? []), index]);
    });
    this.#meter = new ProgressMeter(this.#places.size, 0, () => performance.now());
  }

  /** Something happened to a job, of ours or of others. */
  hear(id: string, answer: string | undefined): void {
    if (!this.#underWay.has(id)) return;
    this.#heard.set(id, answer);
    this.#wake();
  }

  /** Resolves with the replications in the order wanted; rejects as `RunMaker` says. */
  async collect(): Promise<Replication[]> {
    const { signal, onProgress } = this.#options;
    const onAbort = (): void => this.#wake();
    const tell = (): void => onProgress?.(this.#meter.read(this.#wanted, () => 0));
    const timer = onProgress === undefined ? undefined : setInterval(tell, progressEvery);
    signal?.addEventListener('abort', onAbort);
    try {
      while (this.#waiting.length > 0 || this.#underWay.size > 0) {
        if (signal?.aborted === true) return await this.#giveUpAll();
        await this.#fill();
        await this.#lookAtHeard();
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      clearInterval(timer);
    }
    tell();
    if (this.#broken.length > 0) throw new RunsBroken(this.#broken);
    return this.#cut.runs.map((run) => this.#book.get(run)!);
  }

  async #lookAtHeard(): Promise<void> {
    if (this.#heard.size === 0) await this.#pause();
    const heard = [...this.#heard];
    this.#heard.clear();
    await Promise.all(heard.map(([id, answer]) => this.#look(id, answer)));
  }

  /** Sends as many jobs as may be under way. What is sent is looked at once: it may have been made before, for another. */
  async #fill(): Promise<void> {
    const tickets = this.#waiting.splice(0, this.#dispatch.jobsInFlight - this.#underWay.size);
    if (tickets.length === 0) return;
    await this.#send(tickets);
    for (const id of tickets.map(ticketId)) {
      if (!this.#underWay.has(id) || this.#heard.has(id)) continue;
      this.#heard.set(id, undefined);
      this.#unseen.add(id);
    }
  }

  /** To add a job whose id is there already does nothing. */
  async #send(tickets: readonly Ticket[]): Promise<void> {
    const { queue, client } = this.#dispatch;
    for (const hash of new Set(tickets.map((ticket) => ticket.hash))) {
      await putDocument(client, hash, this.#cut.documents.get(hash)!);
    }
    const jobs = tickets.map((ticket) => ({ name: 'runs', data: ticket, opts: { jobId: ticketId(ticket) } }));
    for (const { data, opts } of jobs) this.#underWay.set(opts.jobId, data);
    await queue.addBulk(jobs);
  }

  async #look(id: string, answer: string | undefined): Promise<void> {
    const { queue } = this.#dispatch;
    const ticket = this.#underWay.get(id);
    const isUnseen = this.#unseen.delete(id);
    if (ticket === undefined) return;
    if (answer !== undefined) return await this.#accept(id, ticket, answer);
    const state = await queue.getJobState(id);
    if (state === 'unknown') return await this.#send([ticket]);
    if (state !== 'completed' && state !== 'failed') return;
    const job = await queue.getJob(id);
    // Another sender has removed it in between: the next look finds that it is unknown.
    if (job === undefined) return;
    if (state === 'completed') return await this.#accept(id, ticket, String(job.returnvalue));
    if (!isUnseen) return await this.#giveUp(id, ticket, job.failedReason ?? 'no reason given');
    // It failed before we asked, for a sender that is gone: it gets another chance.
    await queue.remove(id);
    await this.#send([ticket]);
  }

  async #accept(id: string, ticket: Ticket, answer: string): Promise<void> {
    let made: Replication[];
    try {
      made = readAnswer(ticket, answer);
    } catch (error) {
      return await this.#giveUp(id, ticket, error instanceof Error ? error.message : String(error));
    }
    if (!this.#underWay.delete(id)) return;
    this.#quietLooks = 0;
    for (const one of made) this.#count(one, id);
    await this.#dispatch.queue.remove(id);
  }

  #count(one: Replication, place: string): void {
    if (!this.#book.add(one, place)) return;
    this.#meter.ended(0, true);
    for (const index of this.#places.get(replicationKey(one)) ?? []) this.#options.onMade?.(one, index);
  }

  /** A job failed for good. One of several seeds goes out again seed by seed, so that only the run that breaks down is missing. */
  async #giveUp(id: string, ticket: Ticket, reason: string): Promise<void> {
    if (!this.#underWay.delete(id)) return;
    this.#quietLooks = 0;
    await this.#dispatch.queue.remove(id);
    if (ticket.seeds.count > 1) return void this.#waiting.push(...splitTicket(ticket));
    this.#meter.ended(0, false);
    const { hash, until } = ticket;
    const { seed } = expectedRuns(ticket)[0]!;
    const document = this.#cut.documents.get(hash)!;
    const wanted = { document, seed, ...(until === null ? {} : { untilSeconds: until }) };
    const isLost = /stalled more than allowable limit/.test(reason);
    const message = isLost ? `its worker was lost ${lossesPerJob + 1} times (killed, out of memory, frozen)` : reason;
    this.#broken.push({ wanted, hash, message, timeSeconds: undefined });
  }

  /** Until something happens; after a while without, everything under way is looked at. */
  async #pause(): Promise<void> {
    if (this.#options.signal?.aborted === true) return;
    const isWoken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), lookEvery);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.#wake = () => undefined;
    if (isWoken) return;
    for (const id of this.#underWay.keys()) this.#heard.set(id, undefined);
    this.#quietLooks += 1;
    if (this.#quietLooks === looksUntilAsking) await this.#askForWorkers();
  }

  async #askForWorkers(): Promise<void> {
    const { queue, shown, say } = this.#dispatch;
    const workers = await queue.getWorkersCount().catch(() => undefined);
    if (workers === 0) say(`no worker at ${shown}; start one with: brownout worker --redis ${shown}`);
  }

  /** Takes back what nobody has begun. What is under way ends by itself, and its result goes stale in Redis. */
  async #giveUpAll(): Promise<never> {
    await Promise.allSettled([...this.#underWay.keys()].map((id) => this.#dispatch.queue.remove(id)));
    throw new RunsStopped(this.#book.size, this.#wanted.length);
  }
}
