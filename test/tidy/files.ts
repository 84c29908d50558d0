/** Sizes of files, and files that nobody needs. */
import { importsOf, resolveRelative } from './imports.ts';
import { isShippedSource, lineAt, type Tree, type Violation } from './tree.ts';

const LARGEST = 400;
const LARGEST_UNEXPLAINED = 300;
const LARGEST_EXAMPLE = 120;

/** Files over 300 lines, each with the reason why it is better in one piece. */
export const explainedLargeFiles: Readonly<Record<string, string>> = {
  'packages/core/src/calendar.ts':
    'The hot path. Split in two classes, V8 no longer inlined it whole and a hold took 10 to 25 % longer.',
  'packages/scenarios/src/kubernetes/api-server/api-server.ts':
    'One state machine: what a request goes through and what the death of the process does to it must be read together.',
  'packages/scenarios/src/kubernetes/controllers/daemon-set-controller.ts':
    'One state machine: the steps of a sync, and the events that make the next one necessary, must be read together.',
  'packages/scenarios/src/kubernetes/controllers/node-lifecycle.ts':
    'One pass: how a node is judged, what is written for it, and what the end of each request means for its worker.',
  'packages/scenarios/src/kubernetes/nodes/kubelet.ts':
    'One kubelet: its loops share connections and columns, and each part that has a file of its own is made here.',
  'packages/scenarios/src/kubernetes/control-plane.ts':
    'One path: what a request meets on its way to a server, and its answer on the way back, must be read together.',
  'packages/scenarios/src/kubernetes/dns/core-dns-process.ts':
    'One process: what it answers follows from where it is in its life, so both must be read together.',
  'packages/scenarios/src/kubernetes/dns/registry-dns.test.ts':
    'One set-up, and everything that is asked of it: fresh, running out, stale, limited.',
  'packages/scenarios/src/kubernetes/etcd/raft-commits.ts':
    'One loop: every instant of a batch is worked out when it is sent, so its sending, commit and end must be read together.',
  'packages/scenarios/src/kubernetes/etcd/etcd.ts':
    'The face of etcd: a short method for each thing that is asked of it or done to it; how it works is in the other files.',
  'test/packages.test.ts': 'One set-up, which takes half a minute, and everything that is asked of the packages in it.',
};

/** Files that are too long. */
export function checkSizes(tree: Tree, explained: Readonly<Record<string, string>> = explainedLargeFiles): Violation[] {
  const violations: Violation[] = [];
  const report = (path: string, line: number, message: string): void => {
    violations.push({ path, line, rule: 'file size', message });
  };
  for (const [path, text] of tree) {
    if (!/\.(ts|tsx|js|mjs)$/.test(path)) continue;
    const lines = text.split('\n').length - 1;
    const isExample = /^examples\/\d\d-/.test(path);
    if (isExample && lines > LARGEST_EXAMPLE) {
      report(path, LARGEST_EXAMPLE, `an example has ${lines} lines, at most ${LARGEST_EXAMPLE}. Show one thing.`);
    } else if (lines > LARGEST) {
      report(path, LARGEST, `${lines} lines, at most ${LARGEST}. Split it by what its parts are for.`);
    } else if (lines > LARGEST_UNEXPLAINED && explained[path] === undefined) {
      const where = 'explainedLargeFiles in test/tidy/files.ts';
      report(
        path,
        LARGEST_UNEXPLAINED,
        `${lines} lines, over ${LARGEST_UNEXPLAINED}. Split it, or say why not in ${where}.`,
      );
    }
  }
  for (const path of Object.keys(explained)) {
    const lines = (tree.get(path)?.split('\n').length ?? 1) - 1;
    if (lines > LARGEST_UNEXPLAINED) continue;
    report(
      path,
      1,
      `explained as large but has ${lines} lines. Remove it from explainedLargeFiles in test/tidy/files.ts.`,
    );
  }
  return violations;
}

/** Files of a package that no other file imports and that are no entry point. */
export function checkOrphans(tree: Tree): Violation[] {
  const wanted = new Set<string>(entryPoints(tree));
  for (const path of tree.keys()) {
    if (!/\.(ts|tsx|js|mjs)$/.test(path)) continue;
    for (const { specifier } of importsOf(tree, path)) {
      const target = resolveRelative(path, specifier);
      if (target !== undefined && target !== path) wanted.add(target);
    }
    const text = tree.get(path) ?? '';
    for (const match of text.matchAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g)) {
      wanted.add(resolveRelative(path, match[1] ?? '') ?? '');
    }
  }
  const violations: Violation[] = [];
  for (const path of tree.keys()) {
    if (!isShippedSource(path) || wanted.has(path)) continue;
    const message = 'nothing imports this file and it is no entry point. Delete it, or use it.';
    violations.push({ path, line: 1, rule: 'orphan', message });
  }
  return violations;
}

/** Files with tests that the runner would not find. A `describe` alone may be a helper of many. */
export function checkTestNames(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!/\.tsx?$/.test(path) || path.endsWith('.test.ts') || !/from 'vitest'/.test(text)) continue;
    if (!/^\s*(test|it)(\.\w+)?\(/m.test(text)) continue;
    violations.push({
      path,
      line: 1,
      rule: 'test name',
      message: 'holds tests but is not run. Name it `something.test.ts`.',
    });
  }
  return violations;
}

/** Test files that share a process with others, as vitest.config.ts says, and what they may not do there. */
const sharing =
  /^(packages\/(core|scenarios|cli)\/(src|test)|scripts\/(validate|reduced-model))\/(.*\/)?(?!lazily\.)[^/]*\.test\.ts$/;
const lasting = /\bvi\.\w+|\bprocess\.chdir\b|\bprocess\.env(\.\w+|\[[^\]]+\])\s*=(?!=)|\bfc\.configureGlobal\b/g;

/** Tests that change what others in the same process find. */
export function checkSharing(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!sharing.test(path)) continue;
    for (const { 0: change, index } of text.matchAll(lasting)) {
      const message = `\`${change}\` outlasts its file, in a process of many. Do without, or keep the file out of vitest.config.ts.`;
      violations.push({ path, line: lineAt(text, index), rule: 'shared process', message });
    }
  }
  return violations;
}

/** The sources behind `exports` of every package, and behind what `bin` imports. */
export function entryPoints(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    const folder = /^(packages\/[^/]+)\/(?:package\.json|bin\/[^/]+\.js)$/.exec(path)?.[1];
    if (folder === undefined) continue;
    for (const match of text.matchAll(/["']\.\.?\/dist\/(?:node\/)?([^"']+)\.js["']/g))
      found.push(`${folder}/src/${match[1]}.ts`);
  }
  return found;
}
