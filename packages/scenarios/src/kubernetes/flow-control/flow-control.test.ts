import { type Duration, ms, noTime, seconds } from '@brownout/core';
import { expect, test } from 'vitest';
import { createFlowControlConfiguration } from './configuration.ts';
import { nodeIdentity, serviceAccountIdentity, userIdentity } from './identity.ts';
import { borrowingCases, runBorrowing } from './testing/borrowing-run.ts';
import { bootstrap, Replica } from './testing/replica.ts';

const agent = bootstrap.classify({
  ...serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' }),
  verb: 'list',
  resource: 'pods',
});

test('a level has its idle limit from the first instant', () => {
  const limits = new Replica().control.levels.map((level) => level.limit);
  expect(limits).toEqual([Infinity, 170, 117, 58, 114, 56, 56, 30]);
});

test('requests beyond the limit wait and are rejected after a quarter of the request timeout', () => {
  const replica = new Replica();
  replica.submit(0, 99);
  expect(replica.executed).toHaveLength(56);
  const impatient = replica.control.patience(seconds(10));
  replica.submit(100, 100, impatient);
  replica.runTo((seconds(2.5) - 1) as Duration);
  expect(replica.rejected).toEqual([]);
  replica.runTo(seconds(2.5));
  expect(replica.rejected).toEqual([[100, 'time-out', 1]]);
  expect(replica.level('workload-low').rejected('time-out')).toBe(1);
  expect(replica.level('workload-low').requestsWaiting).toBe(44);
});

test('the default wait is 15 s, and no client can ask for more than the server gives', () => {
  const replica = new Replica(bootstrap, { borrowingPeriod: seconds(1_000) });
  expect(replica.control.patience(seconds(60))).toBe(0);
  expect(replica.control.patience(noTime)).toBe(0);
  expect(replica.control.patience(seconds(600))).toBe(0);
  expect(replica.control.patience(seconds(20))).toBe(replica.control.patience(seconds(20)));
  replica.submit(0, 60);
  replica.runTo((seconds(15) - 1) as Duration);
  expect(replica.rejected).toHaveLength(0);
  replica.runTo(seconds(15));
  expect(replica.rejected.map(([request]) => request)).toEqual([56, 57, 58, 59, 60]);
});

test('a request that is dispatched in time is not rejected later', () => {
  const replica = new Replica(bootstrap, { borrowingPeriod: seconds(1_000) });
  replica.submit(0, 56);
  replica.runTo(seconds(14));
  replica.control.finish(3);
  expect(replica.executed.at(-1)).toBe(56);
  replica.runTo(seconds(100));
  expect(replica.rejected).toEqual([]);
});

test('a single flow can have 300 requests waiting, then its queues are full', () => {
  const replica = new Replica();
  replica.submit(0, 56 + 300);
  expect(replica.level('workload-low').requestsWaiting).toBe(300);
  expect(replica.rejected).toEqual([[356, 'queue-full', 1]]);
});

test('the catch-all level rejects what finds no seat', () => {
  const ghost = { user: 'ghost', groups: [] };
  const { level, flow } = bootstrap.classify({ ...ghost, verb: 'get', path: '/version' });
  const replica = new Replica();
  for (let request = 0; request <= 30; request++) replica.control.submit(request, level, flow, 1);
  expect(replica.rejected).toEqual([[30, 'concurrency-limit', 1]]);
});

test('requests of another level are not held up', () => {
  const replica = new Replica();
  replica.submit(0, 400);
  const heartbeat = bootstrap.classify({
    ...nodeIdentity('n1'),
    verb: 'update',
    apiGroup: 'coordination.k8s.io',
    resource: 'leases',
    namespace: 'kube-node-lease',
  });
  replica.control.submit(1_000, heartbeat.level, heartbeat.flow, 1);
  expect(replica.executed.at(-1)).toBe(1_000);
});

test('borrowing raises the limit of a level in demand after ten seconds, and gives it back slowly', () => {
  const replica = new Replica(bootstrap, { waitShare: 1 });
  replica.submit(0, 299);
  replica.runTo((seconds(10) - 1) as Duration);
  expect(replica.level('workload-low').limit).toBe(56);
  replica.runTo(seconds(10));
  // The level wants 300 seats, the others their minima of 234 in all: everybody gets 602 / 534 of that.
  expect(replica.level('workload-low').limit).toBe(338);
  expect(replica.level('node-high').limit).toBe(Math.round((73 * 602) / 534));
  expect(replica.executed).toHaveLength(300);
  for (const request of replica.executed) replica.control.finish(request);
  replica.runTo(seconds(40));
  const soon = replica.level('workload-low').limit;
  expect(soon).toBeGreaterThan(200);
  replica.runTo(seconds(3_600));
  expect(replica.level('workload-low').limit).toBe(56);
});

