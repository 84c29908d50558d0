/** What users can import: the names behind each entry point, and whether they are documented. */
import ts from 'typescript';
import { parse, resolveRelative } from './imports.ts';
import type { Tree, Violation } from './tree.ts';

/** An exported name and where it is declared. */
export interface PublicName {
  readonly name: string;
  readonly isType: boolean;
  /** Undefined when it comes from another package or cannot be found. */
  readonly declaration: { readonly path: string; readonly name: string; readonly node: ts.Node } | undefined;
}

/** Package entry to source file: `@brownout/core/testing` to `packages/core/src/testing/index.ts`. */
export function entries(tree: Tree): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, text] of tree) {
    const folder = /^(packages\/[^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const manifest = JSON.parse(text) as { name: string; exports?: Record<string, Record<string, string>> };
    for (const [entry, conditions] of Object.entries(manifest.exports ?? {})) {
      const source = conditions['brownout-source'];
      if (source !== undefined)
        found.set(manifest.name + entry.slice(1), resolveRelative(`${folder}/package.json`, source) ?? '');
    }
  }
  return found;
}

/** The names that a module exports, sorted. `export *` is refused elsewhere and not followed. */
export function publicNames(tree: Tree, path: string): readonly PublicName[] {
  const names: PublicName[] = [];
  const add = (name: string, isType: boolean): void => {
    const declaration = findDeclaration(tree, path, name);
    names.push({
      name,
      isType: isType || (declaration !== undefined && isTypeDeclaration(declaration.node)),
      declaration,
    });
  };
  for (const statement of parse(tree, path).statements) {
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
      for (const each of statement.exportClause.elements) add(each.name.text, statement.isTypeOnly || each.isTypeOnly);
    } else if (isExported(statement)) {
      for (const name of declaredNames(statement)) add(name, isTypeDeclaration(statement));
    }
  }
  return names.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The committed list: one block per entry point, sorted, types marked. */
export function listPublicNames(tree: Tree): string {
  const blocks: string[] = [];
  for (const [entry, path] of entries(tree)) {
    const lines = publicNames(tree, path).map(({ name, isType }) => (isType ? `type ${name}` : name));
    blocks.push([`[${entry}]`, ...lines].join('\n'));
  }
  return `${blocks.sort().join('\n\n')}\n`;
}

/** Public names of core and scenarios without a doc comment. */
export function checkPublicDocumentation(tree: Tree): Violation[] {
  const violations = new Map<string, Violation>();
  for (const [entry, path] of entries(tree)) {
    if (!entry.startsWith('@brownout/')) continue;
    for (const { name, declaration } of publicNames(tree, path)) {
      if (declaration === undefined) {
        violations.set(`${path} ${name}`, {
          path,
          line: 1,
          rule: 'documentation',
          message: `cannot find where "${name}" is declared.`,
        });
        continue;
      }
      const { path: file, node } = declaration;
      if (isDocumented(tree, file, declaration.name)) continue;
      const line = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const message = `"${name}" is public (${entry}) and has no doc comment. Say in a sentence what it is, its unit, default and edge.`;
      violations.set(`${file} ${name}`, { path: file, line, rule: 'documentation', message });
    }
  }
  return [...violations.values()];
}

/** Follows re-exports to the statement that declares a name. */
function findDeclaration(tree: Tree, path: string, name: string, depth = 0): PublicName['declaration'] {
  if (depth > 10) return undefined;
  const follow = (specifier: ts.Expression | undefined, original: string): PublicName['declaration'] => {
    if (specifier === undefined) return findLocal(tree, path, original, depth);
    const target = ts.isStringLiteral(specifier) ? resolveRelative(path, specifier.text) : undefined;
    return target === undefined ? undefined : findDeclaration(tree, target, original, depth + 1);
  };
  for (const statement of parse(tree, path).statements) {
    if (isExported(statement) && declaredNames(statement).includes(name)) return { path, name, node: statement };
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    for (const each of statement.exportClause.elements) {
      if (each.name.text === name) return follow(statement.moduleSpecifier, (each.propertyName ?? each.name).text);
    }
  }
  return undefined;
}

/** A name that is declared here without `export`, or imported and exported again. */
function findLocal(tree: Tree, path: string, name: string, depth: number): PublicName['declaration'] {
  for (const statement of parse(tree, path).statements) {
    if (declaredNames(statement).includes(name)) return { path, name, node: statement };
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const each of bindings.elements) {
      const target = resolveRelative(path, statement.moduleSpecifier.text);
      if (each.name.text !== name || target === undefined) continue;
      return findDeclaration(tree, target, (each.propertyName ?? each.name).text, depth + 1);
    }
  }
  return undefined;
}

/** A doc comment on any of the declarations of a name is enough: overloads, or a type and a value of one name. */
function isDocumented(tree: Tree, path: string, name: string): boolean {
  const source = parse(tree, path);
  return source.statements.some((statement, index) => {
    if (!declaredNames(statement).includes(name)) return false;
    const comments = ts.getLeadingCommentRanges(source.text, statement.pos) ?? [];
    const last = comments.at(-1);
    if (last === undefined || !source.text.startsWith('/**', last.pos)) return false;
    // The comment that opens the file belongs to the file, unless it is the only statement's own.
    return index > 0 || comments.length > 1 || !/\n\s*\n/.test(source.text.slice(last.end, statement.getStart(source)));
  });
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isTypeDeclaration(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}
