import { describe, expect, it } from 'vitest';
import { applyMitigations, defineMitigation, parseMitigationList, type Mitigation } from './mitigation.ts';
import type { ScenarioDocument } from './document.ts';

const document = {
  id: 'x',
  rollout: {
    waves: [
      { clusters: ['a'], at: '0 s' },
      { clusters: ['b'], at: '1 min' },
    ],
  },
  operators: { crew: 2, breakGlass: null },
} as unknown as ScenarioDocument;

const baked = defineMitigation({
  id: 'baked-rollout',
  theme: 'rollout',
  title: 'Baked rollout',
  what: 'A wave waits until the one before has settled.',
  costs: 'The rollout takes longer.',
  leavesOut: 'Harm that shows later than the bake.',
  parameters: {
    bake: { kind: 'duration', default: '10 min', description: 'pause between waves' },
    first: { kind: 'count', default: 1, description: 'first wave that bakes' },
  },
  apply(draft, { bake, first }) {
    for (const wave of draft.rollout?.waves.slice(first) ?? []) wave.bake = bake;
  },
});

const crew = defineMitigation({
  id: 'larger-crew',
  theme: 'people',
  title: 'Larger crew',
  what: 'More clusters are worked on at once.',
  costs: 'More people on call.',
  leavesOut: 'Locked doors.',
  parameters: {
    factor: { kind: 'number', default: 2, description: 'times as many' },
    who: { kind: 'choice', default: 'everybody', options: ['everybody', 'leads'], description: 'who' },
    only: { kind: 'names', default: [], description: 'clusters' },
    means: { kind: 'names', default: [], options: ['scale-down', 'scale-up'], description: 'means' },
    part: { kind: 'share', default: 0.5, description: 'share' },
    note: { kind: 'text', default: 'none', description: 'a note' },
  },
  apply(draft, { factor }) {
    draft.operators.crew = Number(draft.operators.crew) * factor;
  },
});

const known: readonly Mitigation[] = [baked, crew];

describe('reading a list', () => {
  it('takes defaults for what is not named', () => {
    expect(parseMitigationList('baked-rollout', known)[0]?.values).toEqual({ bake: '10 min', first: 1 });
  });

  it('reads several, with parameters of every kind', () => {
    const chosen = parseMitigationList(
      'baked-rollout:bake=30min,first=0+larger-crew:factor=1.5,who=leads,only=a/b,means=scale-up,part=5%,note=x=y',
      known,
    );
    expect(chosen.map(({ mitigation, values }) => [mitigation.id, values])).toEqual([
      ['baked-rollout', { bake: '30 min', first: 0 }],
      ['larger-crew', { factor: 1.5, who: 'leads', only: ['a', 'b'], means: ['scale-up'], part: 0.05, note: 'x=y' }],
    ]);
  });

  it.each([
    ['baked_rollout', 'mitigation "baked_rollout": unknown mitigation; did you mean "baked-rollout"?'],
    ['frobnicate', 'mitigation "frobnicate": unknown mitigation; known: baked-rollout, larger-crew'],
    ['', 'mitigation "": unknown mitigation; known: baked-rollout, larger-crew'],
    ['baked-rollout+', 'mitigation "": unknown mitigation; known: baked-rollout, larger-crew'],
    ['baked-rollout:bakes=1min', 'mitigation "baked-rollout": unknown parameter "bakes"; did you mean "bake"?'],
    ['baked-rollout:x=1', 'mitigation "baked-rollout": unknown parameter "x"; known: bake, first'],
    ['baked-rollout:__proto__=1', 'mitigation "baked-rollout": unknown parameter "__proto__"; known: bake, first'],
    [
      'baked-rollout:bake=30',
      'mitigation "baked-rollout": bake: expected a duration such as 30min, got "30": the unit is missing',
    ],
    [
      'baked-rollout:bake',
      'mitigation "baked-rollout": bake: expected a duration such as 30min, got "": not a number with a unit',
    ],
    ['baked-rollout:bake=-1min', 'mitigation "baked-rollout": bake: expected a duration of at least 0 s, got "-1min"'],
    ['baked-rollout:first=1.5', 'mitigation "baked-rollout": first: expected a whole number such as 3, got "1.5"'],
    ['larger-crew:factor=many', 'mitigation "larger-crew": factor: expected a number such as 1.5, got "many"'],
    [
      'larger-crew:who=lead',
      'mitigation "larger-crew": who: expected everybody or leads, got "lead"; did you mean "leads"?',
    ],
    [
      'larger-crew:means=scale-up/scaledown',
      'mitigation "larger-crew": means: expected scale-down or scale-up, got "scaledown"; did you mean "scale-down"?',
    ],
    ['larger-crew:part=2', 'mitigation "larger-crew": part: expected a share such as 0.05 or 5%, got "2"'],
    ['larger-crew:note=', 'mitigation "larger-crew": note: expected a text, got nothing'],
  ])('refuses %s', (list, message) => {
    expect(() => parseMitigationList(list, known)).toThrow(message);
  });
});

describe('applying', () => {
  it('leaves the baseline alone and says what it changed', () => {
    const before = JSON.stringify(document);
    const mitigated = applyMitigations(document, parseMitigationList('baked-rollout:bake=30min+larger-crew', known));
    expect(JSON.stringify(document)).toBe(before);
    expect(mitigated.document.operators.crew).toBe(4);
    expect(mitigated.applied).toMatchObject([
      {
        id: 'baked-rollout',
        parameters: { bake: '30 min' },
        difference: ['rollout.waves[1].bake: (absent) -> "30 min"'],
      },
      { id: 'larger-crew', difference: ['operators.crew: 2 -> 4'] },
    ]);
  });

  it('each mitigation sees what the ones before it did', () => {
    const { document: twice } = applyMitigations(document, parseMitigationList('larger-crew+larger-crew', known));
    expect(twice.operators.crew).toBe(8);
  });

  it('a mitigation that changes nothing here says so by an empty difference', () => {
    const { applied } = applyMitigations(document, parseMitigationList('baked-rollout:first=9', known));
    expect(applied[0]?.difference).toEqual([]);
  });
});

it.each([
  [{ id: 'Not Kebab' }, 'mitigation "Not Kebab": expected an id in kebab case'],
  [{ costs: ' ' }, 'mitigation "larger-crew": costs must not be empty'],
  [
    { parameters: { bake: { kind: 'duration' as const, default: '10', description: 'x' } } },
    'mitigation "larger-crew": default of bake: expected a duration such as 30min, got "10": the unit is missing',
  ],
  [
    { parameters: { means: { kind: 'names' as const, default: ['b'], options: ['a'], description: 'x' } } },
    'mitigation "larger-crew": default of means: expected a, got "b"',
  ],
])('a definition with %j is refused', (change, message) => {
  expect(() => defineMitigation({ ...crew, ...change })).toThrow(message);
});
