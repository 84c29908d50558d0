/** Links and files: what is sent comes back, and what means harm is refused by one clear message, quickly. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLink, readRunFile } from './read-shared-run.ts';
import { longestFile } from './shared-run-schema.ts';
import { isRunFile, linkText, longestLink, runFileText, type SharedRun, sharedRunDifference } from './shared-run.ts';

const run: SharedRun = {
  source: { kind: 'incident', id: 'openai-2024-12-11' },
  seed: '1',
  assignments: ['agent.period=5 min', 'clusters[large-1].nodes=5000'],
  mitigations: ['staged-rollout:bake=30min,cpuGate=20%', 'serve-stale-dns'],
  engine: '0.1.0',
  digest: '553f26fb3053c9b1',
};

const acted: SharedRun = {
  source: { kind: 'text', name: 'mine.yaml', text: 'version: 1\ntitle: "100 % & more = ü"\n' },
  seed: 'game-day#7',
  actions: [
    { id: 0, t: 1260.5, input: { kind: 'note', text: 'it begins & goes on', by: 'ann' } },
    {
      id: 1,
      t: 1300,
      input: { kind: 'act', action: { action: 'roll-back' }, path: 'api', cluster: 'large-1', by: 'ben' },
    },
  ],
  crew: 'none',
  untilSeconds: 7200,
  engine: '0.1.0',
};

it.each([run, acted])('a run comes back from its link and from its file', (each) => {
  expect(readLink(linkText(each))).toEqual(each);
  expect(readLink(`#?${linkText(each)}`)).toEqual(each);
  expect(readRunFile(runFileText(each))).toEqual(each);
  expect(isRunFile(runFileText(each))).toBe(true);
});

it('a link of an incident can be read, and is ASCII', () => {
  expect(linkText(run)).toBe(
    'v=1&incident=openai-2024-12-11&seed=1&set=agent.period%3D5%20min&set=clusters%5Blarge-1%5D.nodes%3D5000' +
      '&mitigate=staged-rollout:bake%3D30min,cpuGate%3D20%25&mitigate=serve-stale-dns&engine=0.1.0&digest=553f26fb3053c9b1',
  );
  expect(linkText(acted)).toMatch(/^[\x21-\x7e]+$/);
});

it('every text that may be in a run comes back as it was', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));
  const shared = fc.record({
    source: fc.record({
      kind: fc.constant('text' as const),
      name: line,
      text: fc.string({ unit: 'grapheme', minLength: 1 }),
    }),
    seed: fc.stringMatching(/^[\x21-\x7e]{1,64}$/),
    assignments: fc.array(line, { maxLength: 5 }).filter((all) => all.length > 0),
    mitigations: fc.array(line, { maxLength: 5 }).filter((all) => all.length > 0),
    engine: fc.constant('0.1.0'),
  });
  fc.assert(
    fc.property(shared, (each) => {
      expect(readLink(linkText(each))).toEqual(each);
      expect(readRunFile(runFileText(each))).toEqual(each);
    }),
    { seed: 7, numRuns: 200 },
  );
});

it('a document that is too long for a link is told to take a file', () => {
  const long: SharedRun = { ...acted, source: { kind: 'text', name: 'a.yaml', text: 'x'.repeat(longestLink) } };
  expect(() => linkText(long)).toThrow(
    /^link: expected at most 100000 characters, got 100\d{3}; save the run as a file/,
  );
  expect(readRunFile(runFileText(long))).toEqual(long);
});

it('a digest that differs is told plainly, with the versions of the engine', () => {
  const here = { engineVersion: '0.1.0', digest: '553f26fb3053c9b1' };
  expect(sharedRunDifference(run, here)).toBeUndefined();
  expect(sharedRunDifference({ engine: '0.1.0' }, here)).toBeUndefined();
  expect(sharedRunDifference({ ...run, engine: '0.0.9', digest: '0000000000000000' }, here)).toBe(
    'Not the run that was shared: its digest was 0000000000000000, here it is 553f26fb3053c9b1 (it was made with engine 0.0.9, this is 0.1.0).',
  );
  expect(sharedRunDifference({ ...run, digest: '0000000000000000' }, here)).toContain('the same version of the engine');
});

const good = linkText(run);
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const log = (text: string): string =>
  `v=1&incident=a&seed=1&engine=0.1.0&log=${encodeURIComponent(text).replaceAll('%2C', ',')}`;

const links: readonly (readonly [name: string, text: string, message: string | RegExp])[] = [
  ['nothing', '', 'link: unknown key ""'],
  ['a word', 'hello', 'link: unknown key "hello"'],
  ['another version', good.replace('v=1', 'v=2'), 'link: expected v=1, got 2'],
  ['no version', good.replace('v=1&', ''), 'link: expected v=1, got none'],
  ['an unknown key', `${good}&onload=alert(1)`, 'link: unknown key "onload"'],
  ['a key of prototypes', `${good}&__proto__=1`, 'link: unknown key "__proto__"'],
  ['a method as a key', `${good}&toString=1`, 'link: unknown key "toString"'],
  ['a key twice', `${good}&seed=2`, 'link: the key "seed" stands twice'],
  ['a broken escape', good.replace('seed=1', 'seed=%E0%A4%A'), 'link: seed: malformed, "%E0%A4%A"'],
  [
    'a script in place of an id',
    good.replace('openai-2024-12-11', '%3Cscript%3Ealert(1)%3C/script%3E'),
    /^link: source\.id: /,
  ],
  ['a path in place of an id', good.replace('openai-2024-12-11', '../../etc/passwd'), /^link: source\.id: /],
  [
    'an id that asks for backtracking',
    good.replace('openai-2024-12-11', `${'a-'.repeat(20_000)}!`),
    /^link: source\.id: /,
  ],
  ['an incident and a document', `${good}&name=a.yaml&text=a`, 'link: expected an incident or a document, got both'],
  ['neither', 'v=1&seed=1&engine=0.1.0', /^link: source\.name: /],
  [
    'a seed with spaces',
    good.replace('seed=1', 'seed=%20%0A'),
    'link: seed: expected 1 to 64 printable characters without spaces',
  ],
  ['a seed without end', good.replace('seed=1', `seed=${'9'.repeat(65)}`), /^link: seed: /],
  [
    'a digest that is none',
    good.replace('553f26fb3053c9b1', 'javascript:0'),
    'link: digest: expected 16 hexadecimal digits',
  ],
  [
    'a line break in an assignment',
    good.replace('agent.period', 'a%0Ab'),
    'link: assignments.0: expected no control characters',
  ],
  ['an assignment without end', good.replace('agent.period', 'x'.repeat(2_001)), /^link: assignments\.0: /],
  ['too many changes', `${good}${'&set=a%3D1'.repeat(60)}`, /^link: assignments: /],
  ['a flood of keys', `${good}${'&set=a'.repeat(10_000)}`, /^link: expected at most 120 parts, got 100\d\d$/],
  ['a flood of separators', '&'.repeat(90_000), /^link: expected at most 120 parts/],
  ['a link without end', `${good}${'0'.repeat(longestLink)}`, /^link: expected at most 100000 characters/],
  ['an end that is no number', `${good}&until=NaN`, 'link: untilSeconds: expected a finite number, got NaN'],
  ['an end beyond all numbers', `${good}&until=1e999`, 'link: untilSeconds: expected a finite number, got Infinity'],
  ['a crew of strangers', `${good}&crew=everybody`, /^link: crew: /],
  ['a log that is no JSON', log('{'), 'link: log: malformed JSON'],
  ['a log that is no list', log('{"length": 4294967295}'), /^link: actions: /],
  ['a log that is nested', log(deep(8_000)), /^link: (nested deeper than 40 levels|log: malformed JSON)$/],
  [
    'a log with a prototype',
    log('[{"id":0,"t":0,"input":{"kind":"note","by":"x","__proto__":{"polluted":1}}}]'),
    'link: actions[0].input: the key "__proto__" is not allowed',
  ],
  [
    'a log with a constructor',
    log('[{"id":0,"t":0,"input":{"kind":"note","by":"x","constructor":{"prototype":{}}}}]'),
    'link: actions[0].input: the key "constructor" is not allowed',
  ],
  [
    'a log of another kind',
    log('[{"id":0,"t":0,"input":{"kind":"eval","by":"x"}}]'),
    /^link: actions\.0\.input\.kind: /,
  ],
  [
    'a log with more than it should have',
    log('[{"id":0,"t":0,"input":{"kind":"note","by":"x"},"run":"x"}]'),
    /^link: actions\.0: /,
  ],
  ['a log out of time', log('[{"id":0,"t":1e300,"input":{"kind":"note","by":"x"}}]'), /^link: actions\.0\.t: /],
  ['a log without end', log(`[${'1,'.repeat(21_000)}1]`), 'link: expected at most 20000 values, got more'],
];

it.each(links)('a link is refused: %s', (_name, text, message) => {
  refused(() => readLink(text), message);
});

const body = { schema: 'brownout/run@1', ...run };

const files: readonly (readonly [name: string, text: string, message: string | RegExp])[] = [
  ['nothing', '', 'file: malformed JSON'],
  ['a number', '1', 'file: expected a run, got something else'],
  ['a list', '[]', 'file: expected a run, got something else'],
  ['another format', JSON.stringify({ ...body, schema: 'brownout/result@1' }), /^file: schema: /],
  ['a key too many', JSON.stringify({ ...body, html: '<img src=x onerror=alert(1)>' }), /^file: .*html/],
  [
    'a prototype',
    `{"__proto__": {"polluted": 1}, ${JSON.stringify(body).slice(1)}`,
    'file: the key "__proto__" is not allowed',
  ],
  [
    'a prototype in its source',
    JSON.stringify(body).replace('"kind":"incident"', '"kind":"incident","__proto__":{"a":1}'),
    'file: source: the key "__proto__" is not allowed',
  ],
  [
    'a source of another kind',
    JSON.stringify({ ...body, source: { kind: 'url', url: 'https://example.org' } }),
    /^file: source\.kind: /,
  ],
  [
    'a document without end',
    JSON.stringify({ ...body, source: { kind: 'text', name: 'a', text: 'x'.repeat(400_001) } }),
    /^file: source\.text: /,
  ],
  [
    'a document that is no text',
    JSON.stringify({ ...body, source: { kind: 'text', name: 'a', text: { a: 1 } } }),
    /^file: source\.text: /,
  ],
  ['a file without end', ' '.repeat(longestFile + 1), /^file: expected at most 1500000 characters/],
  ['nesting', deep(100_000), /^file: (expected a run|malformed JSON)/],
];

it.each(files)('a file is refused: %s', (_name, text, message) => {
  refused(() => readRunFile(text), message);
});

function refused(read: () => unknown, message: string | RegExp): void {
  let said = 'accepted';
  const began = performance.now();
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    said = error instanceof Error ? error.message : '';
  }
  // Generous: a busy machine, and still far from a page that hangs.
  expect(performance.now() - began).toBeLessThan(2_000);
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
  expect(said.length).toBeLessThan(400);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}
