/**
 * How long API requests take, as their clients see it: from sending an attempt to its answer, or to the moment at which the
 * client or the server gives it up. LISTs are timed apart from everything else, for they take longer by nature. Left out are
 * renewals of leases and health checks, which come by themselves and are short, watches, which do not end, and attempts that
 * are turned away (401, 403, 429, nobody listens): those are quick, and no sign of a quick server.
 */
import { Histogram, type Simulation } from '@brownout/core';
import type { ControlPlane } from '../kubernetes/control-plane.ts';
import { type Status, statusNames } from '../kubernetes/requests/api-request.ts';
import type { AttemptObserver } from '../kubernetes/requests/attempt-observer.ts';
import { operationNumber } from '../kubernetes/requests/operation.ts';
import { RowTimes } from '../kubernetes/requests/row-times.ts';

/** Shares of attempts that took at most the value of a percentile. */
const shares = [0.5, 0.9, 0.99] as const;

/** A percentile lies within 1.6 % of the true one. */
const bucketsPerOctave = 32;

/** What an operation counts as. */
const LEFT_OUT = 0;
const REQUEST = 1;
const LIST = 2;

/** Ends that say something about the server: an answer, or waiting in vain. */
const timedEnds: ReadonlySet<string> = new Set(['ok', 'server-error', 'timed-out', 'reset', 'gateway-timeout']);
const isTimed: Uint8Array = Uint8Array.from(statusNames, (name) => (timedEnds.has(name) ? 1 : 0));

/** Percentiles of one window, in seconds; 0 = no such attempt ended in it. */
export interface LatencyRow {
  readonly apiLatencyP50: number;
  readonly apiLatencyP90: number;
  readonly apiLatencyP99: number;
  readonly listLatencyP50: number;
  readonly listLatencyP90: number;
  readonly listLatencyP99: number;
}

/** Times the attempts of one control plane. */
export class LatencyWatch implements AttemptObserver {
  /** Seconds, of the window that is open. */
  readonly requests: Histogram = new Histogram({ bucketsPerOctave });
  readonly lists: Histogram = new Histogram({ bucketsPerOctave });
  readonly #simulation: Simulation;
  readonly #controlPlane: ControlPlane;
  readonly #kindOf: Uint8Array;
  /** By row of the table of requests: when it was sent, in microseconds. */
  readonly #sentAt = new RowTimes();

  constructor(simulation: Simulation, controlPlane: ControlPlane) {
    this.#simulation = simulation;
    this.#controlPlane = controlPlane;
    const { operations } = controlPlane;
    this.#kindOf = Uint8Array.from({ length: operations.count }, (_, number) => {
      const { resource, isList } = operations.definition(number);
      if (resource === 'leases' || number === operationNumber('probe')) return LEFT_OUT;
      return isList ? LIST : REQUEST;
    });
    controlPlane.attemptObserver = this;
  }

  sent(request: number): void {
    this.#sentAt.set(request, this.#simulation.now);
  }

  ended(request: number, status: Status): void {
    const { requests, groups } = this.#controlPlane;
    const kind = this.#kindOf[requests.operation[request]!]!;
    if (kind === LEFT_OUT || isTimed[status] === 0 || groups[requests.group[request]!]!.isLongRunning) return;
    const taken = (this.#simulation.now - this.#sentAt.get(request)) / 1_000_000;
    (kind === LIST ? this.lists : this.requests).record(taken);
  }

  /** Closes a window: its percentiles. */
  close(): LatencyRow {
    const [apiLatencyP50, apiLatencyP90, apiLatencyP99] = closed(this.requests);
    const [listLatencyP50, listLatencyP90, listLatencyP99] = closed(this.lists);
    return { apiLatencyP50, apiLatencyP90, apiLatencyP99, listLatencyP50, listLatencyP90, listLatencyP99 };
  }
}

/** Three digits: more than the buckets can tell. */
function closed(histogram: Histogram): readonly [p50: number, p90: number, p99: number] {
  const of = (share: number): number => (histogram.count === 0 ? 0 : Number(histogram.quantile(share).toPrecision(3)));
  const values = [of(shares[0]), of(shares[1]), of(shares[2])] as const;
  histogram.reset();
  return values;
}
