/** Words that a layer must not know, and paths of somebody's machine. */
import ts from 'typescript';
import { parse } from './imports.ts';
import { isShippedSource, lineAt, type Tree, type Violation } from './tree.ts';

const KUBERNETES_WORDS: ReadonlySet<string> = new Set([
  'kubernetes',
  'kubelet',
  'kubelets',
  'pod',
  'pods',
  'etcd',
  'apiserver',
  'apiservers',
  'coredns',
]);

/** The words of a text, and the parts of identifiers: `etcdServer` is also "etcd" and "server". */
function* wordsOf(text: string): Generator<readonly [word: string, offset: number]> {
  for (const { 0: word, index } of text.matchAll(/[A-Za-z]+/g)) {
    yield [word.toLowerCase(), index];
    for (const [part] of word.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)) yield [part.toLowerCase(), index];
  }
}

/** Core has never heard of Kubernetes, in code or in comments. */
export function checkCoreWords(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!path.startsWith('packages/core/src/')) continue;
    const seen = new Set<string>();
    for (const [word, offset] of wordsOf(text)) {
      if (!KUBERNETES_WORDS.has(word)) continue;
      const place = `${word} ${lineAt(text, offset)}`;
      if (seen.has(place)) continue;
      seen.add(place);
      const message = `core has never heard of "${word}". Say it in words of queues and time, or move it to packages/scenarios.`;
      violations.push({ path, line: lineAt(text, offset), rule: 'core words', message });
    }
  }
  return violations;
}

/** The Kubernetes parts have never heard of an incident: neither its folder name nor the company in it. */
export function checkIncidentWords(tree: Tree): Violation[] {
  const folder = /^packages\/scenarios\/src\/incidents\/(([a-z0-9-]+?)-\d{4}-\d{2}-\d{2})\//;
  const names = new Set<string>();
  for (const path of tree.keys()) for (const name of folder.exec(path)?.slice(1) ?? []) names.add(name);
  if (names.size === 0) return [];
  const pattern = new RegExp(`\\b(${[...names].join('|')})\\b`, 'gi');
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!path.startsWith('packages/scenarios/src/kubernetes/')) continue;
    for (const match of text.matchAll(pattern)) {
      const message = `the Kubernetes parts have never heard of "${match[0]}". Give the part an option, and set it in the scenario.`;
      violations.push({ path, line: lineAt(text, match.index), rule: 'incident words', message });
    }
  }
  return violations;
}

const MACHINE_PATH = /(?<![\w.~/}-])\/(?:home|root|tmp|work|Users|private)\/[\w.]+/g;

/** No committed file names a folder of the machine it was written on. */
export function checkMachinePaths(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    for (const match of text.matchAll(MACHINE_PATH)) {
      const message = `"${match[0]}" exists on one machine only. Use a path relative to the repository.`;
      violations.push({ path, line: lineAt(text, match.index), rule: 'machine path', message });
    }
  }
  return violations;
}

/** Each file of a package opens with a sentence on what it is for; only imports may stand above it. */
export function checkOpenings(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const path of tree.keys()) {
    if (!isShippedSource(path)) continue;
    const source = parse(tree, path);
    const first = source.statements.find((statement) => !ts.isImportDeclaration(statement));
    const isOpened = [source.statements[0], first].some(
      (statement) => statement === undefined || ts.getJSDocCommentsAndTags(statement).length > 0,
    );
    if (isOpened) continue;
    const message = 'the file does not say what it is for. Open it with a doc comment of a sentence or two.';
    violations.push({ path, line: 1, rule: 'opening', message });
  }
  return violations;
}
