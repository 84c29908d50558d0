/** One replica's flow control with a log of what it told its API server. */
import { type Duration, type Instant, noTime, Simulation } from '@brownout/core';
import { createFlowControlConfiguration, type FlowControlConfiguration } from '../configuration.ts';
import { createFlowControl, type FlowControl } from '../flow-control.ts';
import { serviceAccountIdentity } from '../identity.ts';
import type { LevelReadings } from '../seat-pool.ts';
import type { FlowControlTiming } from '../timing.ts';

/** The configuration of a cluster nobody has configured. */
export const bootstrap: FlowControlConfiguration = createFlowControlConfiguration();

const agent = bootstrap.classify({
  ...serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' }),
  verb: 'list',
  resource: 'pods',
});

/** A replica whose API server only takes notes. */
export class Replica {
  readonly simulation: Simulation = new Simulation();
  readonly control: FlowControl;
  readonly executed: number[] = [];
  readonly rejected: (readonly [number, string, number])[] = [];
  /** Called with every request that executes. */
  onExecute: (request: number) => void = () => {};

  constructor(configuration: FlowControlConfiguration = bootstrap, timing: Partial<FlowControlTiming> = {}) {
    this.control = createFlowControl(this.simulation, {
      name: 'replica 1',
      configuration,
      timing,
      handlers: {
        onExecute: (request) => {
          this.executed.push(request);
          this.onExecute(request);
        },
        onReject: (request, reason, retryAfter) => this.rejected.push([request, reason, retryAfter]),
      },
    });
  }

  /** Read-outs of the level called `name`. */
  level(name: string): LevelReadings {
    return this.control.levels[this.control.configuration.levelNumber(name)]!;
  }

  /** Submits requests `from` to `to` of the agent. */
  submit(from: number, to: number, patience = 0): void {
    for (let request = from; request <= to; request++) {
      this.control.submit(request, agent.level, agent.flow, 1, 0, noTime, patience);
    }
  }

  /** Runs the clock to `time`. */
  runTo(time: Duration): void {
    this.simulation.runUntil(time as unknown as Instant);
  }
}
