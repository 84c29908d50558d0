/** Requests that are told no: what it costs the server to say so, and what becomes of the seat they may have by then. */
import type { Duration, SharedProcessor } from '@brownout/core';
import type { FlowControl } from '../flow-control/flow-control.ts';
import { Phase, type RequestTable, Status } from '../requests/api-request.ts';
import type { InsideRequests, PipelineObserver } from './inside-requests.ts';

/** What refusing works with. */
export interface RefusalParts {
  readonly cpu: SharedProcessor;
  readonly flowControl: FlowControl;
  readonly requests: RequestTable;
  readonly inside: InsideRequests;
  readonly observer: PipelineObserver;
}

/** The refusals of one server. */
export class Refusals {
  readonly #cpuTime: Duration;
  readonly #parts: RefusalParts;
  #tooMany = 0;

  /** `cpuTime` is what one refusal costs, in core-microseconds. */
  constructor(cpuTime: Duration, parts: RefusalParts) {
    this.#cpuTime = cpuTime;
    this.#parts = parts;
  }

  /** Requests told 429 so far, those left out that came too late for a server that shuts down. */
  get tooMany(): number {
    return this.#tooMany;
  }

  /** 429, from flow control or from behind it. */
  rejectOne(request: number, retryAfterSeconds: number): void {
    this.#tooMany++;
    this.begin(request, Status.tooManyRequests, retryAfterSeconds);
  }

  /** Begins to tell a request. */
  begin(request: number, status: Status, retryAfterSeconds = 0): void {
    const { requests, cpu } = this.#parts;
    requests.refusal[request] = status;
    requests.retryAfter[request] = retryAfterSeconds;
    requests.phase[request] = Phase.rejecting;
    cpu.arrive(request, this.#cpuTime);
  }

  /** The cores are done with telling it. */
  end(request: number): void {
    const { requests, inside, observer, flowControl } = this.#parts;
    const status = requests.refusal[request] as Status;
    inside.leave(request);
    if (holdsSeat(status)) flowControl.finish(request);
    observer.requestAnswered(request, status, requests.retryAfter[request]!);
  }
}

/** Whether a request that is told so was refused by something behind flow control. */
export function holdsSeat(status: number): boolean {
  return status === Status.forbidden || status === Status.serverError;
}
