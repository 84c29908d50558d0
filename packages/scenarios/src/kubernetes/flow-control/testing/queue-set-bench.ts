/** A queue set on a bench: its own clock and request table, and a log of what it did. */
import { type Duration, type Instant, ms, Simulation } from '@brownout/core';
import { FlowTable } from '../flow-table.ts';
import { HeldSeats } from '../held-seats.ts';
import { QueueSet } from '../queue-set.ts';
import { requestState, RequestTable } from '../request-table.ts';
import { SeatDemand } from '../seat-demand.ts';
import type { RejectReason } from '../seat-pool.ts';

/** How the bench is set up. */
export interface BenchOptions {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
  readonly limit: number;
}

/** A queue set that executes nothing by itself. */
export class QueueSetBench {
  readonly simulation: Simulation = new Simulation();
  readonly requests: RequestTable = new RequestTable('bench');
  readonly flows: FlowTable;
  readonly set: QueueSet;
  /** Requests in the order of dispatch. */
  readonly dispatched: number[] = [];
  /** Called at every dispatch, after it is logged. */
  onDispatch: (request: number) => void = () => {};

  constructor(options: BenchOptions) {
    this.flows = new FlowTable(options.queues, options.handSize);
    const held = new HeldSeats(this.simulation, 'bench', (_level, queue, seats) => this.set.release(queue, seats));
    const { queue, seats, additionalLatency } = this.requests;
    const context = {
      simulation: this.simulation,
      requests: this.requests,
      onExecute: (request: number): void => {
        this.dispatched.push(request);
        this.onDispatch(request);
      },
      holdSeats: (request: number): void =>
        held.hold(0, queue[request]!, seats[request]!, additionalLatency[request]! as Duration),
    };
    this.set = new QueueSet(context, {
      name: 'bench',
      limit: options.limit,
      demand: new SeatDemand(this.simulation.now, 0.977),
      queueLengthLimit: options.queueLengthLimit,
      expectedServiceTime: ms(3),
      flows: this.flows,
    });
  }

  /** Submits a request; returns the reason when it is rejected. Request numbers stay below 64. */
  submit(request: number, flow: number, seats = 1, finalSeats = 0, latency = 0): RejectReason | undefined {
    const { requests } = this;
    requests.initialSeats[request] = seats;
    requests.finalSeats[request] = finalSeats;
    requests.seats[request] = Math.max(seats, finalSeats);
    requests.additionalLatency[request] = latency;
    requests.work[request] = requests.workOf(seats, ms(3)) + requests.workOf(finalSeats, latency);
    return this.set.submit(request, flow);
  }

  /** Runs the clock to `microseconds`. */
  runTo(microseconds: number): void {
    this.simulation.runUntil(microseconds as Instant);
  }

  /** Requests in the given state. */
  inState(state: keyof typeof requestState): number[] {
    return [...this.requests.state.keys()].filter((request) => this.requests.state[request] === requestState[state]);
  }
}
