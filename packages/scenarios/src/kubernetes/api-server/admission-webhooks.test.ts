import { type Duration, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { WebhookOptions } from './admission-webhooks.ts';
import { userIdentity } from '../flow-control/identity.ts';
import { advance, type BenchOptions, Callers, createBench, flatCosts } from '../testing/bench.ts';

const person = () => ({ ...userIdentity('jane'), verb: 'create', resource: 'pods' });
const WRITE = 'pod-create';
const COMMIT = ms(1);

function hook(name: string, kind: 'mutating' | 'validating', latency: number, more: Partial<WebhookOptions> = {}) {
  return { name, kind, operations: [WRITE], latency: { sample: () => latency as Duration }, ...more };
}

/** Writes of 2 ms of CPU and a commit of 1 ms. */
function setUp(webhooks: readonly WebhookOptions[], options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, {
    costs: flatCosts({ [WRITE]: { cpuMs: 2 }, 'lease-update': { cpuMs: 2 } }),
    controlPlane: { webhooks },
    ...options,
  });
  const callers = new Callers(simulation, controlPlane, { clients: 20, describe: person, timeout: seconds(45) });
  const run = (time: number): void => {
    advance(simulation, time);
    expect(controlPlane.requests.openCount).toBe(0);
    controlPlane.checkBooks();
  };
  return { simulation, controlPlane, callers, run };
}

describe('time of the calls', () => {
  it('mutating webhooks are asked one after the other, validating ones at once', () => {
    const { callers, run } = setUp([
      hook('a', 'validating', ms(70)),
      hook('b', 'mutating', ms(10)),
      hook('c', 'mutating', ms(20)),
      hook('d', 'validating', ms(50)),
    ]);
    callers.send(0, WRITE);
    run(seconds(1));
    expect(callers.replies.map(({ status, at }) => [status, at])).toEqual([['ok', ms(2 + 10 + 20 + 70) + COMMIT]]);
  });

  it('the calls hold the seat: with five in flight a sixth write is refused until they are over', () => {
    const { simulation, callers, run } = setUp([hook('a', 'mutating', ms(500))], {
      cores: 20,
      flowControl: { enablePriorityAndFairness: false, maxMutatingRequestsInflight: 5 },
    });
    for (let client = 0; client < 5; client++) callers.send(client, WRITE);
    advance(simulation, ms(400));
    callers.send(5, WRITE);
    advance(simulation, ms(200));
    callers.send(6, WRITE);
    run(seconds(10));
    expect(callers.replies.map(({ client, status }) => [client, status])).toEqual([
      [5, 'too-many-requests'],
      ...[0, 1, 2, 3, 4, 6].map((client) => [client, 'ok']),
    ]);
  });

  it('operations that no rule matches go the short way as before', () => {
    const { simulation, callers, controlPlane, run } = setUp([hook('a', 'mutating', ms(500))]);
    callers.send(0, 'lease-update');
    advance(simulation, seconds(1));
    callers.send(0, 'lease-update');
    run(seconds(1));
    expect(controlPlane.servers[0]!.express.busyTime).toBe(ms(2));
    expect(callers.replies[1]!.at).toBe(seconds(1) + ms(2) + COMMIT);
  });

  it('operations that match never take it', () => {
    const { simulation, callers, controlPlane, run } = setUp([
      hook('a', 'mutating', ms(500), { operations: ['lease-update'] }),
    ]);
    callers.send(0, 'lease-update');
    advance(simulation, seconds(1));
    callers.send(0, 'lease-update');
    run(seconds(1));
    expect(controlPlane.servers[0]!.express.busyTime).toBe(0);
    expect(callers.replies[1]!.at).toBe(seconds(1) + ms(502) + COMMIT);
  });
});

describe('a webhook that does not answer', () => {
  it('costs its whole timeout; then Fail refuses the write and Ignore lets it pass', () => {
    for (const [failurePolicy, status, written] of [
      ['Fail', 'server-error', 0],
      ['Ignore', 'ok', 1],
    ] as const) {
      const { callers, controlPlane, run } = setUp([hook('a', 'validating', ms(5), { failurePolicy })]);
      controlPlane.webhooks!.setBackend('a', 'silent');
      callers.send(0, WRITE);
      run(seconds(20));
      expect(callers.replies.map((reply) => [reply.status, reply.at])).toEqual([
        [status, ms(2) + seconds(10) + written * COMMIT],
      ]);
      expect(controlPlane.webhooks!.calls('a')).toMatchObject({ calls: 1, failures: 1 });
    }
  });

  it('whose Service has no endpoints fails at once', () => {
    const { callers, controlPlane, run } = setUp([hook('a', 'mutating', ms(5))]);
    controlPlane.webhooks!.setBackend('a', 'refusing');
    callers.send(0, WRITE);
    run(seconds(1));
    expect(callers.replies.map((reply) => [reply.status, reply.at])).toEqual([['server-error', ms(2)]]);
    controlPlane.webhooks!.setBackend('a', 'up');
    callers.send(0, WRITE);
    run(seconds(1));
    expect(callers.replies[1]!.status).toBe('ok');
  });

  it('a latency above the timeout is a failure at the timeout', () => {
    const { callers, run } = setUp([hook('a', 'mutating', seconds(3), { timeout: seconds(2) })]);
    callers.send(0, WRITE);
    run(seconds(5));
    expect(callers.replies[0]).toMatchObject({ status: 'server-error', at: ms(2) + seconds(2) });
  });

  it('a failed mutating webhook ends it before the next is asked', () => {
    const { callers, controlPlane, run } = setUp([hook('a', 'mutating', ms(1)), hook('b', 'mutating', ms(1))]);
    controlPlane.webhooks!.setBackend('a', 'refusing');
    callers.send(0, WRITE);
    run(seconds(1));
    expect(controlPlane.webhooks!.calls('b').calls).toBe(0);
  });
});

