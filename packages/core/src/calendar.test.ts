import { describe, expect, test } from 'vitest';
import { Calendar } from './calendar.ts';
import { EventRecords } from './event-records.ts';

const FAR = 1_000_000_000_000;

/** Takes everything and answers the arguments in the order they came. */
function drain(calendar: Calendar): number[] {
  const order: number[] = [];
  while (calendar.take(Infinity) >= 0) order.push(calendar.takenArgument);
  return order;
}

describe('order', () => {
  test('equal times run by rank and then as pushed, whichever part of the calendar they stand in', () => {
    for (const time of [0, 5, 123_456_789]) {
      const calendar = new Calendar();
      for (let i = 0; i < 600; i++) calendar.pushAfter(time, 2 - (i % 3), 0, (2 - (i % 3)) * 200 + Math.floor(i / 3));
      expect(drain(calendar)).toEqual(Array.from({ length: 600 }, (_, i) => i));
    }
  });

  test('nothing later than the horizon is taken, and what is pushed before it afterwards still comes first', () => {
    const calendar = new Calendar();
    for (let i = 0; i < 100; i++) calendar.pushAfter(1_000 + i * 1_000, 1, 0, i);
    expect(calendar.take(999)).toBe(-1);
    expect(calendar.take(1_000)).toBe(0);
    expect(calendar.take(1_999)).toBe(-1);
    calendar.pushAfter(500, 1, 0, 1_000);
    calendar.pushAfter(1, 1, 0, 1_001);
    expect(drain(calendar).slice(0, 3)).toEqual([1_001, 1_000, 1]);
  });

  test('an event before the bucket that was reached while looking ahead is not missed', () => {
    const calendar = new Calendar();
    for (let i = 0; i < 100; i++) calendar.pushAfter(FAR + i * 1_000_000, 1, 0, i);
    expect(calendar.take(10)).toBe(-1);
    for (let i = 99; i >= 0; i--) calendar.pushAfter(20 + i, 1, 0, 1_000 + i);
    expect(drain(calendar)).toEqual([...Array(100).keys()].map((i) => 1_000 + i).concat([...Array(100).keys()]));
  });

  test('the largest safe time is a time like any other', () => {
    const calendar = new Calendar();
    for (let i = 0; i < 60; i++) calendar.pushAfter(Number.MAX_SAFE_INTEGER - (i % 2), 1, 0, i);
    for (let i = 0; i < 60; i++) calendar.pushAfter(i, 1, 0, 100 + i);
    const taken = drain(calendar);
    expect(taken.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, i) => 100 + i));
    expect(taken.slice(60, 90)).toEqual(Array.from({ length: 30 }, (_, i) => 2 * i + 1));
  });
});

describe('handles', () => {
  test('a handle is void once its event ran, was cancelled, or when it never was one', () => {
    const calendar = new Calendar();
    const ran = calendar.handleOf(calendar.pushAfter(1, 1, 0, 1));
    const cancelled = calendar.handleOf(calendar.pushAfter(2, 1, 0, 2));
    calendar.take(Infinity);
    calendar.remove(calendar.find(cancelled));
    for (const handle of [ran, cancelled, 0, -1, 1.5, NaN, Infinity, 1e300, ran + 1])
      expect(calendar.find(handle)).toBe(-1);
  });

  test('the handle of a cancelled event stays void while its record waits in its bucket and after its slot is reused', () => {
    const calendar = new Calendar();
    const handles = Array.from({ length: 200 }, (_, i) =>
      calendar.handleOf(calendar.pushAfter(1_000 * (i + 1), 1, 0, i)),
    );
    calendar.take(Infinity);
    for (let i = 1; i < 200; i += 2) calendar.remove(calendar.find(handles[i]!));
    for (let i = 1; i < 200; i += 2) expect(calendar.find(handles[i]!)).toBe(-1);
    drain(calendar);
    for (let i = 0; i < 200; i++) calendar.pushAfter(FAR + i, 1, 0, i);
    for (const handle of handles) expect(calendar.find(handle)).toBe(-1);
  });

  test('no handle is zero, so a cleared column of handles names no event', () => {
    const calendar = new Calendar();
    for (let i = 0; i < 1_000; i++) expect(calendar.handleOf(calendar.pushAfter(i, 1, 0, i))).toBeGreaterThan(0);
  });

  test('the one slot of a small calendar is replaced when its generations are used up', () => {
    const records = new EventRecords(1, 1_000);
    const calendar = new Calendar(records);
    const handles = new Set<number>();
    for (let i = 0; i < 5_000; i++) {
      handles.add(calendar.handleOf(calendar.pushAfter(1, 1, 0, 0)));
      calendar.take(Infinity);
    }
    expect(handles.size).toBe(5_000);
    for (const handle of handles) expect(calendar.find(handle)).toBe(-1);
    expect(records.countInUse()).toBe(5);
  });
});

