import type { Balance } from '../metrics/ledger.ts';
import { realZero } from '../real-zero.ts';
import type { Instant } from '../time.ts';

/** The books of a processor from the start of the run up to `at`; arrived = served + withdrawn + dropped + inside. */
export interface ProcessorBooks {
  readonly at: Instant;
  readonly arrived: number;
  readonly served: number;
  readonly withdrawn: number;
  /** Thrown out by `clear`. */
  readonly dropped: number;
  readonly inside: number;
  /** Work done, in core-microseconds: the area under the number of busy cores. */
  readonly busyTime: number;
  /** Area under the number of cores, in core-microseconds; busyTime / coreTime over a window is its utilisation. */
  readonly coreTime: number;
  /** Area under the number of unfinished jobs, in job-microseconds. */
  readonly jobTime: number;
}

/** The counters and areas of one processor. The processor says what happens; the account adds it up. */
export class ProcessorAccounts {
  arrived = 0;
  served = 0;
  withdrawn = 0;
  dropped = 0;
  inside = 0;
  busyTime: number = realZero;
  coreTime: number = realZero;
  jobTime: number = realZero;

  constructor() {
    this.busyTime = 0;
    this.coreTime = 0;
    this.jobTime = 0;
  }

  books(at: Instant): ProcessorBooks {
    const { arrived, served, withdrawn, dropped, inside, busyTime, coreTime, jobTime } = this;
    return { at, arrived, served, withdrawn, dropped, inside, busyTime, coreTime, jobTime };
  }

  /**
   * For the conservation ledger: withdrawn counts as abandoned, dropped as lost. `work` is >= 0 where a job is inside.
   */
  balance(work: Float64Array): Balance {
    let inside = 0;
    for (const amount of work) if (amount >= 0) inside++;
    const { arrived, served, withdrawn, dropped } = this;
    return { arrived, served, rejected: [], abandoned: withdrawn, timedOut: 0, lost: dropped, inside };
  }
}
