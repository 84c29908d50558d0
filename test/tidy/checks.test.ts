/** Shows each tidy check a small bad tree and a small good one: a check that never complains checks nothing. */
import { describe, expect, it } from 'vitest';
import { checkBannedCalls } from './banned-calls.ts';
import { checkOrphans, checkSharing, checkSizes, checkTestNames } from './files.ts';
import { checkCycles, checkLayers } from './layers.ts';
import { checkDecisions, checkLinks } from './links.ts';
import { checkDependencies, checkVersions } from './manifests.ts';
import { checkPublicDocumentation, listPublicNames } from './public-surface.ts';
import { describeViolations, readRepository, treeOf, type Tree, type Violation } from './tree.ts';
import { checkCoreWords, checkIncidentWords, checkMachinePaths, checkOpenings } from './words.ts';

const core = 'packages/core/src';
const scenarios = 'packages/scenarios/src';

function found(check: (tree: Tree) => readonly Violation[], files: Readonly<Record<string, string>>): string {
  return describeViolations(check(treeOf(files)));
}

function lines(count: number): string {
  return 'const a = 1;\n'.repeat(count);
}

describe('layers', () => {
  it('an import upwards inside core', () => {
    const text = found(checkLayers, { [`${core}/time.ts`]: "import { a } from './queueing/station.ts';\n" });
    expect(text).toMatch(
      /^packages\/core\/src\/time\.ts:1: layers: layer time, errors, power, .* imports .* queueing, traffic, cache/,
    );
    expect(found(checkLayers, { [`${core}/queueing/a.ts`]: "import { a } from '../time.ts';\n" })).toBe('');
  });

  it('a type and a dynamic import count as well', () => {
    expect(found(checkLayers, { [`${core}/time.ts`]: "import type { A } from './process.ts';\n" })).not.toBe('');
    expect(found(checkLayers, { [`${core}/time.ts`]: "const a = import('./process.ts');\n" })).not.toBe('');
  });

  it('an import upwards inside scenarios', () => {
    const files = { [`${scenarios}/kubernetes/a.ts`]: "import { a } from '../scenario/b.ts';\n" };
    expect(found(checkLayers, files)).toContain('layer kubernetes imports "../scenario/b.ts" of layer scenario');
  });

  it('a package above, and another package through its files', () => {
    const up = { [`${core}/time.ts`]: "import { a } from '@brownout/scenarios';\n" };
    expect(found(checkLayers, up)).toContain('@brownout/core < @brownout/scenarios');
    const across = { [`${scenarios}/kubernetes/a.ts`]: "import { a } from '../../../core/src/time.ts';\n" };
    expect(found(checkLayers, across)).toContain('reaches into another package');
    const down = { [`${scenarios}/kubernetes/a.ts`]: "import { a } from '@brownout/core/testing';\n" };
    expect(found(checkLayers, down)).toBe('');
  });

  it('a file without a layer', () => {
    expect(found(checkLayers, { [`${core}/helpers.ts`]: '' })).toContain('a file without a layer');
    expect(found(checkLayers, { 'packages/other/src/a.ts': '' })).toContain('a package without a place');
  });
});

describe('cycles', () => {
  const a = `${core}/queueing/a.ts`;
  const b = `${core}/queueing/b.ts`;

  it('two files that need each other', () => {
    const text = found(checkCycles, { [a]: "import { b } from './b.ts';\n", [b]: "import { a } from './a.ts';\n" });
    expect(text).toContain('core/src/queueing/a.ts -> core/src/queueing/b.ts -> core/src/queueing/a.ts');
  });

  it('a type alone makes none', () => {
    expect(
      found(checkCycles, { [a]: "import { b } from './b.ts';\n", [b]: "import type { A } from './a.ts';\n" }),
    ).toBe('');
  });
});

