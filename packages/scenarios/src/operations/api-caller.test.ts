import { seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { statusNames } from '../kubernetes/requests/api-request.ts';
import { breakGlassAdmin } from '../kubernetes/flow-control/identity.ts';
import { advance, type ClusterBenchOptions, createClusterBench, flatCosts } from '../kubernetes/testing/bench.ts';
import { ApiCaller } from './api-caller.ts';

const person = {
  name: 'operator',
  identity: breakGlassAdmin,
  timeout: seconds(30),
  isInside: false,
  usesBreakGlass: false,
};

function setUp(options: ClusterBenchOptions = {}, changes: Partial<typeof person> = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { cluster } = createClusterBench(simulation, options);
  return { simulation, cluster, caller: new ApiCaller(cluster, { ...person, ...changes }) };
}

it('the signal fires with the status of the answer', () => {
  const { simulation, caller, cluster } = setUp();
  const first = caller.call('object-update');
  expect(first.isFired).toBe(false);
  advance(simulation, seconds(1));
  expect(statusNames[first.value!]).toBe('ok');
  cluster.controlPlane.block();
  const second = caller.call('get');
  advance(simulation, seconds(31));
  expect(statusNames[second.value!]).toBe('timed-out');
  cluster.controlPlane.checkBooks();
});

it('every call dials anew', () => {
  const { simulation, caller, cluster } = setUp({ connectionCpu: seconds(1), apiServers: 1 });
  const busy = (): number => cluster.controlPlane.servers[0]!.busyTime;
  const callOnce = (): number => {
    const before = busy();
    caller.call('get');
    advance(simulation, seconds(5));
    return busy() - before;
  };
  expect(callOnce()).toBeGreaterThanOrEqual(seconds(1));
  expect(callOnce()).toBeGreaterThanOrEqual(seconds(1));
});

it('asks one thing at a time', () => {
  const { caller } = setUp();
  caller.call('get');
  expect(() => caller.call('get')).toThrow('caller "operator": one request at a time');
});

it('inside the network of the control plane a block does not matter', () => {
  const { simulation, caller, cluster } = setUp({}, { isInside: true });
  cluster.controlPlane.block();
  const answered = caller.call('object-update');
  advance(simulation, seconds(1));
  expect(statusNames[answered.value!]).toBe('ok');
});

it('with break-glass the caller gets past servers that are dead, and without one it shares their fate', () => {
  for (const [breakGlass, status] of [
    [{ cores: 1, memoryLimitBytes: 1000 }, 'ok'],
    [undefined, 'timed-out'],
  ] as const) {
    const options = { costs: flatCosts(), ...(breakGlass === undefined ? {} : { breakGlass }) };
    const { simulation, caller, cluster } = setUp(options, { usesBreakGlass: true, timeout: seconds(5) });
    for (const server of cluster.controlPlane.balanced) server.kill('memory');
    advance(simulation, seconds(12));
    const answered = caller.call('get');
    advance(simulation, seconds(6));
    expect(statusNames[answered.value!]).toBe(status);
  }
});
