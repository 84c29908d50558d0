/** Pods come and go: deployments, losses and crashes as Poisson streams over the instances of a cluster. */
import { type Duration, type EventType, exponential, hours, type Simulation, type Stream } from '@brownout/core';
import type { ChurnOptions } from './options.ts';

const DAY = hours(24);

/** What can happen to an instance. */
export interface ChurnHandlers {
  deploy(instance: number): void;
  lose(instance: number): void;
  crash(instance: number): void;
}

/** Starts the churn of so many instances; a kind whose rate is 0 never happens. */
export function startChurn(
  simulation: Simulation,
  name: string,
  options: ChurnOptions,
  instances: number,
  handlers: ChurnHandlers,
): void {
  const start = (kind: string, perDay: number, happen: (instance: number) => void): void => {
    if (perDay * instances === 0) return;
    const stream: Stream = simulation.streams.get(`${name}/churn/${kind}`);
    const gap = exponential(DAY / (perDay * instances));
    const wait = (): Duration => Math.max(1, Math.round(gap.sample(stream))) as Duration;
    const event: EventType = simulation.event(`${name} ${kind}`, () => {
      event.after(wait());
      happen(stream.integer(instances));
    });
    event.after(wait());
  };
  start('deployment', options.deploymentsPerDay, (instance) => handlers.deploy(instance));
  start('loss', options.lossesPerDay, (instance) => handlers.lose(instance));
  start('crash', options.crashesPerDay, (instance) => handlers.crash(instance));
}
