/** What a model of turns says about scheduler-latency.go: k jobs that never end on one core, and requests of no work. */
import { createRoundRobin, type Duration, type Instant, ms, Simulation, us } from '@brownout/core';

const REQUEST = 1_000;
const REQUESTS = 400;
/** The neighbour answers after so long. */
const NEIGHBOUR = us(100);

/** Median latency in milliseconds of a request that waits for a turn `wakeUps` times. */
export function turnLatency(computing: number, wakeUps: number): number {
  const simulation = new Simulation({ seed: computing });
  const latencies: number[] = [];
  let [left, sentAt] = [0, 0];
  const cpu = createRoundRobin(simulation, {
    name: 'cpu',
    cores: 1,
    quantum: ms(20),
    onServed: () => {
      left--;
      if (left > 0) answered.after(NEIGHBOUR);
      else latencies.push((simulation.now - sentAt) / 1_000);
    },
  });
  const answered = simulation.event('neighbour answers', () => cpu.arrive(REQUEST, us(0)));
  const send = simulation.event('request', () => {
    [left, sentAt] = [wakeUps, simulation.now];
    cpu.arrive(REQUEST, us(0));
  });
  for (let job = 0; job < computing; job++) cpu.arrive(job, 1e15 as Duration);
  const stream = simulation.streams.get('requests');
  for (let i = 0; i < REQUESTS; i++) send.at((i * 1_000_000 + Math.floor(stream.uniform() * 500_000)) as Instant);
  simulation.runUntil((REQUESTS * 1_000_000) as Instant);
  latencies.sort((a, b) => a - b);
  return latencies[latencies.length / 2]!;
}
