import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });
const LIST = 'list-pods-etcd-json';
const CACHED = 'list-pods-cache-json';

/** A read of 100 ms in etcd and 100 ms at the API server, 60 ms of them decoding. */
function setUp(timeout: number, options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, {
    costs: flatCosts({ [LIST]: { etcdMs: 100, cpuMs: 100, bytes: 1000 }, [CACHED]: { cpuMs: 100, bytes: 1000 } }),
    apiServer: { cancellation: { decodeShare: 0.6 } },
    ...options,
  });
  const callers = new Callers(simulation, controlPlane, { timeout: ms(timeout), clients: 2, describe: person });
  const server = controlPlane.servers[0]!;
  const finish = (): void => {
    advance(simulation, seconds(5));
    expect(controlPlane.requests.openCount).toBe(0);
    expect(server.pipeline.inside.count).toBe(0);
    expect(server.memoryBytes).toBe(0);
    for (const level of server.flowControl.levels) expect(level.seatsInUse).toBe(0);
    controlPlane.checkBooks();
  };
  return { simulation, controlPlane, callers, server, finish };
}

describe('a client that leaves', () => {
  it('while etcd reads: its seat is free at once, etcd reads on, and nothing is decoded', () => {
    const { simulation, controlPlane, callers, server, finish } = setUp(50);
    callers.send(0, LIST);
    advance(simulation, ms(51));
    expect(server.flowControl.levels.reduce((sum, level) => sum + level.seatsInUse, 0)).toBe(0);
    expect(controlPlane.etcd.members[0]!.inside).toBe(1);
    finish();
    expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([['timed-out', ms(50)]]);
    expect(controlPlane.etcd.members[0]!.books().busyTime).toBe(ms(100));
    expect(server.cpu.books().busyTime).toBe(0);
    expect(server.wastedCpu).toBe(0);
  });

  it('while its data are decoded: decoding stops, and what it has cost was for nothing', () => {
    const { callers, server, finish } = setUp(140);
    callers.send(0, LIST);
    finish();
    expect(server.cpu.books().busyTime).toBe(ms(40));
    expect(server.wastedCpu).toBe(ms(40));
  });

  it('while its answer is encoded: encoding goes on to its end', () => {
    const { callers, server, finish } = setUp(170);
    callers.send(0, LIST);
    finish();
    expect(server.cpu.books().busyTime).toBe(ms(100));
    expect(server.wastedCpu).toBe(ms(100));
  });

  it('a read from the cache decodes nothing, so it goes on to its end', () => {
    const { callers, server, finish } = setUp(10);
    callers.send(0, CACHED);
    finish();
    expect(server.cpu.books().busyTime).toBe(ms(100));
  });

  it('while its write is committed: the seat is free, and etcd commits it all the same', () => {
    const { simulation, controlPlane, callers, server, finish } = setUp(2, {
      costs: flatCosts({ 'object-update': { cpuMs: 1, etcdMs: 20 } }),
      usesExpressLane: false,
    });
    callers.send(0, 'object-update');
    advance(simulation, ms(3));
    expect(server.pipeline.inside.count).toBe(0);
    expect(controlPlane.requests.openCount).toBe(1);
    finish();
    expect(controlPlane.etcd.writeCpu(0)).toBe(ms(20));
    expect(server.wastedCpu).toBe(ms(1));
  });

  it('before its write is sent to etcd: it is never written', () => {
    const { callers, controlPlane, server, finish } = setUp(2, {
      costs: flatCosts({ 'object-update': { cpuMs: 5, etcdMs: 20 } }),
      usesExpressLane: false,
    });
    callers.send(0, 'object-update');
    finish();
    expect(controlPlane.etcd.writeCpu(0)).toBe(0);
    expect(server.wastedCpu).toBe(ms(5));
  });

  it('frees a level that etcd has brought to a stand', () => {
    // One seat. With cancellation the second client is served when the first has left; without, after etcd has answered.
    const options = {
      flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 1 },
      costs: flatCosts({ [LIST]: { etcdMs: 3000, cpuMs: 0 }, [CACHED]: { cpuMs: 5 } }),
    };
    const outcomes = [{ cancellation: { decodeShare: 0.6 } }, {}].map((apiServer) => {
      const { simulation, callers, finish } = setUp(1000, { ...options, apiServer });
      callers.send(0, LIST);
      advance(simulation, ms(1500));
      callers.send(1, CACHED);
      finish();
      return callers.replies[1]!.status;
    });
    expect(outcomes).toEqual(['ok', 'too-many-requests']);
  });
});

