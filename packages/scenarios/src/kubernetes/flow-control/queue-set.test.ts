import { expect, test } from 'vitest';
import { QueueSetBench } from './testing/queue-set-bench.ts';

const second = 1_000_000;

/** A bench with one queue per flow: flow n may use one queue only, and no two flows the same one. */
function bench(limit: number, queueLengthLimit = 50): QueueSetBench {
  const made = new QueueSetBench({ queues: 8, handSize: 1, queueLengthLimit, limit });
  for (let queue = 0; queue < 8; queue++) made.flows.numberOfHash([0, 0, 0, queue]);
  return made;
}

test('the head whose turn it is blocks the level even when another would fit', () => {
  // Source: kubernetes/apiserver queueset_test.go, restated on the reference page, section 4.7: of two queues the one
  // that
  // is further behind has a head of 25 seats; with 26 of 50 seats in use it is chosen and does not fit.
  const { set, ...made } = prepared();
  set.setLimit(50);
  expect(made.dispatched).toEqual([0, 1, 2]);
  expect(set.seatsInUse).toBe(26);
  set.finish(2);
  expect(set.seatsInUse).toBe(50);
  expect(made.dispatched).toEqual([0, 1, 2, 4]);
});

/** Requests 1 and 2 hold 26 seats of flow 1; 3 (10 seats, flow 0, far ahead) and 4 (25 seats, flow 2) wait. */
function prepared(): QueueSetBench {
  const made = bench(126);
  made.submit(0, 0, 100);
  made.submit(1, 1, 25);
  made.submit(2, 1, 1);
  made.submit(3, 0, 10);
  made.runTo(second);
  made.set.setLimit(26);
  made.set.finish(0);
  made.submit(4, 2, 25);
  expect(made.inState('waiting')).toEqual([3, 4]);
  return made;
}

test('a request that leaves its place at the head lets the next one go only when something else happens', () => {
  const { set, ...made } = prepared();
  set.setLimit(50);
  set.remove(4);
  expect(made.dispatched).toEqual([0, 1, 2]);
  set.finish(2);
  expect(made.dispatched).toEqual([0, 1, 2, 3]);
});

test('a request wider than the limit runs when nothing else does, and nothing runs beside it', () => {
  const made = bench(4);
  made.submit(0, 0, 1);
  made.submit(1, 1, 7);
  // Half a second later a newcomer stands behind it in virtual time, and waits although three seats are free.
  made.runTo(second / 2);
  made.submit(2, 2, 1);
  expect(made.dispatched).toEqual([0]);
  made.set.finish(0);
  expect(made.dispatched).toEqual([0, 1]);
  expect(made.set.seatsInUse).toBe(7);
  made.set.finish(1);
  expect(made.dispatched).toEqual([0, 1, 2]);
});

test('a full queue rejects while no seat is free', () => {
  const made = bench(1, 2);
  expect([0, 1, 2, 3].map((request) => made.submit(request, 0))).toEqual([
    undefined,
    undefined,
    undefined,
    'queue-full',
  ]);
  expect(made.submit(4, 1)).toBeUndefined();
  expect(made.set.rejected('queue-full')).toBe(1);
  expect(made.set.queueLength(0)).toBe(2);
});

test('a full queue takes more while seats are free but the head does not fit', () => {
  const made = bench(4, 2);
  made.submit(0, 1, 3);
  expect([1, 2, 3].map((request) => made.submit(request, 0, 2))).toEqual([undefined, undefined, undefined]);
  expect(made.set.queueLength(0)).toBe(3);
});

test('of a hand the queue with the least work waiting is taken, and ties go round', () => {
  const made = new QueueSetBench({ queues: 8, handSize: 3, queueLengthLimit: 50, limit: 1 });
  const flow = made.flows.number('schema', 'flow');
  for (let request = 0; request < 10; request++) made.submit(request, flow);
  const lengths = [...made.flows.hands.subarray(0, 3)].map((queue) => made.set.queueLength(queue));
  expect(lengths).toEqual([3, 3, 3]);
});

test('queues that are equally far behind take turns', () => {
  const made = bench(1);
  made.submit(0, 7);
  for (let request = 1; request <= 9; request++) made.submit(request, (request - 1) % 3);
  made.set.setLimit(100);
  // Equal virtual finishes within each round, served from behind queue 7 on, oldest first in each queue.
  expect(made.dispatched).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a lone request among crowded flows waits for one turn of each of them at most', () => {
  const made = bench(2);
  for (let request = 0; request < 60; request++) made.submit(request, request % 6);
  made.runTo(second);
  made.submit(60, 7);
  const before = made.dispatched.length;
  for (let round = 0; round < 20 && !made.dispatched.includes(60); round++) {
    made.runTo(second * (2 + round));
    made.set.finish(made.inState('executing')[0]!);
  }
  expect(made.dispatched.indexOf(60) - before).toBeLessThanOrEqual(6);
});

