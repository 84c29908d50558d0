/**
 * Prints digests of a few runs, one `name digest` line each. `scripts/node-versions.mjs` runs this file on every supported
 * Node and compares the lines: the same seed must give the same run everywhere.
 *
 * The first lines test what the later ones stand on, so that the first differing line says where to look.
 */
import { createHash, type Hash } from 'node:crypto';
import { type EventType, plus, power, Simulation, seconds, timeZero, us } from '@brownout/core';
import { incidents, runScenario } from '@brownout/scenarios';

/** One digest: its name, and the numbers it covers, fed to `add` in a fixed order. */
type Part = readonly [name: string, run: (add: (value: number) => void) => void];

/**
 * The functions of Math that the standard leaves to the engine, over a range of arguments. `Math.pow` is missing because
 * it does differ: see `packages/core/src/power.ts`.
 */
function elementaryFunctions(add: (value: number) => void): void {
  for (let i = 1; i <= 20_000; i++) {
    const x = i / 997;
    for (const value of [Math.log(x), Math.log1p(-1 / (i + 1)), Math.exp(-x), Math.expm1(x), Math.sqrt(x)]) add(value);
    for (const value of [x ** 2, power(x, 3), power(x, -1), power(x, 0.37), 1 / x]) add(value);
    for (const value of [Math.sin(x), Math.cos(x), Math.cbrt(x), Math.tanh(x), Math.atan(x), Math.log2(x)]) add(value);
  }
}

/** Raw draws of several streams and replications. */
function streams(add: (value: number) => void): void {
  for (let replication = 0; replication < 4; replication++) {
    const source = new Simulation({ seed: 7, replication }).streams;
    for (const name of ['clients/gap', 'server/service', 'agent/jitter']) {
      const stream = source.get(name);
      for (let draw = 0; draw < 2_000; draw++) add(stream.uniform());
    }
  }
}

/** Every arrival and departure of an M/M/1 queue at 90 % utilisation, with a deadline per job that is mostly cancelled. */
function singleServerQueue(add: (value: number) => void): void {
  const simulation = new Simulation({ seed: 7 });
  const gaps = simulation.streams.get('clients/gap');
  const services = simulation.streams.get('server/service');
  const deadlines: number[] = [];
  let firstWaiting = 0;
  const serve = (): void => {
    service.after(us(Math.round(services.exponential(900))));
  };
  const arrival: EventType = simulation.event(
    'arrival',
    () => {
      add(simulation.now);
      deadlines.push(deadline.after(us(40_000), deadlines.length));
      if (deadlines.length - firstWaiting === 1) serve();
      arrival.after(us(Math.round(gaps.exponential(1_000))));
    },
    'arrival',
  );
  const service: EventType = simulation.event(
    'service',
    () => {
      add(-simulation.now);
      simulation.cancel(deadlines[firstWaiting++] as Parameters<Simulation['cancel']>[0]);
      if (deadlines.length > firstWaiting) serve();
    },
    'release',
  );
  const deadline: EventType = simulation.event('deadline', (job) => add(job));
  arrival.after(us(0));
  simulation.runUntil(plus(timeZero, seconds(60)));
  add(simulation.eventCount);
}

/** The first incident at full size until two minutes after its large clusters are lost: every part of the model has run. */
function replay(add: (value: number) => void): void {
  const incident = incidents.find((one) => one.id === 'openai-2024-12-11')!;
  const result = runScenario(incident.document(), { seed: 7, untilSeconds: 1_440 });
  for (let place = 0; place < result.digest.length; place += 4)
    add(parseInt(result.digest.slice(place, place + 4), 16));
  for (const column of Object.values(result.series.columns)) for (const value of column) add(value);
}

const parts: readonly Part[] = [
  ['elementary-functions', elementaryFunctions],
  ['streams', streams],
  ['single-server-queue', singleServerQueue],
  ['replay', replay],
];

function digestOf(run: Part[1]): string {
  const hash: Hash = createHash('sha256');
  const cell = new Float64Array(1);
  const bytes = new Uint8Array(cell.buffer);
  run((value) => {
    cell[0] = value;
    hash.update(bytes);
  });
  return hash.digest('hex').slice(0, 32);
}

process.stdout.write(`node ${process.version}\n`);
for (const [name, run] of parts) process.stdout.write(`${name} ${digestOf(run)}\n`);