describe('words', () => {
  it.each(['kubelet', 'Pod', 'podCount', 'etcd', 'kube-apiserver', 'API server', 'CoreDNS'])(
    'core and "%s"',
    (word) => {
      const isAllowed = word === 'API server';
      expect(found(checkCoreWords, { [`${core}/time.ts`]: `// like a ${word}\n` }) === '').toBe(isAllowed);
    },
  );

  it('words that only contain one', () => {
    expect(found(checkCoreWords, { [`${core}/time.ts`]: '// a tripod, a podium, apidae\n' })).toBe('');
  });

  it('a company of an incident in the Kubernetes parts', () => {
    const files = { [`${scenarios}/incidents/acme-2024-12-11/facts.ts`]: '' };
    const part = `${scenarios}/kubernetes/etcd.ts`;
    expect(found(checkIncidentWords, { ...files, [part]: '\n// as at Acme\n' })).toContain(`${part}:2: incident words`);
    expect(found(checkIncidentWords, { ...files, [part]: '// acmeology\n' })).toBe('');
  });

  it.each(['home', 'root', 'tmp'])('a path under /%s', (folder) => {
    const path = ['', folder, 'someone'].join('/');
    expect(found(checkMachinePaths, { 'docs/a.md': `see \`${path}/x\`\n` })).toContain('exists on one machine only');
    expect(found(checkMachinePaths, { 'docs/a.md': `see https://example.org${path} and ./a${path}\n` })).toBe('');
  });

  it('a file that does not say what it is for', () => {
    expect(found(checkOpenings, { [`${core}/a.ts`]: "import { b } from './b.ts';\nexport const a = b;\n" })).toContain(
      'opening',
    );
    expect(found(checkOpenings, { [`${core}/a.ts`]: '/** Counts. */\nexport const a = 1;\n' })).toBe('');
    expect(
      found(checkOpenings, { [`${core}/a.ts`]: "import { b } from './b.ts';\n/** Counts. */\nexport const a = b;\n" }),
    ).toBe('');
    expect(
      found(checkOpenings, {
        [`${core}/a.ts`]: "/** Counts. */\n\nimport { b } from './b.ts';\nexport const a = b;\n",
      }),
    ).toBe('');
  });
});

describe('files', () => {
  it('sizes', () => {
    expect(found(checkSizes, { 'a.ts': lines(401) })).toContain('401 lines, at most 400');
    expect(found(checkSizes, { 'a.ts': lines(301) })).toContain('301 lines, over 300');
    expect(found(checkSizes, { 'examples/01-a.ts': lines(121) })).toContain('an example has 121 lines');
    expect(describeViolations(checkSizes(treeOf({ 'a.ts': lines(300) }), {}))).toBe('');
    expect(describeViolations(checkSizes(treeOf({ 'a.ts': lines(350) }), { 'a.ts': 'one algorithm' }))).toBe('');
    expect(describeViolations(checkSizes(treeOf({ 'a.ts': lines(20) }), { 'a.ts': 'one algorithm' }))).toContain(
      'Remove it',
    );
    expect(describeViolations(checkSizes(treeOf({ 'a.ts': lines(401) }), { 'a.ts': 'one algorithm' }))).toContain(
      'at most 400',
    );
  });

  it('a file that nobody imports', () => {
    const manifest = { 'packages/core/package.json': '{ "main": "./dist/index.js" }' };
    const files = { ...manifest, [`${core}/index.ts`]: "export { a } from './a.ts';\n", [`${core}/a.ts`]: '' };
    expect(found(checkOrphans, files)).toBe('');
    expect(found(checkOrphans, { ...files, [`${core}/b.ts`]: '' })).toContain(`${core}/b.ts:1: orphan`);
    expect(
      found(checkOrphans, { ...files, [`${core}/b.ts`]: '', [`${core}/b.test.ts`]: "import { b } from './b.ts';\n" }),
    ).toBe('');
  });

  it('tests under a name that is not run', () => {
    const text = "import { it } from 'vitest';\nit('a', () => {});\n";
    expect(found(checkTestNames, { 'test/a.spec.ts': text })).toContain('is not run');
    expect(found(checkTestNames, { 'test/a.test.ts': text })).toBe('');
  });

  it.each(["vi.mock('zod');", "process.env['A'] = '1';"])('tests that change a process of many: %s', (text) => {
    expect(found(checkSharing, { [`${core}/a.test.ts`]: text, 'test/a.test.ts': text })).toMatch(/^.*shared pro.*$/);
  });
});

