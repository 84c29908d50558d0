import { plainStyle } from '@brownout/scenarios';
import { expect, it } from 'vitest';
import type { Sink } from './context.ts';
import { styleFor, widthFor } from './style.ts';

const sink = (isTerminal: boolean, columns?: number): Sink => ({ write: () => undefined, isTerminal, columns });

it.each<[string, boolean, Record<string, string>, boolean]>([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which counts as unset', true, { NO_COLOR: '' }, true],
  ['NO_COLOR over FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ['FORCE_COLOR on a pipe', false, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0 on a pipe', false, { FORCE_COLOR: '0' }, false],
  ['continuous integration', false, { CI: 'true' }, false],
])('%s', (_name, isTerminal, environment, isColoured) => {
  expect(styleFor(sink(isTerminal), environment) !== plainStyle).toBe(isColoured);
});

it('is as wide as the terminal up to a point, and 100 elsewhere', () => {
  expect([widthFor(sink(true, 80)), widthFor(sink(true, 300)), widthFor(sink(false))]).toEqual([80, 132, 100]);
});