test.each(borrowingCases)('$name: a busy level borrows what the other lends', (given) => {
  const [busy, calm] = runBorrowing(given);
  expect(busy).toBeGreaterThanOrEqual(15.5);
  expect(busy).toBeLessThanOrEqual(16.1);
  expect(calm).toBeGreaterThanOrEqual(5.5);
  expect(calm).toBeLessThanOrEqual(6.1);
});

test('a client that leaves the queue is not answered, and counts as a drop', () => {
  const replica = new Replica();
  replica.submit(0, 57);
  expect(replica.control.withdraw(0)).toBe(false);
  expect(replica.control.withdraw(57)).toBe(true);
  expect(replica.control.withdraw(57)).toBe(false);
  expect(replica.level('workload-low').withdrawn).toBe(1);
  replica.runTo(seconds(60));
  expect(replica.rejected.map(([request]) => request)).not.toContain(57);
});

test('retry advice grows with the drops of a level and of no other', () => {
  const replica = new Replica(bootstrap, { borrowingPeriod: seconds(1_000) });
  replica.submit(0, 355);
  let next = 356;
  for (let second = 0; second < 30; second++) {
    replica.runTo((second * seconds(0.4)) as Duration);
    replica.submit(next, next + 40);
    next += 41;
  }
  expect(Math.max(...replica.rejected.map(([, , retryAfter]) => retryAfter))).toBeGreaterThanOrEqual(8);
  const person = bootstrap.classify({ ...userIdentity('ann'), verb: 'list', resource: 'pods' });
  for (let i = 0; i < 357; i++) replica.control.submit(5_000 + i, person.level, person.flow, 1);
  expect(replica.rejected.at(-1)).toEqual([5_356, 'queue-full', 1]);
});

test('a request number can be used again while its seats are still held after the reply', () => {
  const replica = new Replica();
  replica.control.submit(7, agent.level, agent.flow, 1, 10, ms(250));
  replica.control.finish(7);
  replica.control.submit(7, agent.level, agent.flow, 2);
  expect(replica.level('workload-low').seatsInUse).toBe(12);
  replica.runTo(ms(250));
  expect(replica.level('workload-low').seatsInUse).toBe(2);
  replica.control.finish(7);
  expect(replica.level('workload-low').seatsInUse).toBe(0);
});

test('requests that bypass flow control execute at once and take no seat', () => {
  const replica = new Replica();
  const watch = bootstrap.classify({ ...userIdentity('ann'), verb: 'create', resource: 'pods', subresource: 'exec' });
  replica.control.submit(1, watch.level, watch.flow, 1);
  expect(replica.executed).toEqual([1]);
  replica.control.finish(1);
  expect(replica.control.levels.every((level) => level.seatsInUse === 0)).toBe(true);
});

test('misuse is named', () => {
  const replica = new Replica();
  replica.submit(0, 56);
  expect(() => replica.submit(0, 0)).toThrow('flow control "replica 1": request 0 is already inside');
  expect(() => replica.submit(56, 56)).toThrow('flow control "replica 1": request 56 is already inside');
  expect(() => replica.control.finish(56)).toThrow('flow control "replica 1": request 56 is not executing');
  expect(() => replica.control.finish(77)).toThrow('flow control "replica 1": request 77 is not executing');
  expect(() => replica.submit(-1, -1)).toThrow(
    'flow control "replica 1": a request must be a whole number in 0..67108863, got -1',
  );
  expect(() => replica.control.patience(-1 as Duration)).toThrow(
    'flow control "replica 1": a client\'s timeout must be >= 0, got -1',
  );
  expect(() => new Replica(bootstrap, { demandDecay: 1 })).toThrow(
    'flow control "replica 1": demandDecay must be in [0, 1), got 1',
  );
  expect(() => new Replica(bootstrap, { borrowingPeriod: noTime })).toThrow(
    'flow control "replica 1": borrowingPeriod must be a finite duration above 0, got 0',
  );
  expect(() =>
    replica.control.reconfigure(createFlowControlConfiguration({ enablePriorityAndFairness: false })),
  ).toThrow('flow control "replica 1": the mode of a running API server cannot change');
});
