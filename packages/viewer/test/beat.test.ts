/** The beat of the exercise page, with a clock and a screen of the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Beat } from '../exercise/beat.ts';

let now = 0;
let show: (() => void) | undefined;

beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => ((show = callback), 1));
  vi.stubGlobal('cancelAnimationFrame', () => (show = undefined));
  vi.stubGlobal(
    'MessageChannel',
    class {
      readonly port1 = {};
      readonly port2 = { postMessage: () => undefined };
    },
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** One beat after so many milliseconds. */
function pass(milliseconds: number): void {
  now += milliseconds;
  show?.();
}

it.each([true, false])(
  'what has something to do at every beat comes as often as it wants to (moving: %s)',
  (isMoving) => {
    const beat = new Beat(() => isMoving);
    let times = 0;
    beat.nowAndThen(250, () => ++times > 0);
    beat.start();
    // 61 beats in one second: at 0, 256, 512, 768 ms.
    for (let i = 0; i <= 60; i++) pass(16);
    expect(times).toBe(4);
  },
);

it('what had nothing to do is asked at the next beat again, and what has rested comes at once', () => {
  const beat = new Beat(() => false);
  const seen: number[] = [];
  let wanted = 0;
  beat.nowAndThen(250, () => {
    if (wanted === seen.length) return false;
    seen.push(now);
    return true;
  });
  beat.start();
  for (let i = 0; i < 50; i++) pass(16);
  wanted++;
  pass(16);
  expect(seen).toEqual([now]);
});

it('while time rests all who are due come at one beat, while it moves one at each', () => {
  for (const [isMoving, expected] of [
    [false, 3],
    [true, 1],
  ] as const) {
    const beat = new Beat(() => isMoving);
    let taken = 0;
    for (let i = 0; i < 3; i++) beat.nowAndThen(100, () => ++taken > 0);
    beat.start();
    pass(16);
    expect(taken).toBe(expected);
  }
});
