/** Where a broken invariant was met; enough to run up to the same instant again. */
export interface ErrorContext {
  /** Simulation time in seconds. */
  readonly timeSeconds: number;
  /** Number of events executed, the one in progress included. */
  readonly eventCount: number;
  /** Seed of the run. */
  readonly seed: string;
  /** Replication of the seed; named in the message when it is not 0, the default. */
  readonly replication?: number;
}

/**
 * A run that can no longer be trusted: a broken invariant or an exhausted limit. Bad input throws `RangeError` or
 * `TypeError` instead, and outcomes of the modelled world (rejected, timed out) are values, never errors.
 */
export class SimulationError extends Error {
  #context: ErrorContext | undefined;

  constructor(message: string, context?: ErrorContext) {
    super(message);
    this.name = 'SimulationError';
    if (context !== undefined) this.locate(context);
  }

  /** When and in which run it happened; undefined as long as no simulation has seen the error. */
  get context(): ErrorContext | undefined {
    return this.#context;
  }

  /** Adds to the message when it happened, and in which run. The first simulation to see the error wins. */
  locate(context: ErrorContext): void {
    if (this.#context !== undefined) return;
    this.#context = context;
    const bare = this.message;
    this.message = `${bare} ${describe(context)}`;
    // Engines write the message into the stack when the error is made; what is printed must carry the place too.
    if (this.stack?.includes(bare) === true) this.stack = this.stack.replace(bare, () => this.message);
  }
}

/** Throws a `SimulationError` when an invariant does not hold; thrown in a handler it says when, and in which run. */
export function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new SimulationError(message);
}

function describe(context: ErrorContext): string {
  const time = context.timeSeconds.toFixed(6);
  const replication = (context.replication ?? 0) === 0 ? '' : `, replication ${context.replication}`;
  return `(t=${time} s, event #${context.eventCount}, seed ${context.seed}${replication})`;
}
