import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlainQueueSet, type PlainRequest } from './testing/plain-queue-set.ts';
import { QueueSetBench } from './testing/queue-set-bench.ts';

const setups = fc
  .record({
    queues: fc.integer({ min: 2, max: 12 }),
    handSize: fc.integer({ min: 1, max: 4 }),
    queueLengthLimit: fc.integer({ min: 1, max: 6 }),
    limit: fc.integer({ min: 1, max: 12 }),
  })
  .filter((setup) => setup.handSize <= setup.queues);

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      flow: fc.nat(6),
      seats: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 14 })),
      finalSeats: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 14 }) },
      ),
      latency: fc.constantFrom(0, 5_000, 40_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('finish' as const), pick: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat(1_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), time: fc.constantFrom(0, 1, 7, 900, 3_000, 250_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('limit' as const), limit: fc.integer({ min: 0, max: 14 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test('whatever happens, the queue set does what the plain rules say', () => {
  fc.assert(
    fc.property(setups, fc.array(step, { minLength: 20, maxLength: 150 }), (setup, steps) => {
      const pair = new Pair(setup);
      for (const one of steps) {
        pair.take(one);
        pair.compare();
      }
      pair.drain();
      pair.compare();
      expect(pair.bench.set.seatsInUse).toBe(0);
      expect(pair.bench.set.requestsWaiting).toBe(0);
    }),
    { seed: 4_021, numRuns: 200 },
  );
});

/** The queue set and the plain one, taken through the same steps. */
class Pair {
  readonly bench: QueueSetBench;
  readonly #plain: PlainQueueSet;
  readonly #setup: { readonly queues: number; readonly handSize: number };
  readonly #byNumber: Map<number, PlainRequest> = new Map();
  readonly #held: { readonly request: PlainRequest; readonly at: number }[] = [];
  /** Number of the request with each id: numbers are used again, ids are not. */
  readonly #numbers: number[] = [];
  #compared = 0;
  #rejected = 0;
  #removed = 0;
  #finished = 0;

  constructor(setup: { queues: number; handSize: number; queueLengthLimit: number; limit: number }) {
    this.#setup = setup;
    this.bench = new QueueSetBench(setup);
    this.#plain = new PlainQueueSet({ ...setup, expectedServiceTime: 3_000 });
    for (let flow = 0; flow < 7; flow++) this.bench.flows.number('flow', `${flow}`);
  }

  take(given: Step): void {
    if (given.kind === 'wait') this.#wait(given.time);
    else if (given.kind === 'submit') this.#submit(given);
    else if (given.kind === 'limit') this.#setLimit(given.limit);
    else {
      const candidates = this.bench.inState(given.kind === 'finish' ? 'executing' : 'waiting');
      if (candidates.length === 0) return;
      const request = candidates[given.pick % candidates.length]!;
      if (given.kind === 'finish') this.#finish(request);
      else this.#remove(request);
    }
  }

  /** Gives everybody room and lets everything end. */
  drain(): void {
    this.#setLimit(14);
    for (let round = 0; round < 500 && this.bench.set.requestsExecuting + this.#held.length > 0; round++) {
      for (const request of this.bench.inState('executing')) this.#finish(request);
      this.#wait(100_000);
    }
  }

  compare(): void {
    const { set, dispatched } = this.bench;
    expect(set.seatsInUse).toBe(this.#plain.seatsInUse);
    expect(set.requestsWaiting).toBe(this.#plain.requestsWaiting);
    const lengths = this.#plain.queues.map((queue) => queue.waiting.length);
    expect(lengths.map((_, queue) => set.queueLength(queue))).toEqual(lengths);
    expect(set.seatsWaiting).toBe(
      this.#plain.queues
        .flatMap((queue) => queue.waiting)
        .reduce((sum, one) => sum + Math.max(one.initialSeats, one.finalSeats), 0),
    );
    expect(set.demand.seats).toBe(set.seatsInUse + set.seatsWaiting);
    const inside = set.requestsWaiting + set.requestsExecuting;
    expect(set.submitted).toBe(this.#finished + this.#rejected + this.#removed + inside);
    const fresh = this.#plain.dispatched.slice(this.#compared).map((id) => this.#numbers[id]);
    expect(dispatched.slice(this.#compared)).toEqual(fresh);
    this.#compared = dispatched.length;
  }

  #submit(given: Extract<Step, { kind: 'submit' }>): void {
    const number = this.bench.inState('unknown')[0];
    if (number === undefined) return;
    const { handSize } = this.#setup;
    const additionalLatency = given.finalSeats === 0 ? 0 : given.latency;
    const request: PlainRequest = {
      id: this.#numbers.push(number) - 1,
      initialSeats: given.seats,
      finalSeats: given.finalSeats,
      additionalLatency,
      hand: [...this.bench.flows.hands.subarray(given.flow * handSize, (given.flow + 1) * handSize)],
      work: 0,
      arrivedAt: 0,
      startedAt: 0,
      queue: undefined,
    };
    this.#byNumber.set(number, request);
    const isAccepted = this.#plain.submit(request);
    const reason = this.bench.submit(number, given.flow, given.seats, given.finalSeats, additionalLatency);
    expect(reason).toBe(isAccepted ? undefined : 'queue-full');
    if (!isAccepted) this.#rejected++;
  }

  #finish(number: number): void {
    const request = this.#byNumber.get(number)!;
    if (request.additionalLatency > 0) {
      this.#held.push({ request, at: this.bench.simulation.now + request.additionalLatency });
    }
    this.#finished++;
    this.#plain.finish(request);
    this.bench.set.finish(number);
  }

  #remove(number: number): void {
    this.#removed++;
    this.#plain.remove(this.#byNumber.get(number)!);
    this.bench.set.remove(number);
  }

  #setLimit(limit: number): void {
    this.#plain.limit = limit;
    this.#plain.dispatch();
    this.bench.set.setLimit(limit);
  }

  #wait(time: number): void {
    const end = this.bench.simulation.now + time;
    for (;;) {
      const next = this.#held.reduce((best, one) => Math.min(best, one.at), Infinity);
      if (next > end) break;
      const index = this.#held.findIndex((one) => one.at === next);
      const [over] = this.#held.splice(index, 1);
      this.#plain.advance(next);
      this.#plain.release(over!.request);
    }
    this.#plain.advance(end);
    this.bench.runTo(end);
    // The queue set reads its meter when something happens to it; so that both do at this instant, one looks at it.
    void this.bench.set.progress;
  }
}
