/**
 * How an API server decides which request may execute now, which waits and which is rejected: one instance per replica,
 * with priority and fairness or, without it, two in-flight limits, behind one interface.
 */
import type { Duration, Simulation } from '@brownout/core';
import type { FlowControlConfiguration } from './configuration.ts';
import { MaxInflight } from './max-inflight.ts';
import { PriorityAndFairness } from './priority-and-fairness.ts';
import type { LevelReadings, RejectReason } from './seat-pool.ts';
import type { FlowControlTiming } from './timing.ts';

/** What the API server does when flow control has decided. Called while the state is consistent: both may submit. */
export interface FlowControlHandlers {
  /** `request` has its seats: from now on it uses the server, until `finish`. */
  readonly onExecute: (request: number) => void;
  /** `request` is answered 429; the client is told to wait. */
  readonly onReject: (request: number, reason: RejectReason, retryAfterSeconds: number) => void;
}

/** How the flow control of one replica is made. */
export interface FlowControlOptions {
  /** Names the replica in errors. */
  readonly name: string;
  readonly configuration: FlowControlConfiguration;
  readonly handlers: FlowControlHandlers;
  /** `--request-timeout`, default 60 s: what a request without a timeout of its own may take. */
  readonly requestTimeout?: Duration;
  /** Changes to the compiled-in time constants. */
  readonly timing?: Partial<FlowControlTiming>;
}

/** The flow control of one API-server replica. */
export interface FlowControl {
  readonly configuration: FlowControlConfiguration;
  /** Read-outs of each level, by number. */
  readonly levels: readonly LevelReadings[];
  /**
   * The patience of requests whose client asks for `timeout`, as a small integer for `submit`: they wait a quarter of
   * it at most. 0 stands for `requestTimeout`, which is also the upper bound.
   */
  patience(timeout: Duration): number;
  /**
   * Takes in `request`, a number of the caller's choice that is not inside. `level` and `flow` come from `classify`,
   * the seats and the additional latency from the work estimate. One of the handlers is called, now or later.
   */
  submit(
    request: number,
    level: number,
    flow: number,
    seats: number,
    finalSeats?: number,
    additionalLatency?: Duration,
    patience?: number,
  ): void;
  /** An executing request is answered (a watch: initialised). Throws SimulationError when it is not executing. */
  finish(request: number): void;
  /** The client of `request` has gone. False when it was not waiting: what executes goes on executing. */
  withdraw(request: number): boolean;
  /**
   * The process was killed. All requests are forgotten, no handler is called, and limits start anew at this instant.
   */
  clear(): void;
  /** The configuration objects changed. Apply it to every replica, then classify clients again. */
  reconfigure(configuration: FlowControlConfiguration): void;
}

/** Makes the flow control of one replica. Its first borrowing step is now, the next ones every ten seconds. */
export function createFlowControl(simulation: Simulation, options: FlowControlOptions): FlowControl {
  return options.configuration.usesPriorityAndFairness
    ? new PriorityAndFairness(simulation, options)
    : new MaxInflight(simulation, options);
}
