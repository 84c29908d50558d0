import { expect, it } from 'vitest';
import * as z from 'zod';
import { controlPlaneJsonSchema } from './control-plane/schema.ts';
import { formula } from './formula.ts';
import { loadDocument } from './load.ts';
import { parseDocument, scenarioJsonSchema } from './parse.ts';
import { assumed } from './provenance.ts';
import { bytes, count, duration, share } from './quantity.ts';

const schema = z.strictObject({
  id: z.string().regex(/^[a-z-]+$/, 'expected lower-case words joined by hyphens'),
  clusters: z
    .array(
      z.strictObject({ id: z.string(), nodes: count({ min: 1 }), apiServers: z.strictObject({ memory: bytes() }) }),
    )
    .min(1),
  cost: formula('time', ['pods']).optional(),
  role: z.enum(['production', 'staging']).optional(),
  limit: z.number().max(10).optional(),
  isOn: z.boolean().optional(),
  shares: z.record(z.string(), share()).optional(),
  retry: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('fixed'), pause: duration() }),
    ])
    .optional(),
});

const right = { id: 'x', clusters: [{ id: 'a', nodes: 3, apiServers: { memory: '64 GiB' } }] };

function messageOf(change: object): string {
  try {
    parseDocument(schema, { ...right, ...change }, 'x');
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

it('gives numbers in base units', () => {
  const cost = assumed('1 ms * pods', 'a guess');
  const parsed = parseDocument(schema, { ...right, cost }, 'x');
  expect(parsed.clusters[0]?.apiServers.memory).toBe(64 * 1024 ** 3);
  expect(parsed.cost?.evaluate({ pods: 3 })).toBe(3_000);
});

it.each([
  [{ id: undefined }, 'x: id: missing; expected a text'],
  [{ id: 7 }, 'x: id: expected a text, got 7'],
  [{ id: 'X Y' }, 'x: id: expected lower-case words joined by hyphens, got "X Y"'],
  [{ clusters: 'a' }, 'x: clusters: expected a list, got "a"'],
  [{ clusters: [] }, 'x: clusters: expected at least 1 item, got 0'],
  [{ clusters: [3] }, 'x: clusters[0]: expected keys and values, got 3'],
  [{ clusters: [null] }, 'x: clusters[0]: expected keys and values, got null'],
  [{ role: 'prod' }, 'x: role: expected "production" or "staging", got "prod"; did you mean "production"?'],
  [{ limit: 11 }, 'x: limit: expected at most 10, got 11'],
  [{ limit: '3' }, 'x: limit: expected a number, got "3"'],
  [{ isOn: 'yes' }, 'x: isOn: expected true or false, got "yes"'],
  [{ shares: { a: 2 } }, 'x: shares.a: expected a share of at most 100 %, got 200 %'],
  [{ shares: [] }, 'x: shares: expected keys and values, got []'],
  [{ retry: { kind: 'fixd' } }, 'x: retry.kind: expected "none" or "fixed", got "fixd"; did you mean "fixed"?'],
  [{ retry: {} }, 'x: retry.kind: missing; expected "none" or "fixed"'],
  [{ retry: { kind: 'fixed', pause: 5 } }, 'x: retry.pause: expected a duration with a unit such as "5 s", got 5'],
  [{ retry: { kind: 'none', pause: '5 s' } }, 'x: retry: unknown key "pause"; known here: kind'],
  [{ retry: { kind: 'fixed', paus: '5 s' } }, 'x: retry: unknown key "paus"; did you mean "pause"?'],
  [{ cost: '1 kB' }, 'x: cost: formula "1 kB": expected a time such as "1.7 ms + 79 us * objects", got bytes'],
  [{ clutsers: [] }, 'x: unknown key "clutsers"; did you mean "clusters"?'],
  [{ zzzzzz: 1 }, 'x: unknown key "zzzzzz"; known here: id, clusters, cost, role, limit, isOn, shares, retry'],
])('refuses %j', (change, message) => {
  expect(messageOf(change)).toBe(message);
});

it('lists every problem, in the order of the text, with line and column', async () => {
  const text = `id: x
clusters:
  - id: a
    node: 3
    apiServers: { memory: 64 }
  - id: b
    nodes: 0
rol: staging
`;
  const document = await loadDocument(text, 'file.yaml');
  expect(() => parseDocument(schema, document.data, document)).toThrow(
    [
      'file.yaml:4:5 clusters[0]: unknown key "node"; did you mean "nodes"?',
      'file.yaml:5:27 clusters[0].apiServers.memory: expected bytes with a unit such as "64 GiB", got 64',
      'file.yaml:6:5 clusters[1].apiServers: missing; expected keys and values',
      'file.yaml:7:12 clusters[1].nodes: expected a whole number of at least 1, got 0',
      'file.yaml:8:1: unknown key "rol"; did you mean "role"?',
    ].join('\n'),
  );
});

it('a misspelt key is reported once, not as missing as well', () => {
  const clusters = [{ id: 'a', nods: 3, apiServers: { memory: '64 GiB' } }];
  expect(messageOf({ clusters })).toBe('x: clusters[0]: unknown key "nods"; did you mean "nodes"?');
});

it('of the forms a union offers, the one that fits best explains', () => {
  const either = z.strictObject({
    paging: z.union([z.number(), z.strictObject({ mean: z.number(), longest: z.number() })]),
  });
  expect(() => parseDocument(either, { paging: { mean: 3, longest: 'x' } }, 'x')).toThrow(
    'x: paging.longest: expected a number, got "x"',
  );
});

it('scenario documents have a JSON Schema that knows their keys and units', () => {
  const text = JSON.stringify(scenarioJsonSchema());
  expect(text).toContain('"clusters"');
  expect(text).toContain('"64 GiB"');
});

it.each([scenarioJsonSchema, controlPlaneJsonSchema])(
  'nobody can change the JSON Schema that others get: %o',
  (schemaOf) => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(schemaOf())).toBe(true);
    const { properties } = schemaOf();
    expect(Reflect.deleteProperty(properties!, Object.keys(properties!)[0]!)).toBe(false);
  },
);