describe('whoever does not wait for the end', () => {
  it('a client that leaves takes its seat and its call along; nothing is written', () => {
    const { simulation, controlPlane, run } = setUp([hook('a', 'mutating', seconds(9))]);
    const hasty = new Callers(simulation, controlPlane, { timeout: seconds(5), describe: person });
    hasty.send(0, WRITE);
    run(seconds(5));
    expect(hasty.replies.map(({ status }) => status)).toEqual(['timed-out']);
    expect(controlPlane.servers[0]!.wastedCpu).toBe(ms(2));
    run(seconds(20));
    expect(hasty.replies).toHaveLength(1);
  });

  it('a server that dies answers nobody later', () => {
    const { simulation, callers, controlPlane, run } = setUp([hook('a', 'mutating', seconds(9))]);
    callers.send(0, WRITE);
    advance(simulation, seconds(1));
    controlPlane.servers[0]!.kill('liveness');
    run(seconds(60));
    expect(callers.replies.map(({ status }) => status)).toEqual(['reset']);
  });
});

it('timeouts outside 1 s to 30 s, unknown operations and unknown names are refused', () => {
  expect(() => setUp([hook('a', 'mutating', 1, { timeout: seconds(31) })])).toThrow(
    'admission webhook "a": timeout must be 1 s to 30 s, got 31 s',
  );
  expect(() => setUp([hook('a', 'mutating', 1, { operations: ['pod-creat'] })])).toThrow('operation "pod-creat"');
  expect(() => setUp([]).controlPlane.webhooks!.setBackend('b', 'up')).toThrow(
    'admission webhooks: none is called "b"',
  );
});

describe('CPU of reviews', () => {
  it('is spent before the calls, once for each webhook that matches, and by nothing else', () => {
    const { simulation, callers, controlPlane, run } = setUp([
      hook('a', 'mutating', ms(10), { reviewCpu: ms(3) }),
      hook('b', 'validating', ms(20), { reviewCpu: ms(1) }),
      hook('c', 'validating', ms(500), { reviewCpu: ms(100), operations: ['pod-delete'] }),
    ]);
    callers.send(0, WRITE);
    run(seconds(1));
    // 2 ms of its own, 3 + 1 for reviews, then 10 and 20 ms of waiting for others.
    expect(callers.replies.map(({ at }) => at)).toEqual([ms(2 + 4 + 10 + 20) + COMMIT]);
    expect(controlPlane.servers[0]!.busyTime).toBe(ms(6));
    callers.send(0, 'lease-update');
    advance(simulation, seconds(1));
    expect(controlPlane.servers[0]!.busyTime).toBe(ms(8));
  });

  it('is what a webhook that fails open still costs: 300 writes take five times as long', () => {
    // 2 ms of a write and 8 ms of its review on one core; a call that is refused takes no time of its own.
    const time = (reviewCpu: number): number => {
      const { callers, controlPlane, run } = setUp([
        hook('a', 'validating', ms(1), { failurePolicy: 'Ignore', reviewCpu }),
      ]);
      controlPlane.webhooks!.setBackend('a', 'refusing');
      for (let i = 0; i < 300; i++) callers.send(i % 20, WRITE);
      run(seconds(10));
      expect(callers.replies.filter(({ status }) => status === 'ok')).toHaveLength(300);
      return Math.max(...callers.replies.map(({ at }) => at)) / ms(1);
    };
    expect(time(0)).toBeCloseTo(600, -1);
    expect(time(ms(8))).toBeCloseTo(3000, -1);
  });

  it('is for nothing when the client leaves meanwhile, and then nothing is written', () => {
    const { simulation, controlPlane, run } = setUp([hook('a', 'mutating', ms(10), { reviewCpu: ms(500) })], {
      apiServer: { cancellation: { decodeShare: 0.5 } },
    });
    const hasty = new Callers(simulation, controlPlane, { describe: person, timeout: ms(100) });
    const { revision } = controlPlane.etcd;
    hasty.send(0, WRITE);
    run(seconds(2));
    expect(hasty.replies.map(({ status }) => status)).toEqual(['timed-out']);
    expect(controlPlane.etcd.revision).toBe(revision);
    expect(controlPlane.webhooks!.calls('a').calls).toBe(0);
    expect(controlPlane.servers[0]!.busyTime).toBe(ms(502));
  });
});
