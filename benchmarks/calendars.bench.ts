/**
 * Event lists alone, without a simulation around them. Arguments: `calendar` or `heap`, `exponential`, `far` (one delay
 * in a hundred is a thousand times longer) or `cancel` (every event first cancels a timeout and pushes a new one),
 * rounds, pending events, holds.
 */
import { Calendar } from '../packages/core/src/calendar.ts';
import { IndexedHeapCalendar } from './alternatives/indexed-heap.ts';
import { measured } from './measure.ts';
import { exponentials, tableMask } from './tables.ts';

const TIMEOUT = 500_000;
const TIMEOUT_KIND = 1;
const increments = exponentials(1, 100_000);
const [, , list = 'calendar', shape = 'exponential', rounds = '1', pending = '100', holds = '1000'] = process.argv;
const far = shape === 'far' ? 100 : Infinity;

function run(calendar: Calendar | IndexedHeapCalendar, size: number, count: number): number {
  let cursor = 0;
  const delay = (): number => {
    const increment = increments[cursor & tableMask]!;
    return ++cursor % far === 0 ? increment * 1_000 : increment;
  };
  const timeouts = new Float64Array(size);
  for (let i = 0; i < size; i++) calendar.pushAfter(delay(), 1, 0, i);
  for (let i = 0; i < count; i++) {
    const kind = calendar.take(Infinity);
    if (kind === TIMEOUT_KIND) continue;
    const argument = calendar.takenArgument;
    calendar.pushAfter(delay(), 1, 0, argument);
    if (shape !== 'cancel') continue;
    const slot = calendar.find(timeouts[argument]!);
    if (slot >= 0) calendar.remove(slot);
    timeouts[argument] = calendar.handleOf(calendar.pushAfter(TIMEOUT, 1, TIMEOUT_KIND, argument));
  }
  return calendar.now;
}

for (let round = 0; round < Number(rounds); round++) {
  const size = Number(pending);
  const calendar = list === 'heap' ? new IndexedHeapCalendar(size * 2 + 16) : new Calendar();
  let count = 0;
  let finalTime = 0;
  const play = (): void => {
    finalTime = run(calendar, size, Number(holds));
    count = Number(holds);
  };
  measured(
    'main',
    0,
    play,
    () => count,
    () => finalTime,
  );
}
