/** Reads which files import which, with the compiler's own parser. */
import { posix } from 'node:path';
import ts from 'typescript';
import type { Tree } from './tree.ts';

/** One import, re-export or dynamic import. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone after compilation, so it cannot make a cycle at run time. */
  readonly isTypeOnly: boolean;
}

const parsed = new WeakMap<Tree, Map<string, ts.SourceFile>>();

/** The syntax tree of a file, parsed once. */
export function parse(tree: Tree, path: string): ts.SourceFile {
  const files = parsed.get(tree) ?? new Map<string, ts.SourceFile>();
  parsed.set(tree, files);
  const known = files.get(path);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(path, tree.get(path) ?? '', ts.ScriptTarget.ESNext, true);
  files.set(path, source);
  return source;
}

const imports = new WeakMap<Tree, Map<string, readonly Import[]>>();

/** The imports of a file in the order they appear, looked for once. */
export function importsOf(tree: Tree, path: string): readonly Import[] {
  const files = imports.get(tree) ?? new Map<string, readonly Import[]>();
  imports.set(tree, files);
  const known = files.get(path);
  if (known !== undefined) return known;
  const found = importsIn(parse(tree, path));
  files.set(path, found);
  return found;
}

function importsIn(source: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, isTypeOnly: boolean): void => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const line = source.getLineAndCharacterOfPosition(literal.getStart(source)).line + 1;
    found.push({ specifier: literal.text, line, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The file a relative import means, or undefined for packages and built-in modules. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(from), specifier);
}

/** The package an import means: `@brownout/core` for `@brownout/core/testing`; undefined for relative and `node:` ones. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