describe('banned calls', () => {
  const path = `${core}/a.ts`;

  it.each([
    'const a = Math.random();',
    'const a = Date.now();',
    'const a = new Date();',
    'const a = performance.now();',
    'setTimeout(f, 1);',
    'queueMicrotask(f);',
    'const a = new Promise(f);',
    'function f(): Promise<void> {}',
    'async function f() {}',
    'const a = async () => 1;',
    'const a = await b;',
    'console.log(1);',
    'const a = process.env;',
    "import { a } from 'node:fs';",
    "const a = import('zod');",
    "export * from './b.ts';",
    'export default 1;',
    '// eslint-disable-next-line\nconst a = 1;',
    '// @ts-ignore\nconst a = 1;',
  ])('%s', (code) => {
    expect(found(checkBannedCalls, { [path]: `\n${code}\n` })).toMatch(/:\d: (banned call|silenced check): /);
  });

  it('comments, strings, templates and local names are no calls', () => {
    const code =
      "// Date.now() and await x\nconst a = 'console.log(1)';\nconst b = `new Date() ${a} await c`;\nconst async = a;\nprocess.wake();\n";
    expect(found(checkBannedCalls, { [path]: code })).toBe('');
  });

  it('code inside a template is code', () => {
    expect(found(checkBannedCalls, { [path]: 'const a = `${Date.now()}`;\n' })).toContain('`Date.now`');
  });

  it('document loading may wait, in its one file, but not look at the clock', () => {
    const load = `${scenarios}/scenario/load.ts`;
    const code = "async function f(): Promise<void> { await import('mathjs'); }\n";
    expect(found(checkBannedCalls, { [load]: code })).toBe('');
    expect(found(checkBannedCalls, { [load]: 'const a = Date.now();\n' })).not.toBe('');
    expect(found(checkBannedCalls, { [`${scenarios}/scenario/run.ts`]: code })).not.toBe('');
  });
});

describe('the public surface', () => {
  const manifest = JSON.stringify({
    name: '@brownout/core',
    exports: {
      '.': { 'brownout-source': './src/index.ts' },
      './testing': { 'brownout-source': './src/testing/index.ts' },
    },
  });
  const files = {
    'packages/core/package.json': manifest,
    [`${core}/index.ts`]: "export { b, type A } from './a.ts';\nexport { moved as c } from './b.ts';\n",
    [`${core}/testing/index.ts`]: '/** Tries. */\nexport function attempt(): void {}\n',
    [`${core}/a.ts`]: '/** The file. */\n\n/** A. */\nexport interface A { a: 1 }\n/** B. */\nexport const b = 1;\n',
    [`${core}/b.ts`]: "import { moved } from './c.ts';\nexport { moved };\n",
    [`${core}/c.ts`]: '/** Moved. */\nexport class moved {}\n',
  };

  it('is listed by entry point, sorted, types marked', () => {
    const expected = '[@brownout/core/testing]\nattempt\n\n[@brownout/core]\ntype A\nb\nc\n';
    expect(listPublicNames(treeOf(files))).toBe(expected);
  });

  it('is documented, wherever a name is declared', () => {
    expect(found(checkPublicDocumentation, files)).toBe('');
    const undocumented = { ...files, [`${core}/c.ts`]: '/** The file. */\n\nexport class moved {}\n' };
    expect(found(checkPublicDocumentation, undocumented)).toContain(`${core}/c.ts:3: documentation: "c" is public`);
    const missing = { ...files, [`${core}/c.ts`]: '' };
    expect(found(checkPublicDocumentation, missing)).toContain('cannot find where "c" is declared');
  });
});

