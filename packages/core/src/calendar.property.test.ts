import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar } from './calendar.ts';
import { EventRecords } from './event-records.ts';

/** One thing done to the calendar; numbers are turned into times, lines and victims while the commands run. */
type Command =
  | { readonly do: 'push'; readonly delay: number; readonly rank: number }
  | { readonly do: 'burst'; readonly delay: number; readonly count: number }
  | { readonly do: 'line'; readonly line: number }
  | { readonly do: 'cancel'; readonly pick: number; readonly count: number }
  | { readonly do: 'take'; readonly count: number }
  | { readonly do: 'takeUntil'; readonly ahead: number };

interface Expected {
  readonly time: number;
  readonly order: number;
  readonly kind: number;
  readonly argument: number;
  readonly handle: number;
}

const LINE_DELAYS = [0, 7, 1_000, 5_000_000];
const PRIORITY = 2 ** 45;

/** Does the same to a calendar and to a plain sorted array, and fails on the first difference. */
class Pair {
  readonly calendar: Calendar;
  readonly pending: Expected[] = [];
  readonly gone: number[] = [];
  #sequence = 0;

  constructor(records = new EventRecords()) {
    this.calendar = new Calendar(records);
    LINE_DELAYS.forEach((_, line) => expect(this.calendar.addLine(100 + line)).toBe(line));
  }

  get now(): number {
    return this.calendar.now;
  }

  run(command: Command): void {
    if (command.do === 'push') this.push(command.delay, command.rank);
    else if (command.do === 'burst') for (let i = 0; i < command.count; i++) this.push(command.delay, i % 3);
    else if (command.do === 'line') this.startLine(command.line);
    else if (command.do === 'cancel') for (let i = 0; i < command.count; i++) this.cancel(command.pick + i * 7919);
    else if (command.do === 'take') for (let i = 0; i < command.count; i++) this.take(Infinity);
    else while (this.take(this.now + command.ahead));
    if (this.calendar.size !== this.pending.length) expect(this.calendar.size).toBe(this.pending.length);
  }

  push(delay: number, rank: number): void {
    const order = rank * PRIORITY + this.#sequence++;
    const argument = (this.#sequence * 31) | 0;
    const time = Math.min(this.now + delay, Number.MAX_SAFE_INTEGER);
    const handle = this.calendar.handleOf(this.calendar.pushAfter(time - this.now, rank, rank, argument));
    this.insert({ time, order, kind: rank, argument, handle });
  }

  startLine(line: number): void {
    const order = PRIORITY + this.#sequence++;
    const time = Math.min(this.now + LINE_DELAYS[line]!, Number.MAX_SAFE_INTEGER);
    const handle = this.calendar.handleOf(this.calendar.pushToLine(line, time - this.now, 1, line));
    this.insert({ time, order, kind: 100 + line, argument: line, handle });
  }

  insert(event: Expected): void {
    if (this.calendar.find(event.handle) < 0) expect.unreachable(`fresh handle ${event.handle} is not pending`);
    let low = 0;
    let high = this.pending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.pending[middle]!;
      if (other.time < event.time || (other.time === event.time && other.order < event.order)) low = middle + 1;
      else high = middle;
    }
    this.pending.splice(low, 0, event);
  }

  cancel(pick: number): void {
    const old = this.gone[pick % (this.gone.length + 1)];
    if (old !== undefined && this.calendar.find(old) >= 0) expect.unreachable(`old handle ${old} is pending again`);
    if (this.pending.length === 0) return;
    const [victim] = this.pending.splice(pick % this.pending.length, 1);
    const slot = this.calendar.find(victim!.handle);
    const isSame = this.calendar.argumentOf(slot) === victim!.argument;
    const kind = this.calendar.remove(slot);
    if (!isSame || (kind < 0 ? victim!.kind < 100 : kind !== victim!.kind)) {
      expect.unreachable('a handle leads to another event');
    }
    this.gone.push(victim!.handle);
  }

  take(horizon: number): boolean {
    const next = this.pending[0];
    const kind = this.calendar.take(horizon);
    if (next === undefined || next.time > horizon) {
      expect(kind).toBe(-1);
      return false;
    }
    const { now, takenArgument } = this.calendar;
    const isSame = now === next.time && kind === next.kind && takenArgument === next.argument;
    if (!isSame) expect([now, kind, takenArgument]).toEqual([next.time, next.kind, next.argument]);
    this.pending.shift();
    this.gone.push(next.handle);
    return true;
  }

  drain(): void {
    while (this.take(Infinity));
    expect(this.calendar.size).toBe(0);
  }
}

const delays = fc.oneof(
  { weight: 4, arbitrary: fc.nat(50) },
  { weight: 4, arbitrary: fc.nat(100_000) },
  { weight: 2, arbitrary: fc.nat(2_000_000_000) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 10_000_000, 2 ** 40, 2 ** 53 - 1) },
);

const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('push' as const), delay: delays, rank: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('burst' as const), delay: delays, count: fc.nat(120) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('line' as const), line: fc.nat(LINE_DELAYS.length - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat(), count: fc.nat(40) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('take' as const), count: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeUntil' as const), ahead: delays }) },
);

test('any mix of pushes, bursts, delay lines, cancels and takes comes out as from a sorted array', () => {
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 200, size: 'max' }), (script) => {
      const pair = new Pair();
      for (const command of script) pair.run(command);
      pair.drain();
    }),
    { seed: 20241211, numRuns: 300 },
  );
});

test('a slot whose generations are used up retires, and no handle ever comes back', () => {
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 100, size: 'max' }), (script) => {
      const pair = new Pair(new EventRecords(2, 3));
      for (const command of script) pair.run(command);
      for (const handle of pair.gone) expect(pair.calendar.find(handle)).toBe(-1);
      expect(new Set(pair.gone).size).toBe(pair.gone.length);
      pair.drain();
    }),
    { seed: 20241211, numRuns: 100 },
  );
});

/** A small generator of our own, so that long runs do not spend their time in shrinking machinery. */
function createDice(seed: number): (sides: number) => number {
  let state = seed | 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

test.each([
  [
    'short and far delays mixed',
    400,
    (dice: (sides: number) => number) => (dice(20) === 0 ? dice(60_000_000) : dice(900)),
  ],
  ['all delays equal', 3_000, () => 10_000],
  ['everything at one of few instants', 3_000, (dice: (sides: number) => number) => dice(4) * 1_000_000],
  [
    'delays over twelve orders of magnitude',
    2_000,
    (dice: (sides: number) => number) => Math.floor(10 ** (dice(12_000) / 1_000)),
  ],
] as const)('long holds keep the order while the calendar lays itself out: %s', (_name, pendingCount, delayOf) => {
  for (let seed = 1; seed <= 4; seed++) {
    const dice = createDice(seed * 7919);
    const pair = new Pair();
    for (let i = 0; i < pendingCount; i++) pair.push(delayOf(dice), dice(3));
    for (let i = 0; i < 12_000; i++) {
      pair.take(Infinity);
      pair.push(delayOf(dice), dice(3));
      if (dice(4) === 0) pair.startLine(dice(LINE_DELAYS.length));
      if (dice(4) === 0) pair.cancel(dice(1_000_000));
      if (i % 3_000 === 2_999) for (let k = 0; k < pendingCount / 2; k++) pair.push(delayOf(dice), 1);
    }
    pair.drain();
  }
});
