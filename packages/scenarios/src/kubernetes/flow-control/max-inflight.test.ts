import { Simulation } from '@brownout/core';
import { expect, test } from 'vitest';
import { createFlowControlConfiguration, type FlowControlSettings } from './configuration.ts';
import { createFlowControl, type FlowControl } from './flow-control.ts';
import type { RequestDescription } from './flow-schema.ts';
import { breakGlassAdmin, nodeIdentity, userIdentity } from './identity.ts';

class Replica {
  readonly control: FlowControl;
  readonly executed: number[] = [];
  readonly rejected: (readonly [number, string, number])[] = [];
  #next = 0;

  constructor(settings: FlowControlSettings = {}) {
    this.control = createFlowControl(new Simulation(), {
      name: 'replica 1',
      configuration: createFlowControlConfiguration({ ...settings, enablePriorityAndFairness: false }),
      handlers: {
        onExecute: (request) => this.executed.push(request),
        onReject: (request, reason, retryAfter) => this.rejected.push([request, reason, retryAfter]),
      },
    });
  }

  /** Submits `count` such requests; returns the number of the last. */
  submit(request: RequestDescription, count = 1): number {
    const { level, flow } = this.control.configuration.classify(request);
    for (let i = 0; i < count; i++) this.control.submit(this.#next++, level, flow, 10);
    return this.#next - 1;
  }
}

const list: RequestDescription = { ...userIdentity('ann'), verb: 'list', resource: 'pods' };
const create: RequestDescription = { ...userIdentity('ann'), verb: 'create', resource: 'pods', namespace: 'shop' };

test('400 read-only and 200 mutating requests are in flight at most; the rest is told to wait a second', () => {
  const replica = new Replica();
  replica.submit(list, 402);
  replica.submit(create, 201);
  expect(replica.executed).toHaveLength(600);
  expect(replica.rejected).toEqual([
    [400, 'max-inflight', 1],
    [401, 'max-inflight', 1],
    [602, 'max-inflight', 1],
  ]);
  expect(replica.control.levels.map((level) => level.rejected('max-inflight'))).toEqual([2, 1]);
});

test('a request that finishes makes room for one of its kind', () => {
  const replica = new Replica({ maxRequestsInflight: 1, maxMutatingRequestsInflight: 1 });
  const first = replica.submit(list);
  replica.submit(create);
  replica.control.finish(first);
  replica.submit(create);
  replica.submit(list);
  expect(replica.rejected.map(([request]) => request)).toEqual([2]);
});

test('a heartbeat finds no room when ordinary writes have taken it', () => {
  const replica = new Replica();
  replica.submit(create, 200);
  const heartbeat = {
    verb: 'update',
    apiGroup: 'coordination.k8s.io',
    resource: 'leases',
    namespace: 'kube-node-lease',
  };
  replica.submit({ ...nodeIdentity('n1'), ...heartbeat });
  expect(replica.rejected).toEqual([[200, 'max-inflight', 1]]);
});

test('system:masters is let in when the server is full, and counted when it is not', () => {
  const replica = new Replica({ maxRequestsInflight: 2 });
  const admin = { ...list, ...breakGlassAdmin };
  const counted = replica.submit(admin);
  replica.submit(list);
  const letIn = replica.submit(admin);
  expect(replica.executed).toEqual([0, 1, 2]);
  expect(replica.control.levels[0]!.seatsInUse).toBe(2);
  replica.control.finish(letIn);
  expect(replica.control.levels[0]!.seatsInUse).toBe(2);
  replica.control.finish(counted);
  expect(replica.control.levels[0]!.seatsInUse).toBe(1);
});

test('watches and other long-running requests are not counted', () => {
  const replica = new Replica({ maxRequestsInflight: 1 });
  replica.submit({ ...list, verb: 'watch' }, 5);
  replica.submit({ ...list, verb: 'get', subresource: 'log', namespace: 'shop' }, 5);
  expect(replica.executed).toHaveLength(10);
  expect(replica.control.levels[0]!.seatsInUse).toBe(0);
  replica.control.finish(3);
});

test('a limit of zero means none', () => {
  const replica = new Replica({ maxMutatingRequestsInflight: 0 });
  replica.submit(create, 1_000);
  expect(replica.executed).toHaveLength(1_000);
});

test('a killed process forgets what was in flight', () => {
  const replica = new Replica({ maxRequestsInflight: 2 });
  replica.submit(list, 3);
  replica.control.clear();
  expect(replica.control.levels[0]).toMatchObject({ seatsInUse: 0, submitted: 3, dispatched: 2, forgotten: 2 });
  replica.submit(list, 2);
  expect(replica.executed).toHaveLength(4);
  expect(replica.control.withdraw(3)).toBe(false);
});

test('misuse is named', () => {
  const replica = new Replica();
  replica.submit(list);
  expect(() => replica.control.submit(0, 0, 0, 1)).toThrow('flow control "replica 1": request 0 is already inside');
  expect(() => replica.control.finish(1)).toThrow('flow control "replica 1": request 1 is not executing');
  expect(() => replica.control.reconfigure(createFlowControlConfiguration())).toThrow(
    'flow control "replica 1": the mode of a running API server cannot change',
  );
});