describe('--request-timeout', () => {
  const patient = { enforcesRequestTimeout: true };

  it('answers 504 after 60 s without a Retry-After, and what is computed goes on', () => {
    const { simulation, callers, server, controlPlane } = setUp(200_000, {
      costs: flatCosts({ [CACHED]: { cpuMs: 90_000, bytes: 1000 } }),
      apiServer: patient,
    });
    callers.send(0, CACHED);
    advance(simulation, seconds(70));
    expect(callers.replies).toEqual([{ client: 0, status: 'gateway-timeout', at: seconds(60), retryAfter: 0 }]);
    expect(server.memoryBytes).toBe(1000);
    expect(server.cpu.inside).toBe(1);
    advance(simulation, seconds(30));
    expect(server.wastedCpu).toBe(seconds(90));
    expect(server.memoryBytes).toBe(0);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  });

  it('leaves alone what is quicker, and does not answer a client twice that left before', () => {
    for (const timeout of [200_000, 30_000]) {
      const { simulation, callers, controlPlane } = setUp(timeout, {
        costs: flatCosts({ [CACHED]: { cpuMs: timeout > 60_000 ? 59_000 : 70_000 } }),
        apiServer: patient,
      });
      callers.send(0, CACHED);
      advance(simulation, seconds(300));
      expect(callers.replies.map(({ status }) => status)).toEqual([timeout > 60_000 ? 'ok' : 'timed-out']);
      controlPlane.checkBooks();
    }
  });

  it('takes a request off the handshake line', () => {
    const { simulation, callers, server, controlPlane } = setUp(200_000, {
      connectionCpu: seconds(100),
      apiServer: patient,
    });
    callers.send(0, CACHED);
    advance(simulation, seconds(61));
    expect(callers.replies.map(({ status }) => status)).toEqual(['gateway-timeout']);
    expect(server.cpu.inside).toBe(0);
    expect(controlPlane.requests.openCount).toBe(0);
  });

  it('a server that dies takes its timers along', () => {
    const { simulation, callers, server, controlPlane } = setUp(200_000, {
      costs: flatCosts({ [CACHED]: { cpuMs: 90_000 } }),
      apiServer: patient,
    });
    callers.send(0, CACHED);
    advance(simulation, seconds(50));
    server.kill('liveness');
    advance(simulation, seconds(35));
    callers.send(1, CACHED);
    advance(simulation, seconds(50));
    expect(callers.replies.map(({ status }) => status)).toEqual(['reset']);
    controlPlane.checkBooks();
  });
});

describe('authorization', () => {
  it('a request whose role was taken away costs a seat and a refusal, never what it asked for', () => {
    const { callers, server, controlPlane, finish } = setUp(10_000, { refusalCpu: ms(1) });
    controlPlane.door.forbid(callers.group);
    callers.send(0, LIST);
    finish();
    expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([['forbidden', ms(1)]]);
    expect(server.busyTime).toBe(ms(1));
    expect(controlPlane.etcd.members[0]!.books().busyTime).toBe(0);
    controlPlane.door.forbid(callers.group, false);
    callers.send(0, LIST);
    finish();
    expect(callers.replies[1]!.status).toBe('ok');
  });

  it('holds its seat while it is refused: authorization comes after flow control', () => {
    const { simulation, callers, server, controlPlane, finish } = setUp(10_000, {
      refusalCpu: ms(10),
      flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 1 },
    });
    controlPlane.door.forbid(callers.group);
    callers.send(0, LIST);
    advance(simulation, ms(1));
    callers.send(1, LIST);
    finish();
    expect(callers.replies.map(({ client, status }) => [client, status]).sort()).toEqual([
      [0, 'forbidden'],
      [1, 'too-many-requests'],
    ]);
    expect(server.rejections).toBe(1);
  });

  it('light requests of such a client do not slip through the short way', () => {
    const { simulation, callers, controlPlane } = setUp(10_000);
    callers.send(0, 'get');
    advance(simulation, seconds(1));
    controlPlane.door.forbid(callers.group);
    callers.send(0, 'get');
    advance(simulation, seconds(1));
    expect(callers.replies.map(({ status }) => status)).toEqual(['ok', 'forbidden']);
  });
});
