/**
 * Cores that several processes share, as the kernel of one machine divides them: evenly among the processes that have
 * something to run, none of them more than it can use. What a process gets it divides among its own jobs. So a process
 * with one short job keeps its share beside one with a hundred long ones.
 */
import type { Balance } from '../metrics/ledger.ts';
import type { Duration } from '../time.ts';
import { checkAmount } from './checks.ts';
import type { ProcessorBooks } from './processor-accounts.ts';
import type { SharedProcessor } from './shared-processor.ts';

/** One machine. */
export class SharedCores {
  readonly name: string;
  readonly cores: number;
  readonly #members: Member[] = [];

  constructor(options: { readonly name: string; readonly cores: number }) {
    checkAmount(`cores "${options.name}"`, 'cores', options.cores, false);
    this.name = options.name;
    this.cores = options.cores;
  }

  /**
   * A process joins. `create` makes its processor with the given handler for served jobs; its capacity is from then on
   * what the machine gives it, at most `mostCores` (for a Go program GOMAXPROCS) and what its jobs can use.
   */
  join(
    mostCores: number,
    onServed: (job: number) => void,
    create: (onServed: (job: number) => void) => SharedProcessor,
  ): SharedProcessor {
    const member: Member = new Member(
      mostCores,
      () => this.#divide(),
      create((job) => {
        this.#divide();
        onServed(job);
      }),
    );
    this.#members.push(member);
    return member;
  }

  /** Max-min fair: who needs less than an even share gets what it needs, the others divide the rest. */
  #divide(): void {
    let left = this.cores;
    const byDemand = this.#members.filter((member) => member.demand > 0).sort((a, b) => a.demand - b.demand);
    byDemand.forEach((member, index) => {
      const share = Math.min(member.demand, left / (byDemand.length - index));
      left -= share;
      member.give(share);
    });
  }
}

/** A processor that tells its machine whenever its demand may have changed. */
class Member implements SharedProcessor {
  readonly #inner: SharedProcessor;
  readonly #changed: () => void;
  #mostCores: number;

  constructor(mostCores: number, changed: () => void, inner: SharedProcessor) {
    this.#mostCores = mostCores;
    this.#changed = changed;
    this.#inner = inner;
  }

  get name(): string {
    return this.#inner.name;
  }

  /** The most it may use; what it gets now depends on the others. */
  get cores(): number {
    return this.#mostCores;
  }

  get inside(): number {
    return this.#inner.inside;
  }

  get busyCores(): number {
    return this.#inner.busyCores;
  }

  get demand(): number {
    return Math.min(this.#inner.inside, this.#mostCores);
  }

  give(cores: number): void {
    if (cores !== this.#inner.cores) this.#inner.setCores(cores);
  }

  has(job: number): boolean {
    return this.#inner.has(job);
  }

  arrive(job: number, work: Duration): void {
    this.#inner.arrive(job, work);
    this.#changed();
  }

  withdraw(job: number): boolean {
    const wasInside = this.#inner.withdraw(job);
    this.#changed();
    return wasInside;
  }

  attained(job: number): number {
    return this.#inner.attained(job);
  }

  setCores(cores: number): void {
    this.#mostCores = cores;
    if (cores === 0) this.#inner.setCores(0);
    this.#changed();
  }

  clear(): number[] {
    const dropped = this.#inner.clear();
    this.#changed();
    return dropped;
  }

  books(): ProcessorBooks {
    return this.#inner.books();
  }

  balance(): Balance {
    return this.#inner.balance();
  }
}
