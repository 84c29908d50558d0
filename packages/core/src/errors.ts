/** Where a broken invariant was met; enough to run up to the same instant again. */
export interface ErrorContext {
  /** Simulation time in seconds. */
  readonly timeSeconds: number;
  /** Number of events executed before the error. */
  readonly eventCount: number;
  /** Seed of the run. */
  readonly seed: string;
}

/**
 * A run that can no longer be trusted: a broken invariant or an exhausted limit. Bad input throws `RangeError` or
 * `TypeError` instead, and outcomes of the modelled world (rejected, timed out) are values, never errors.
 */
export class SimulationError extends Error {
  readonly context: ErrorContext | undefined;

  constructor(message: string, context?: ErrorContext) {
    super(context === undefined ? message : `${message} ${describe(context)}`);
    this.name = 'SimulationError';
    this.context = context;
  }
}

/** Throws a `SimulationError` when an invariant does not hold. */
export function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new SimulationError(message);
}

function describe(context: ErrorContext): string {
  const time = context.timeSeconds.toFixed(6);
  return (
    `(t=${time} s, event #${context.eventCount}, seed ${context.seed})\n` +
    `replay: run with --seed ${context.seed} --until ${time}s`
  );
}
