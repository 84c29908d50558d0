import type { Sampler, StationOptions } from './station-options.ts';

/** Whom a station tells and asks. One shape for every station, so that reading a handler costs the same everywhere. */
export class StationHandlers {
  readonly balking: StationOptions['balking'];
  readonly onStarted: (job: number) => void;
  readonly onServed: (job: number) => void;
  readonly onRejected: NonNullable<StationOptions['onRejected']>;
  readonly onAbandoned: (job: number) => void;
  readonly onPreempted: (job: number) => void;
  readonly waitingTimes: Sampler | undefined;
  readonly timesInSystem: Sampler | undefined;

  constructor(options: StationOptions) {
    this.balking = options.balking;
    this.onStarted = options.onStarted ?? ignore;
    this.onServed = options.onServed ?? ignore;
    this.onRejected = options.onRejected ?? ignore;
    this.onAbandoned = options.onAbandoned ?? ignore;
    this.onPreempted = options.onPreempted ?? ignore;
    this.waitingTimes = options.waitingTimes;
    this.timesInSystem = options.timesInSystem;
  }
}

function ignore(): void {}
