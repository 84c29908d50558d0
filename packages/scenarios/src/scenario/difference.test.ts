import { enablePatches, produceWithPatches, type Draft } from 'immer';
import { expect, it } from 'vitest';
import { differenceLines } from './difference.ts';
import { assumed, documented } from './provenance.ts';

enablePatches();

interface Cluster {
  readonly id: string;
  readonly nodes: unknown;
  readonly zones?: readonly string[];
}

interface Sample {
  readonly clusters: readonly Cluster[];
  readonly waves: readonly { readonly bake?: string; readonly clusters: readonly string[] }[];
  readonly gate?: { readonly above: number; readonly window: string; readonly note?: string } | null;
}

const sample: Sample = {
  clusters: ['a', 'b', 'c', 'd'].map((id) => ({ id, nodes: documented(100, 'article') })),
  waves: [{ clusters: ['a', 'b', 'c', 'd'] }],
  gate: null,
};

function difference(recipe: (draft: Draft<Sample>) => void): string[] {
  const [, patches] = produceWithPatches(sample, recipe);
  return differenceLines(sample, patches);
}

it.each<[string, (draft: Draft<Sample>) => void, string[]]>([
  ['nothing', () => undefined, []],
  ['the same value again', (draft) => void (draft.waves = [{ clusters: ['a', 'b', 'c', 'd'] }]), []],
  ['a new key', (draft) => void (draft.waves[0]!.bake = '30 min'), ['waves[0].bake: (absent) -> "30 min"']],
  [
    'null to an object',
    (draft) => void (draft.gate = { above: 0.8, window: '1 min' }),
    ['gate: null -> { above: 0.8, window: 1 min }'],
  ],
  ['one of several items', (draft) => void (draft.clusters[1]!.nodes = 7), ['clusters[b].nodes: 100 -> 7']],
  [
    'some items alike',
    (draft) => draft.clusters.slice(0, 2).forEach((cluster) => (cluster.nodes = 7)),
    ['clusters[a, b].nodes: 100 -> 7'],
  ],
  [
    'all items alike',
    (draft) => draft.clusters.forEach((cluster) => (cluster.nodes = 7)),
    ['clusters[*].nodes: 100 -> 7'],
  ],
  ['another source only', (draft) => void (draft.clusters[0]!.nodes = assumed(100, 'guess')), []],
  ['a removed item', (draft) => void draft.clusters.pop(), ['clusters[d]: { id: d, nodes: 100 } -> (absent)']],
  ['a removed key', (draft) => void delete draft.gate, ['gate: null -> (absent)']],
])('%s', (_name, recipe, lines) => {
  expect(difference(recipe)).toEqual(lines);
});

it('a list replaced by another is taken apart', () => {
  const lines = difference((draft) => {
    draft.waves = [{ clusters: ['a'] }, { clusters: ['b', 'c', 'd'], bake: '30 min' }];
  });
  expect(lines).toEqual([
    'waves[0].clusters[1]: "b" -> (absent)',
    'waves[0].clusters[2]: "c" -> (absent)',
    'waves[0].clusters[3]: "d" -> (absent)',
    'waves[1]: (absent) -> { clusters: [b, c, d], bake: 30 min }',
  ]);
});

it('a long new value is taken apart, and a long text is cut', () => {
  const note = 'n'.repeat(100);
  expect(difference((draft) => void (draft.gate = { above: 0.8, window: '1 min', note }))).toEqual([
    'gate.above: (absent) -> 0.8',
    'gate.window: (absent) -> "1 min"',
    `gate.note: (absent) -> "${'n'.repeat(68)}...`,
  ]);
});
