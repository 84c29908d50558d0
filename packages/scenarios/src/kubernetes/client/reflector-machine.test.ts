/** Every transition of the reflector, row by row, as client-go's tools/cache/reflector.go has them. */
import { expect, it } from 'vitest';
import { nextReflectorStep, Outcome, ReflectorState, type ReflectorStep, turn } from './reflector-machine.ts';

type State = keyof typeof ReflectorState;
type End = keyof typeof Outcome;

const first = { isVersionUnavailable: false, isSecondList: false, usesWatchList: false };

/** [state, outcome, next state, what else changes]; outcomes that are not named cannot happen in that state. */
const transitions: readonly (readonly [State, End, State, Omit<ReflectorStep, 'state'>])[] = [
  ['listing', 'ok', 'watching', { isVersionUnavailable: false, isSynced: true }],
  ['listing', 'expired', 'listing', { isVersionUnavailable: true, isSecondList: true }],
  ['listing', 'tooLarge', 'listing', { isVersionUnavailable: true, isSecondList: true }],
  ['listing', 'refused', 'waitingToList', {}],
  ['listing', 'tooManyRequests', 'waitingToList', {}],
  ['listing', 'broken', 'waitingToList', {}],
  ['listing', 'failed', 'waitingToList', {}],
  ['waitingToList', 'waited', 'listing', { isSecondList: false }],
  ['watching', 'ok', 'streaming', {}],
  ['watching', 'refused', 'waitingToWatch', {}],
  ['watching', 'tooManyRequests', 'waitingToWatch', {}],
  ['watching', 'expired', 'waitingToList', {}],
  ['watching', 'tooLarge', 'waitingToList', {}],
  ['watching', 'broken', 'waitingToList', {}],
  ['watching', 'failed', 'waitingToList', {}],
  ['waitingToWatch', 'waited', 'watching', {}],
  ['streaming', 'ended', 'watching', {}],
  ['streaming', 'endedAtOnce', 'waitingToList', {}],
  ['streaming', 'expired', 'waitingToList', {}],
  ['streaming', 'tooManyRequests', 'waitingToWatch', {}],
  ['streaming', 'failed', 'waitingToList', {}],
  ['streamingList', 'ok', 'streaming', { isVersionUnavailable: false, isSynced: true }],
  ['streamingList', 'refused', 'waitingToStreamList', {}],
  ['streamingList', 'tooManyRequests', 'waitingToStreamList', {}],
  ['streamingList', 'expired', 'streamingList', { isVersionUnavailable: true }],
  ['streamingList', 'tooLarge', 'streamingList', { isVersionUnavailable: true }],
  ['streamingList', 'ended', 'streamingList', {}],
  ['streamingList', 'endedAtOnce', 'listing', { isSecondList: false }],
  ['streamingList', 'broken', 'listing', { isSecondList: false }],
  ['streamingList', 'failed', 'listing', { isSecondList: false }],
  ['waitingToStreamList', 'waited', 'streamingList', {}],
];

it.each(transitions)('%s, %s: %s', (state, outcome, next, changes) => {
  const step = nextReflectorStep(ReflectorState[state], Outcome[outcome], first);
  expect(step).toEqual({ state: ReflectorState[next], ...changes });
});

it('nothing else can happen', () => {
  const named = new Set(transitions.map(([state, outcome]) => `${state} ${outcome}`));
  for (const state of Object.keys(ReflectorState) as State[]) {
    for (const outcome of Object.keys(Outcome) as End[]) {
      if (named.has(`${state} ${outcome}`)) continue;
      expect(nextReflectorStep(ReflectorState[state], Outcome[outcome], first), `${state} ${outcome}`).toBeUndefined();
    }
  }
});

it.each(['expired', 'tooLarge'] as const)(
  'a second LIST that is %s as well waits, and asks for the newest again',
  (end) => {
    const second = { ...first, isVersionUnavailable: true, isSecondList: true };
    const step = nextReflectorStep(ReflectorState.listing, Outcome[end], second);
    expect(step).toEqual({ state: ReflectorState.waitingToList, isVersionUnavailable: true });
  },
);

it('a turn begins with WatchList where the client uses it, after every back-off as well', () => {
  const usesWatchList = { ...first, usesWatchList: true };
  expect(turn(usesWatchList)).toEqual({ state: ReflectorState.streamingList });
  expect(nextReflectorStep(ReflectorState.waitingToList, Outcome.waited, usesWatchList)).toEqual({
    state: ReflectorState.streamingList,
  });
  expect(turn(first)).toEqual({ state: ReflectorState.listing, isSecondList: false });
});
