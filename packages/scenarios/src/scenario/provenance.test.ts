import { expect, it } from 'vitest';
import { assumed, derived, documented, isSourced, measured, sourcesOf, textOf } from './provenance.ts';

it('lists what is sourced, in document order, and nothing else', () => {
  const document = {
    id: 'x',
    clusters: [
      { nodes: documented(7_500, 'the 2021 article'), services: 40 },
      { nodes: 100, memory: assumed('96 GiB', 'a usual size') },
    ],
    costs: { list: measured('1.7 ms + 79 us * pods', 'list_cost.csv') },
    paging: derived({ distribution: 'exponential', mean: '5 min' }, 'mean of the incidents'),
  };
  expect(sourcesOf(document)).toEqual([
    { path: 'clusters[0].nodes', text: '7500', source: 'documented', note: 'the 2021 article' },
    { path: 'clusters[1].memory', text: '96 GiB', source: 'assumed', note: 'a usual size' },
    { path: 'costs.list', text: '1.7 ms + 79 us * pods', source: 'measured', note: 'list_cost.csv' },
    {
      path: 'paging',
      text: '{ distribution: exponential, mean: 5 min }',
      source: 'derived',
      note: 'mean of the incidents',
    },
  ]);
});

it('lists a sourced part of a sourced whole under the path of the part', () => {
  const paging = assumed({ distribution: 'exponential', mean: measured('5 min', 'pager log') }, 'shape guessed');
  expect(sourcesOf({ paging }).map(({ path, source }) => [path, source])).toEqual([
    ['paging', 'assumed'],
    ['paging.mean', 'measured'],
  ]);
});

it('a note that says nothing is refused', () => {
  expect(() => documented(4_000, ' ')).toThrow('documented(4000): expected a note that names the source');
});

it.each([
  [{ value: 1, source: 'assumed', note: 'x' }, true],
  [{ value: 1, source: 'assumed' }, false],
  [{ value: 1, source: 'guessed', note: 'x' }, false],
  [{ value: 1, source: 'assumed', note: 'x', unit: 's' }, false],
  [['value', 'source', 'note'], false],
  [null, false],
])('%j is sourced: %s', (value, expected) => {
  expect(isSourced(value)).toBe(expected);
});

it('sourced values cannot be changed afterwards', () => {
  expect(Object.isFrozen(assumed(1, 'x'))).toBe(true);
});

it('writes values on one line without their sources', () => {
  expect(textOf({ a: [1, 'two', assumed(true, 'x')], b: null })).toBe('{ a: [1, two, true], b: null }');
});
