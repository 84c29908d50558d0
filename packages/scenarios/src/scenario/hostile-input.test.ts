/** Texts and data that mean harm or come from a broken tool: each is refused by one clear message, quickly. */
import { expect, it } from 'vitest';
import { DocumentError } from './document-error.ts';
import { loadDocument, longestDocument } from './load.ts';
import { parseScenario } from './parse.ts';
import { deepestNesting, longestText, mostValues, shapeProblem } from './shape.ts';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

const laughs = lines(8, (level) => {
  const name = (index: number): string => 'abcdefgh'.charAt(index);
  const content = level === 0 ? Array(9).fill('ha') : Array(9).fill(`*${name(level - 1)}`);
  return `${name(level)}: &${name(level)} [${content.join(', ')}]`;
});

const texts: readonly (readonly [name: string, text: string, message: string | RegExp])[] = [
  ['empty.yaml', '', 'empty.yaml: the document is empty'],
  ['blank.yaml', '  \n# only a comment\n', 'blank.yaml: the document is empty'],
  ['null.yaml', '~', 'null.yaml: the document is empty'],
  ['scalar.yaml', 'just text', 'scalar.yaml:1:1: expected keys and values, got "just text"'],
  ['list.yaml', '- a\n- b', 'list.yaml:1:1: expected keys and values, got [a, b]'],
  ['open.yaml', 'a: [1, 2', /^open\.yaml:1:9: malformed YAML: /],
  ['quote.yaml', 'a: "b', /^quote\.yaml:1:6: malformed YAML: missing closing "quote/],
  ['tab.yaml', 'a:\n\tb: 1', /^tab\.yaml:2:1: malformed YAML: tabs are not allowed/],
  ['indent.yaml', 'a: 1\n b: 2', /^indent\.yaml:\d+:\d+: malformed YAML: /],
  ['twice.yaml', 'id: a\nid: b', 'twice.yaml:2:1: malformed YAML: the key "id" stands twice'],
  ['inner-twice.yaml', 'a:\n  - { b: 1, b: 2 }', 'inner-twice.yaml:2:13: malformed YAML: the key "b" stands twice'],
  ['merge.yaml', 'a: &a { x: 1 }\nb:\n  <<: *a', /unknown key "a"/],
  ['nowhere.yaml', 'a: *b', 'nowhere.yaml:1:4: malformed YAML: nothing is called "b"'],
  ['self.yaml', 'a: &a [*a]', /self\.yaml/],
  ['laughs.yaml', laughs, 'laughs.yaml: aliases repeat too much of the document'],
  ['flood.yaml', `a: &a 1\nb: [${'*a,'.repeat(2_000)}]`, /aliases repeat too much of the document/],
  ['documents.yaml', 'a: 1\n---\nb: 2', /^documents\.yaml:2:1: malformed YAML: source contains multiple documents/],
  ['tag.yaml', 'a: !!js/function "return 1"', /^tag\.yaml:1:4: malformed YAML: unresolved tag/],
  ['own-tag.yaml', 'a: !execute rm', /^own-tag\.yaml:1:4: malformed YAML: unresolved tag: !execute/],
  ['directive.yaml', '%YAML 9.9\n---\na: 1', /malformed YAML: unsupported YAML version/],
  ['map-key.yaml', '? { a: 1 }\n: 2', /malformed YAML: with stringKeys, all keys must be strings/],
  ['proto.yaml', '__proto__: { polluted: 1 }', 'proto.yaml: the key "__proto__" is not allowed'],
  [
    'constructor.yaml',
    'clusters:\n  - constructor: 1',
    'constructor.yaml: clusters[0]: the key "constructor" is not allowed',
  ],
  ['infinity.yaml', 'a: .inf', 'infinity.yaml: a: expected a finite number, got Infinity'],
  ['nan.yaml', 'a: [.nan]', 'nan.yaml: a[0]: expected a finite number, got NaN'],
  ['huge.yaml', 'a: 1e999', 'huge.yaml: a: expected a finite number, got Infinity'],
  [
    'text.yaml',
    `a: ${'x'.repeat(longestText + 1)}`,
    `text.yaml: a: expected a text of at most ${longestText} characters, got ${longestText + 1}`,
  ],
  [
    'large.yaml',
    '#'.repeat(longestDocument + 1),
    `large.yaml: expected at most ${longestDocument} characters, got ${longestDocument + 1}`,
  ],
  ['values.yaml', '- 1\n'.repeat(mostValues), `values.yaml: expected at most ${mostValues} values, got more`],
  [
    'keys.yaml',
    lines(9_000, (index) => `k${index}: 1`),
    /^keys\.yaml:1:1: unknown key "k0"[^]*and 8\d{3} more problems$/m,
  ],
  ['flow.yaml', '['.repeat(100_000), 'flow.yaml:1:1: nested too deeply'],
  ['flow-map.yaml', '{a: '.repeat(5_000), 'flow-map.yaml:1:1: nested too deeply'],
  ['block.yaml', lines(500, (depth) => `${' '.repeat(depth)}a:`), 'block.yaml:202:1: nested too deeply'],
  ['dashes.yaml', '- '.repeat(5_000), 'dashes.yaml:1:1: nested too deeply'],
  ['questions.yaml', '? '.repeat(5_000), 'questions.yaml:1:1: nested too deeply'],
  ['deep.yaml', `${'['.repeat(55)}${']'.repeat(55)}`, `deep.yaml: nested deeper than ${deepestNesting} levels`],
  ['deep.json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, `deep.json: nested deeper than ${deepestNesting} levels`],
  ['open.json', '{"a": 1', /^open\.json:1:8: malformed JSON: Expected/],
  ['comma.json', '{\n  "a": 1,\n}', /^comma\.json:3:1: malformed JSON: /],
  ['yaml.json', 'a: 1', /^yaml\.json:1:1: malformed JSON: Unexpected token 'a'$/],
  ['late.json', `{"a": "${'x'.repeat(500)}", "b": tru}`, /^late\.json:1:519: malformed JSON: Unexpected token '}'$/],
  ['single.json', "{'a': 1}", /^single\.json:1:2: malformed JSON: /],
  ['twice.json', '{"a": 1, "a": 2}', /^twice\.json:1:10: .*the key "a" stands twice$/],
  ['proto.json', '{"__proto__": {"polluted": 1}}', 'proto.json: the key "__proto__" is not allowed'],
  ['empty.json', '', /^empty\.json:1:1: malformed JSON: Unexpected end/],
  ['formula.yaml', 'costs: { connection: "import(1)" }', /costs\.connection: expected a duration/],
  ['number.yaml', 'version: 2', /number\.yaml:1:10 version: expected 1, got 2/],
];

it.each(texts)('%s is refused', async (name, text, message) => {
  const read = async (): Promise<unknown> => {
    const document = await loadDocument(text, name);
    return parseScenario(document.data, document);
  };
  const error: unknown = await read().then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DocumentError);
  const said = error instanceof Error ? error.message : '';
  if (typeof message === 'string') expect(said.split('\n')[0]).toBe(message);
  else expect(said).toMatch(message);
  expect(said.split('\n').length).toBeLessThan(25);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

class DataTrap {
  readonly bait = 1;
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

it.each([
  ['a function', { a: () => 1 }, 'a: expected plain data, got a function'],
  ['a symbol', { a: Symbol('x') }, 'a: expected plain data, got a symbol'],
  ['a big integer', { a: 1n }, 'a: expected plain data, got a bigint'],
  ['a date', { a: new Date(0) }, 'a: expected plain data, got a Date'],
  ['a map', { a: new Map() }, 'a: expected plain data, got a Map'],
  ['an instance', { a: new DataTrap() }, 'a: expected plain data, got a DataTrap'],
  ['an object with another prototype', { a: Object.create({ b: 1 }) }, 'a: expected plain data, got a Object'],
  ['a ring', cyclic, `nested deeper than ${deepestNesting} levels`],
  ['an own key constructor', { a: [{ constructor: 1 }] }, 'a[0]: the key "constructor" is not allowed'],
])('data from a program: %s is refused', (_name, data, message) => {
  const problem = shapeProblem(data);
  expect([problem?.path, problem?.message].filter((part) => part !== '').join(': ')).toBe(message);
});

it('plain data passes, frozen or without a prototype too', () => {
  const bare: unknown = Object.assign(Object.create(null) as object, { a: [1, 'b', null, undefined, true] });
  expect(shapeProblem(Object.freeze({ bare }))).toBeUndefined();
});