describe('manifests', () => {
  it.each(['^1.2.3', '~1.2.3', '1.x', 'latest', '>=1.2.3', '*', 'workspace:*'])('"%s" is not exact', (version) => {
    expect(found(checkVersions, { 'package.json': JSON.stringify({ dependencies: { a: version } }) })).toContain(
      'is not exact',
    );
  });

  it('exact versions and ranges of peers are fine', () => {
    const manifest = { dependencies: { a: '1.2.3' }, peerDependencies: { c: '>=1.2.3' } };
    expect(found(checkVersions, { 'package.json': JSON.stringify(manifest) })).toBe('');
  });

  it('two versions of one dependency', () => {
    const files = {
      'package.json': '{ "devDependencies": { "a": "1.2.3" } }',
      'packages/core/package.json': '{ "dependencies": { "a": "1.2.4" } }',
    };
    expect(found(checkVersions, files)).toContain('"a" is 1.2.4 here and 1.2.3 in package.json');
  });

  it('undeclared, unused and homeless dependencies', () => {
    const manifest = (dependencies: object): string => JSON.stringify({ name: '@brownout/core', dependencies });
    const path = `${core}/random/a.ts`;
    const code = "import a from 'seedrandom';\n";
    expect(
      found(checkDependencies, { 'packages/core/package.json': manifest({ seedrandom: '3.0.5' }), [path]: code }),
    ).toBe('');
    expect(found(checkDependencies, { 'packages/core/package.json': manifest({}), [path]: code })).toContain(
      'is not a dependency of',
    );
    expect(found(checkDependencies, { 'packages/core/package.json': manifest({ seedrandom: '3.0.5' }) })).toContain(
      'that no source imports',
    );
    const away = { 'packages/core/package.json': manifest({ seedrandom: '3.0.5' }), [`${core}/time.ts`]: code };
    expect(found(checkDependencies, away)).toContain('away from its home');
  });
});

describe('links', () => {
  const files = { 'docs/a.md': '# One thing\n\n## What it *does*\n', 'docs/b/c.md': '' };
  const check = (text: string): string =>
    describeViolations(checkLinks(treeOf({ ...files, 'docs/x.md': text }), (path) => path === 'LICENSE'));

  it('that lead nowhere', () => {
    expect(check('\nsee [a](missing.md)\n')).toContain('docs/x.md:2: link: "missing.md" leads nowhere');
    expect(check('see [a](a.md#two)\n')).toContain('docs/a.md has no heading "#two"');
    expect(check('see [a]\n\n[a]: missing.md\n')).toContain('leads nowhere');
  });

  it('that lead somewhere', () => {
    const text = '[a](a.md) [b](a.md#what-it-does) [c](b/) [d](../LICENSE) [e](https://example.org/x) [f](#x)\n\n# X\n';
    expect(check(text)).toBe('');
    expect(check('`[a](missing.md)`\n\n```\n[a](missing.md)\n```\n')).toBe('');
  });
});

it('decisions that are not listed, share a number or have none', () => {
  const list = { 'docs/decisions/README.md': '- [a](0001-a.md)\n- [b](0001-b.md)\n' };
  expect(found(checkDecisions, { ...list, 'docs/decisions/0001-a.md': '' })).toBe('');
  expect(found(checkDecisions, { ...list, 'docs/decisions/0002-c.md': '' })).toContain(
    'is not in docs/decisions/README.md',
  );
  expect(found(checkDecisions, { ...list, 'docs/decisions/0001-a.md': '', 'docs/decisions/0001-b.md': '' })).toContain(
    'the number of 0001-a.md',
  );
  expect(found(checkDecisions, { ...list, 'docs/decisions/thoughts.md': '' })).toContain('is not named');
});

it('this repository is read as Git sees it', () => {
  const tree = readRepository();
  expect(tree.get('package.json')).toContain('brownout-workspace');
  expect([...tree.keys()].filter((path) => /node_modules|(^|\/)dist\//.test(path))).toEqual([]);
});
