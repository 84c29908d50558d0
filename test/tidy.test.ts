/** Keeps the repository in the shape that the documents describe. Each message says where, which rule, and what to do. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkBannedCalls } from './tidy/banned-calls.ts';
import { checkOrphans, checkSharing, checkSizes, checkTestNames } from './tidy/files.ts';
import { checkCycles, checkLayers } from './tidy/layers.ts';
import { checkDecisions, checkLinks } from './tidy/links.ts';
import { checkDependencies, checkVersions } from './tidy/manifests.ts';
import { checkPublicDocumentation, listPublicNames } from './tidy/public-surface.ts';
import { describeViolations, readRepository, repositoryRoot, type Tree, type Violation } from './tidy/tree.ts';
import { checkCoreWords, checkIncidentWords, checkMachinePaths, checkOpenings } from './tidy/words.ts';

const tree: Tree = readRepository();

function exists(path: string): boolean {
  return existsSync(join(repositoryRoot, path));
}

const checks: readonly (readonly [name: string, check: (tree: Tree) => readonly Violation[]])[] = [
  ['imports point down', checkLayers],
  ['no file needs itself through others', checkCycles],
  ['core knows no Kubernetes', checkCoreWords],
  ['the Kubernetes parts know no incident', checkIncidentWords],
  ['files have a readable size', checkSizes],
  ['every file is wanted', checkOrphans],
  ['every test is run', checkTestNames],
  ['tests leave their process as they found it', checkSharing],
  ['every file says what it is for', checkOpenings],
  ['nothing banned in the engine and the models', checkBannedCalls],
  ['every public name is documented', checkPublicDocumentation],
  ['versions are exact and agree', checkVersions],
  ['dependencies are declared, used and at home', checkDependencies],
  ['links lead somewhere', (each) => checkLinks(each, exists)],
  ['decisions are numbered and listed', checkDecisions],
  ['no path of one machine', checkMachinePaths],
];

it.each(checks)('%s', (_name, check) => {
  const violations = check(tree);
  expect(violations.length, `\n${describeViolations(violations)}\n`).toBe(0);
});

it('public names change on purpose', () => {
  const file = join(repositoryRoot, 'test/public-names.txt');
  const names = listPublicNames(tree);
  if (process.env['BROWNOUT_UPDATE'] === '1') writeFileSync(file, names);
  const hint = 'The public names changed. If that is meant: BROWNOUT_UPDATE=1 npx vitest run test/tidy.test.ts';
  expect(names, hint).toBe(readFileSync(file, 'utf8'));
});
