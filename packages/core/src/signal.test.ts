import { expect, test } from 'vitest';
import { Signal, type SignalWaiter } from './signal.ts';

/** A waiter that writes down where it was told. */
function createWaiter(log: string[], name: string, onFired: () => void = () => undefined): SignalWaiter {
  return {
    signalFired(place) {
      log.push(`${name} ${place}`);
      onFired();
    },
  };
}

test('a signal fires once, with a value, and stays fired', () => {
  const signal = new Signal<string>('door opens');
  expect([signal.isFired, signal.value]).toEqual([false, undefined]);
  signal.fire('wide');
  expect([signal.isFired, signal.value]).toEqual([true, 'wide']);
  expect(() => signal.fire('again')).toThrow(new RangeError('signal "door opens": already fired; a signal fires once'));
});

test('waiters are told once, in the order they came, with their place; those who left are not', () => {
  const signal = new Signal('signal');
  const log: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => createWaiter(log, name)) as [
    SignalWaiter,
    SignalWaiter,
    SignalWaiter,
  ];
  signal.addWaiter(a, 7);
  signal.addWaiter(b, 8);
  signal.addWaiter(c, 9);
  signal.addWaiter(a, 99);
  signal.removeWaiter(b);
  signal.removeWaiter(b);
  signal.fire();
  expect(log).toEqual(['a 7', 'c 9']);
});

test('a waiter that leaves and comes back goes to the end', () => {
  const signal = new Signal('signal');
  const log: string[] = [];
  const [a, b] = ['a', 'b'].map((name) => createWaiter(log, name)) as [SignalWaiter, SignalWaiter];
  signal.addWaiter(a, 0);
  signal.addWaiter(b, 1);
  signal.removeWaiter(a);
  signal.addWaiter(a, 2);
  signal.fire();
  expect(log).toEqual(['b 1', 'a 2']);
});

test('a waiter that another one removes while the signal fires is not told', () => {
  const signal = new Signal('signal');
  const log: string[] = [];
  const second = createWaiter(log, 'second');
  signal.addWaiter(
    createWaiter(log, 'first', () => signal.removeWaiter(second)),
    0,
  );
  signal.addWaiter(second, 1);
  signal.fire();
  expect(log).toEqual(['first 0']);
});