describe('memory', () => {
  test('slots in use stay below twice the living plus a constant when 99 of 100 timeouts are cancelled', () => {
    const records = new EventRecords();
    const calendar = new Calendar(records);
    const timeouts = new Float64Array(300);
    const ticks = calendar.addLine(1);
    let mostInUse = 0;
    for (let i = 0; i < 200_000; i++) {
      const client = i % 300;
      const slot = calendar.find(timeouts[client]!);
      if (slot >= 0 && i % 100 !== 0) calendar.remove(slot);
      timeouts[client] = calendar.handleOf(calendar.pushAfter(30_000_000, 1, 0, client));
      calendar.pushToLine(ticks, 1, 1, 0);
      while (calendar.take(i + 1) >= 0);
      if (i % 1_000 === 0) {
        mostInUse = Math.max(mostInUse, records.countInUse());
        expect(records.countInUse()).toBeLessThanOrEqual(2 * calendar.size + 1_025);
      }
    }
    expect(mostInUse).toBeGreaterThan(300);
    expect(records.capacity).toBeLessThanOrEqual(8_192);
  });

  test('a cancelled event of a delay line gives its slot back at once, save one marker', () => {
    const records = new EventRecords();
    const calendar = new Calendar(records);
    const line = calendar.addLine(3);
    for (let i = 0; i < 50_000; i++) calendar.remove(calendar.pushToLine(line, FAR, 1, 0));
    expect(calendar.size).toBe(0);
    expect(records.countInUse()).toBeLessThanOrEqual(1);
    expect(calendar.take(Infinity)).toBe(-1);
    expect(records.countInUse()).toBe(0);
  });

  test('when everything has run every slot is free again', () => {
    const records = new EventRecords();
    const calendar = new Calendar(records);
    const line = calendar.addLine(9);
    for (let i = 0; i < 20_000; i++) {
      const handle = calendar.handleOf(calendar.pushAfter((i * 7919) % 1_000_003, 1, 0, i));
      if (i % 3 === 0) calendar.remove(calendar.find(handle));
      if (i % 5 === 0) calendar.pushToLine(line, 2_000_000, 1, i);
    }
    drain(calendar);
    expect([calendar.size, records.countInUse()]).toEqual([0, 0]);
  });
});

describe('delay lines', () => {
  test('the next event of a line takes its own place among equal times', () => {
    const calendar = new Calendar();
    const line = calendar.addLine(0);
    calendar.pushToLine(line, 10, 1, 1);
    calendar.pushAfter(20, 1, 0, 2);
    calendar.pushToLine(line, 20, 1, 3);
    calendar.pushAfter(20, 1, 0, 4);
    expect(drain(calendar)).toEqual([1, 2, 3, 4]);
  });

  test('cancelling the first of a line does not let the marker run, nor lose those behind it', () => {
    const calendar = new Calendar();
    const line = calendar.addLine(0);
    const first = calendar.handleOf(calendar.pushToLine(line, 10, 1, 1));
    const second = calendar.handleOf(calendar.pushToLine(line, 11, 1, 2));
    calendar.pushToLine(line, 12, 1, 3);
    calendar.remove(calendar.find(first));
    calendar.remove(calendar.find(second));
    expect(calendar.size).toBe(1);
    expect(calendar.take(11)).toBe(-1);
    expect(drain(calendar)).toEqual([3]);
  });

  test('a line that was cancelled empty works again, before and after its marker has gone', () => {
    const calendar = new Calendar();
    const line = calendar.addLine(7);
    calendar.remove(calendar.pushToLine(line, 10, 1, 1));
    calendar.pushToLine(line, 15, 1, 2);
    expect([calendar.take(Infinity), calendar.takenArgument, calendar.now]).toEqual([7, 2, 15]);
    calendar.remove(calendar.pushToLine(line, 20, 1, 3));
    expect(calendar.take(Infinity)).toBe(-1);
    calendar.pushToLine(line, 25, 1, 4);
    expect([calendar.take(Infinity), calendar.takenArgument]).toEqual([7, 4]);
  });
});

describe('no collapse', () => {
  /** Records looked at per event stays constant when the time does; a tenfold size may cost a little, not tenfold. */
  function secondsFor(count: number, delayOf: (i: number) => number): number {
    const calendar = new Calendar();
    const start = process.cpuUsage().user;
    for (let i = 0; i < count; i++) calendar.pushAfter(delayOf(i), 1, 0, i);
    for (let i = 0; i < count; i++) {
      calendar.take(Infinity);
      calendar.pushAfter(delayOf(i * 31), 1, 0, i);
    }
    return (process.cpuUsage().user - start) / 1e6;
  }

  test.each([
    ['spread evenly', (i: number) => (((i * 2_654_435_761) % 4_294_967_296) / 256) | 0],
    ['all at the same few instants', (i: number) => (i % 3) * 1_000_000],
    ['fast ones among a crowd of slow ones', (i: number) => (i % 100 === 0 ? i % 50 : 3_600_000_000 + (i % 1_000_003))],
    ['growing exponentially', (i: number) => Math.floor(1.001 ** (i % 20_000))],
  ])('filling and holding ten times as many events costs about ten times as much: %s', (_name, delayOf) => {
    secondsFor(20_000, delayOf);
    const small = secondsFor(20_000, delayOf);
    const large = secondsFor(200_000, delayOf);
    expect(large).toBeLessThan(40 * small + 0.2);
  });
});
