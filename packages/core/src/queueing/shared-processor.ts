import type { Balanced } from '../metrics/ledger.ts';
import type { Duration } from '../time.ts';
import type { ProcessorBooks } from './processor-accounts.ts';

/**
 * What models see of a processor, whichever way it divides its cores: by ideal sharing (`createProcessor`) or in turns
 * (`createRoundRobin`), alone or on cores that other processes use too (`SharedCores`).
 */
export interface SharedProcessor extends Balanced {
  readonly name: string;
  /** Capacity now, in cores. */
  readonly cores: number;
  /** Jobs that have come and not been reported as done. */
  readonly inside: number;
  /** Cores in use now. */
  readonly busyCores: number;
  /** Whether `job` is inside. */
  has(job: number): boolean;
  /** A job comes in with `work` core-microseconds to do. */
  arrive(job: number, work: Duration): void;
  /** Takes a job out without calling a handler; false when it is not inside. */
  withdraw(job: number): boolean;
  /** Work a job inside has received so far, in core-microseconds; 0 when it is not inside. */
  attained(job: number): number;
  /** Changes the capacity, >= 0. */
  setCores(cores: number): void;
  /** Drops everybody without calling a handler and returns who was inside, in the order of arrival. */
  clear(): number[];
  /** The books up to now. */
  books(): ProcessorBooks;
}
