import { type Duration, ms, seconds, us } from '@brownout/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestDescription } from './flow-schema.ts';
import { anonymous, breakGlassAdmin, nodeIdentity, serviceAccountIdentity, userIdentity } from './identity.ts';
import type { RejectReason } from './seat-pool.ts';
import { bootstrap, Replica } from './testing/replica.ts';

const reasons: readonly RejectReason[] = ['queue-full', 'time-out', 'concurrency-limit', 'max-inflight'];
const kinds: readonly RequestDescription[] = [
  { ...nodeIdentity('n1'), verb: 'update', apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'x' },
  { ...nodeIdentity('n2'), verb: 'list', resource: 'pods' },
  { ...serviceAccountIdentity({ namespace: 'a', name: 'agent' }), verb: 'list', resource: 'pods' },
  { ...serviceAccountIdentity({ namespace: 'b', name: 'other' }), verb: 'list', resource: 'pods' },
  { ...serviceAccountIdentity({ namespace: 'kube-system', name: 'coredns' }), verb: 'get', resource: 'services' },
  { ...userIdentity('ann'), verb: 'delete', resource: 'pods', namespace: 'a' },
  { ...breakGlassAdmin, verb: 'list', resource: 'pods' },
  { ...anonymous, verb: 'get', path: '/livez' },
  { user: 'ghost', groups: [], verb: 'get', path: '/version' },
];
const classified = kinds.map((kind) => bootstrap.classify(kind));

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      client: fc.nat(kinds.length - 1),
      count: fc.integer({ min: 1, max: 200 }),
      seats: fc.constantFrom(1, 1, 1, 10),
      finalSeats: fc.constantFrom(0, 0, 10),
      patience: fc.constantFrom(seconds(1), seconds(10), seconds(60)),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('finish' as const), share: fc.double({ min: 0, max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), every: fc.integer({ min: 2, max: 9 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), time: fc.nat(9_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test('every request gets one answer, and the books of every level balance', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const run = new Run();
      for (const one of steps) {
        run.take(one);
        run.check();
      }
    }),
    { seed: 4_041, numRuns: 150 },
  );
});

/** A replica under arbitrary clients, with books of its own. */
class Run {
  readonly #replica: Replica = new Replica();
  readonly #waiting: Set<number> = new Set();
  readonly #executing: Set<number> = new Set();
  #seenExecuted = 0;
  #seenRejected = 0;
  #next = 0;

  take(given: Step): void {
    if (given.kind === 'burst') this.#submit(given);
    else if (given.kind === 'finish') this.#finish(Math.ceil(given.share * this.#executing.size));
    else if (given.kind === 'wait') this.#wait(ms(given.time));
    else if (given.kind === 'leave') this.#leave(given.every);
    else this.#kill();
    this.#read();
  }

  check(): void {
    const { levels } = this.#replica.control;
    const sum = (value: (level: (typeof levels)[number]) => number): number =>
      levels.reduce((total, level) => total + value(level), 0);
    expect(sum((level) => level.requestsExecuting)).toBe(this.#executing.size);
    expect(sum((level) => level.requestsWaiting)).toBe(this.#waiting.size);
    for (const level of levels) {
      const rejected = reasons.reduce((total, reason) => total + level.rejected(reason), 0);
      const inside = level.requestsExecuting + level.requestsWaiting;
      expect(level.submitted).toBe(inside + level.finished + rejected + level.withdrawn + level.forgotten);
      const queues = Array.from({ length: level.queueCount }, (_, queue) => level.queueLength(queue));
      expect(queues.reduce((total, length) => total + length, 0)).toBe(level.requestsWaiting);
      if (level.seatsInUse === 0) expect(level.requestsWaiting).toBe(0);
    }
  }

  #submit(given: Extract<Step, { kind: 'burst' }>): void {
    const { control } = this.#replica;
    const { level, flow } = classified[given.client]!;
    const patience = control.patience(given.patience);
    for (let i = 0; i < given.count; i++) {
      const request = this.#next++;
      const before = control.levels[level]!.limit;
      this.#waiting.add(request);
      control.submit(request, level, flow, given.seats, given.finalSeats, us(given.finalSeats * 1_000), patience);
      this.#read();
      // A dispatch takes a level over its limit only when the one request is wider than all of it.
      if (this.#executing.has(request)) {
        expect(control.levels[level]!.seatsInUse).toBeLessThanOrEqual(Math.max(before, given.seats, given.finalSeats));
      }
    }
  }

  #finish(count: number): void {
    for (const request of [...this.#executing].slice(0, count)) {
      this.#executing.delete(request);
      this.#replica.control.finish(request);
      this.#read();
    }
  }

  #leave(every: number): void {
    for (const request of [...this.#waiting]) {
      if (request % every !== 0) continue;
      expect(this.#replica.control.withdraw(request)).toBe(true);
      this.#waiting.delete(request);
    }
  }

  #wait(time: Duration): void {
    this.#replica.runTo((this.#replica.simulation.now + time) as Duration);
  }

  #kill(): void {
    this.#replica.control.clear();
    this.#waiting.clear();
    this.#executing.clear();
  }

  /** Enters what the handlers were told since the last look. */
  #read(): void {
    const { executed, rejected } = this.#replica;
    for (const request of executed.slice(this.#seenExecuted)) {
      expect(this.#waiting.delete(request)).toBe(true);
      this.#executing.add(request);
    }
    for (const [request, , retryAfter] of rejected.slice(this.#seenRejected)) {
      expect(this.#waiting.delete(request)).toBe(true);
      expect(retryAfter).toBeGreaterThanOrEqual(1);
      expect(retryAfter).toBeLessThanOrEqual(32);
    }
    this.#seenExecuted = executed.length;
    this.#seenRejected = rejected.length;
  }
}
