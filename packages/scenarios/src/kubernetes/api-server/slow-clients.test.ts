import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { ApiServerOptions } from './api-server.ts';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-cache-json';
const MB = 1_000_000;

/** LISTs of 10 ms of CPU, 30 MB of memory and 10 MB of answer, by clients of 1 MB/s unless said otherwise. */
function setUp(apiServer: Partial<ApiServerOptions> = {}, bytesPerSecond = MB, options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, events } = createBench(simulation, {
    costs: flatCosts({ [LIST]: { cpuMs: 10, bytes: 30 * MB, answerBytes: 10 * MB } }),
    apiServer,
    ...options,
  });
  const callers = new Callers(simulation, controlPlane, { clients: 10, describe: person, bytesPerSecond });
  return { simulation, controlPlane, callers, server: controlPlane.servers[0]!, events };
}

describe('an answer on its way', () => {
  it('keeps memory and seat until its client has taken the last byte, but no core', () => {
    const { simulation, callers, server, controlPlane } = setUp();
    callers.send(0, LIST);
    advance(simulation, seconds(5));
    expect(server.memoryBytes).toBe(30 * MB);
    expect(server.cpu.inside).toBe(0);
    expect(server.flowControl.levels.reduce((sum, level) => sum + level.seatsInUse, 0)).toBe(1);
    advance(simulation, seconds(10));
    expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([['ok', ms(10) + seconds(10)]]);
    expect(server.memoryBytes).toBe(0);
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('leaves ten times as fast when it is compressed ten times', () => {
    const { simulation, callers } = setUp({ compression: 10 });
    callers.send(0, LIST);
    advance(simulation, seconds(20));
    expect(callers.replies[0]!.at).toBe(ms(10) + seconds(1));
  });

  it('slow clients pin memory that fast ones never would: five of them kill what 50 fast ones do not', () => {
    // Ten LISTs a second of 10 ms: fast clients overlap at most once or twice, slow ones stay for ten seconds each.
    const outcome = (bytesPerSecond: number): number => {
      const { simulation, callers, server } = setUp({}, bytesPerSecond, { memory: 140 * MB });
      for (let i = 0; i < 10; i++) {
        callers.send(i, LIST);
        advance(simulation, ms(100));
      }
      return server.memoryKills;
    };
    expect(outcome(Infinity)).toBe(0);
    expect(outcome(MB)).toBe(1);
  });

  it('is cut off by the request timeout, because its head has been sent, and pins nothing any more', () => {
    const { simulation, callers, server, controlPlane } = setUp({ enforcesRequestTimeout: true }, MB / 10, {});
    const patient = new Callers(simulation, controlPlane, { timeout: seconds(600), bytesPerSecond: MB / 10 });
    patient.send(0, LIST);
    advance(simulation, seconds(70));
    expect(patient.replies.map(({ status, at }) => [status, at])).toEqual([['reset', seconds(60)]]);
    expect(server.memoryBytes).toBe(0);
    expect(server.wastedCpu).toBe(ms(10));
    expect(callers.replies).toEqual([]);
    controlPlane.checkBooks();
  });

  it('is dropped when its client leaves', () => {
    const { simulation, callers, server, controlPlane } = setUp({}, MB / 10);
    callers.send(0, LIST);
    advance(simulation, seconds(61));
    expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([['timed-out', seconds(60)]]);
    expect(server.memoryBytes).toBe(0);
    expect(server.wastedCpu).toBe(ms(10));
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('dies with its server', () => {
    const { simulation, callers, server, controlPlane } = setUp();
    callers.send(0, LIST);
    advance(simulation, seconds(5));
    server.kill('liveness');
    advance(simulation, seconds(30));
    expect(callers.replies.map(({ status }) => status)).toEqual(['reset']);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });
});

describe('encoding object by object', () => {
  it('saves the encoded block: 1.4 copies of an answer of 10 MB leave 16 of 30 MB', () => {
    const { simulation, callers, server } = setUp({ savedCopies: 1.4 });
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    expect(server.memoryBytes).toBe(16 * MB);
  });

  it('saves no more than there is', () => {
    const { simulation, callers, server } = setUp({ savedCopies: 5 });
    callers.send(0, LIST);
    advance(simulation, seconds(1));
    expect(server.memoryBytes).toBe(0);
  });
});

describe('bytes of an answer', () => {
  it('are those of the returned objects in their encoding when no cost says otherwise', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane } = createBench(simulation);
    const { operations } = controlPlane;
    operations.resize({ pods: 1000, nodes: 10 });
    expect(operations.responseBytes[operations.number('list-pods-cache-json')]).toBe(5_100_000);
    expect(operations.responseBytes[operations.number('list-pods-etcd-protobuf')]).toBe(3_600_000);
    expect(operations.responseBytes[operations.number('list-own-pods-cache')]).toBe(510_000);
    expect(operations.responseBytes[operations.number('get')]).toBe(0);
  });
});
