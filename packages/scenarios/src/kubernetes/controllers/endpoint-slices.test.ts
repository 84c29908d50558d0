import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';
import { EndpointSlices, type EndpointSliceOptions } from './endpoint-slices.ts';

function setUp(endpoints: readonly number[], options: Partial<EndpointSliceOptions> = {}, bench: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8, ...bench });
  const served: { service: number; endpoint: number; isServed: boolean; at: number }[] = [];
  const slices = new EndpointSlices(
    simulation,
    'bench',
    { endpoints, ...options },
    {
      controlPlane,
      observer: (service, endpoint, isServed) =>
        served.push({ service, endpoint, isServed, at: simulation.now / ms(1) }),
    },
  );
  slices.start();
  const writes = controlPlane.groups.find((group) => group.name === 'endpointslice-controller')!;
  return { simulation, controlPlane, slices, served, writes };
}

it('writes one slice of at most a hundred endpoints for changes that come together', () => {
  const { simulation, slices, writes, controlPlane, served } = setUp([250]);
  advance(simulation, seconds(1));
  expect([slices.slices(0), writes.sent]).toEqual([3, 0]);
  for (let endpoint = 0; endpoint < 250; endpoint++) slices.endpointChanged(0, endpoint, false);
  advance(simulation, seconds(1));
  // The first change is written alone; the others, which came while it was, are in three slices.
  expect(writes.sent).toBe(4);
  expect(slices.served(0)).toBe(0);
  expect(served).toHaveLength(250);
  controlPlane.checkBooks();
});

it('works on five services at a time', () => {
  const costs = flatCosts({ 'object-update': { cpuMs: 1000 } });
  const { simulation, slices, writes } = setUp(
    Array.from({ length: 12 }, () => 1),
    {},
    { costs, cores: 100 },
  );
  for (let service = 0; service < 12; service++) slices.endpointChanged(service, 0, false);
  advance(simulation, ms(500));
  expect(writes.sent).toBe(5);
  advance(simulation, seconds(1));
  expect(writes.sent).toBe(10);
  advance(simulation, seconds(1));
  expect(writes.sent).toBe(12);
});

it('is held back by its client: endpoints of many services go at twenty a second', () => {
  const { simulation, slices, served } = setUp(Array.from({ length: 230 }, () => 1));
  for (let service = 0; service < 230; service++) slices.endpointChanged(service, 0, false);
  advance(simulation, seconds(5));
  expect(served.length).toBeGreaterThanOrEqual(128);
  expect(served.length).toBeLessThanOrEqual(131);
  advance(simulation, seconds(5.1));
  expect(served).toHaveLength(230);
});

it('gathers changes for the batch period', () => {
  const { simulation, slices, writes } = setUp([100], { batchPeriod: seconds(1) });
  for (let endpoint = 0; endpoint < 50; endpoint++) {
    slices.endpointChanged(0, endpoint, false);
    advance(simulation, ms(10));
  }
  expect(writes.sent).toBe(0);
  advance(simulation, seconds(2));
  expect(writes.sent).toBe(1);
});

it('repeats a failed write after 1 s, doubling', () => {
  const { simulation, slices, writes, controlPlane, served } = setUp([1]);
  controlPlane.servers[0]!.kill('liveness');
  slices.endpointChanged(0, 0, false);
  advance(simulation, seconds(8));
  expect(writes.sent).toBe(4);
  advance(simulation, seconds(120));
  expect(served).toHaveLength(1);
  expect(slices.drops).toBe(0);
});

it('drops a service after fifteen tries, until it changes again', () => {
  const { simulation, slices, writes, controlPlane, served } = setUp([2]);
  const down = simulation.event('keep down', () => {
    controlPlane.servers[0]!.kill('liveness');
    down.after(seconds(5));
  });
  down.after(seconds(0));
  slices.endpointChanged(0, 0, false);
  advance(simulation, seconds(9000));
  expect([slices.drops, writes.sent, served.length]).toEqual([1, 16, 0]);
});

it('a process that starts again writes what changed while none ran', () => {
  const { simulation, slices, served } = setUp([3]);
  slices.stop();
  slices.endpointChanged(0, 1, false);
  advance(simulation, seconds(10));
  expect(served).toEqual([]);
  slices.start();
  advance(simulation, seconds(1));
  expect(served.map(({ endpoint }) => endpoint)).toEqual([1]);
});