test('a queue gets back what its request took less than expected, and pays back what it took more', () => {
  const made = bench(2);
  made.submit(0, 0);
  made.submit(1, 1);
  for (const request of [2, 4]) made.submit(request, 0);
  for (const request of [3, 5]) made.submit(request, 1);
  made.runTo(1_000);
  made.set.finish(1);
  // Flow 1 has had 1 ms, flow 0 is charged for the expected 3: flow 1 goes.
  expect(made.dispatched).toEqual([0, 1, 3]);
  made.runTo(10_000);
  made.set.finish(3);
  // Flow 1 has had 1 + 9 ms, flow 0 is still charged for 3 only: flow 0 goes.
  expect(made.dispatched).toEqual([0, 1, 3, 2]);
});

test('a queue does not save up the seats it had no use for, not even while one of its requests executes', () => {
  const made = bench(10);
  made.submit(0, 0, 1);
  made.submit(1, 1, 8);
  made.runTo(second);
  // Flow 0 is far behind by now. Its next request executes at once and is charged from now on, not from back then:
  made.submit(2, 0, 1);
  made.submit(3, 0, 1);
  made.submit(4, 2, 2);
  made.set.finish(1);
  // so that flow 2, which stands level with it for two seats, comes first.
  expect(made.dispatched).toEqual([0, 1, 2, 4, 3]);
});

test('seats after the reply are held for the additional latency and count against the limit', () => {
  const made = bench(4);
  made.submit(0, 0, 1, 3, 5_000);
  made.submit(1, 1, 2);
  expect(made.dispatched).toEqual([0]);
  made.runTo(1_000);
  made.set.finish(0);
  expect(made.set.seatsInUse).toBe(3);
  expect(made.set.requestsExecuting).toBe(0);
  made.runTo(5_999);
  expect(made.dispatched).toEqual([0]);
  made.runTo(6_000);
  expect(made.dispatched).toEqual([0, 1]);
  expect(made.set.seatsInUse).toBe(2);
});

test('more final seats than the limit become the limit for as much longer', () => {
  const made = bench(4);
  made.submit(0, 0, 1, 10, 2_000);
  expect(made.set.seatsInUse).toBe(4);
  made.set.finish(0);
  made.runTo(4_999);
  expect(made.set.seatsInUse).toBe(4);
  made.runTo(5_000);
  expect(made.set.seatsInUse).toBe(0);
  expect(made.set.seatsWaiting).toBe(0);
});

test('a limit lowered at run time drains, raised at run time dispatches', () => {
  const made = bench(3);
  for (let request = 0; request < 6; request++) made.submit(request, request);
  made.set.setLimit(1);
  for (const request of [0, 1]) made.set.finish(request);
  expect(made.dispatched).toEqual([0, 1, 2]);
  made.set.setLimit(3);
  expect(made.dispatched).toHaveLength(5);
});

test('requests that finish inside the handler do not confuse the dispatch that called it', () => {
  const made = bench(1);
  made.submit(0, 0);
  for (let request = 1; request < 50; request++) made.submit(request, request % 8);
  made.onDispatch = (request) => made.set.finish(request);
  made.set.finish(0);
  expect(made.dispatched).toHaveLength(50);
  expect(made.set.requestsWaiting).toBe(0);
  expect(made.set.seatsInUse).toBe(0);
  expect(made.set.finished).toBe(50);
});

test('the progress meter moves with the seats wanted, at most the limit, divided among the busy queues', () => {
  const made = bench(4);
  made.submit(0, 0, 3);
  made.runTo(second);
  expect(made.set.progress).toBe(3 * second * 100);
  made.submit(1, 1, 1);
  made.submit(2, 1, 1);
  made.runTo(2 * second);
  expect(made.set.progress).toBe((3 + 2) * second * 100);
  for (const request of [0, 1, 2]) made.set.finish(request);
  made.runTo(9 * second);
  expect(made.set.progress).toBe((3 + 2) * second * 100);
});

test('more queues at run time take part at once, fewer drain', () => {
  const made = bench(1);
  for (let request = 0; request < 9; request++) made.submit(request, request % 8);
  const flows = made.flows.redealt(2, 1);
  made.set.configure({ queueLengthLimit: 50, flows });
  made.set.setLimit(9);
  expect(made.dispatched).toHaveLength(9);
  for (let request = 10; request < 20; request++) made.submit(request, request % 8);
  const lengths = Array.from({ length: 8 }, (_, queue) => made.set.queueLength(queue));
  expect(lengths.slice(2)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(lengths[0]! + lengths[1]!).toBe(10);
});
