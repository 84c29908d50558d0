import { expect, it } from 'vitest';
import * as z from 'zod';
import { parseDocument, writtenSchema } from './parse.ts';
import { getPath, readScalar, setPath } from './path.ts';
import { documented, isSourced } from './provenance.ts';
import { count, duration } from './quantity.ts';

const schema = z.strictObject({
  id: z.string(),
  clusters: z.array(z.strictObject({ id: z.string(), nodes: count(), memory: z.string().optional() })),
  dns: z.strictObject({ ttl: duration(), stale: duration().optional() }).nullable(),
  names: z.record(z.string(), count()).optional(),
});
const jsonSchema = writtenSchema(schema);

const document = {
  id: 'x',
  clusters: [
    { id: 'large-1', nodes: documented(7_500, 'an article') },
    { id: 'small-1', nodes: 100 },
    { id: 'v1.2', nodes: 50 },
  ],
  dns: null,
};

it.each([
  ['clusters[1].nodes=5000', ['clusters[small-1].nodes: 100 -> 5000']],
  ['clusters[small-1].nodes=5000', ['clusters[small-1].nodes: 100 -> 5000']],
  ['clusters[v1.2].nodes=60', ['clusters[v1.2].nodes: 50 -> 60']],
  ['clusters[*].memory=96 GiB', ['clusters[large-1, small-1, v1.2].memory: (absent) -> "96 GiB"']],
  [' id = y ', ['id: "x" -> "y"']],
  ['dns.ttl=20 min', ['dns: null -> { ttl: 20 min }']],
  ['names.web=3', ['names: (absent) -> { web: 3 }']],
  ['clusters[0].nodes=7500', []],
])('%s', (assignment, difference) => {
  expect(setPath(document, assignment, jsonSchema).difference).toEqual(difference);
});

it('leaves the document it was given alone', () => {
  const before = JSON.stringify(document);
  const { document: changed } = setPath(document, 'clusters[0].nodes=1', jsonSchema);
  expect(JSON.stringify(document)).toBe(before);
  expect(parseDocument(schema, changed, 'x').clusters[0]?.nodes).toBe(1);
});

it('a value that had a source is now assumed, so that the report lists it', () => {
  const { document: changed } = setPath(document, 'clusters[large-1].nodes=5000', jsonSchema);
  const nodes = getPath(changed, 'clusters[0].nodes');
  expect(isSourced(nodes) && [nodes.value, nodes.source]).toEqual([5_000, 'assumed']);
});

it.each([
  ['clusters[0].node=5', 'unknown path "clusters[0].node"; did you mean "clusters[0].nodes"?'],
  ['cluster[0].nodes=5', 'unknown path "cluster"; did you mean "clusters"?'],
  ['clusters[3].nodes=5', '"clusters" has 3 items and none is "3"; known: large-1, small-1, v1.2'],
  ['clusters[larg-1].nodes=5', '"clusters" has 3 items and none is "larg-1"; did you mean "large-1"?'],
  ['id[0]=5', '"id" is not a list'],
  ['id.x=5', 'unknown path "id.x"'],
  ['clusters[1].nodes.value=5', '"clusters[1].nodes" is a single value and has nothing inside'],
  ['dns.tttl=5 s', 'unknown path "dns.tttl"; did you mean "dns.ttl"?'],
  ['__proto__.polluted=1', 'unknown path "__proto__"'],
  ['names.__proto__=1', 'unknown path "names.__proto__"'],
  ['constructor.prototype.x=1', 'unknown path "constructor"'],
  ['clusters', 'expected path=value, such as clusters[0].nodes=5000'],
  ['=5', 'expected path=value, such as clusters[0].nodes=5000'],
  ['a..b=5', 'malformed path "a..b"; write it as clusters[0].nodes'],
  ['clusters[0=5', 'malformed path "clusters[0"; write it as clusters[0].nodes'],
  ['clusters[].nodes=5', 'malformed path "clusters[].nodes"; write it as clusters[0].nodes'],
  ['.id=5', 'malformed path ".id"; write it as clusters[0].nodes'],
])('refuses %s', (assignment, message) => {
  expect(() => setPath(document, assignment, jsonSchema)).toThrow(`assignment "${assignment}": ${message}`);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it.each([
  ['5000', 5000],
  ['1.5', 1.5],
  ['true', true],
  ['null', null],
  ['30 min', '30 min'],
  ['"5000"', '5000'],
  ['[1, 2]', [1, 2]],
  ['{"a": 1}', { a: 1 }],
  ['{a: 1}', '{a: 1}'],
  ['', ''],
])('%s is read as %j', (text, value) => {
  expect(readScalar(text)).toEqual(value);
});

it('getPath leads nowhere through prototypes', () => {
  expect(getPath(document, 'constructor.name')).toBeUndefined();
  expect(getPath(document, 'clusters[none].nodes')).toBeUndefined();
  expect(getPath(document, 'clusters[small-1].nodes')).toBe(100);
});
