/**
 * A second net below the lint rules: what must not stand in the engine and the models is searched for in their text,
 * so that neither a disabled rule nor a broken configuration lets it through.
 */
import ts from 'typescript';
import { parse } from './imports.ts';
import { isShippedSource, lineAt, type Tree, type Violation } from './tree.ts';

const CLOCK = 'Simulated time is `simulation.now`; later is `simulation.event(...).after(...)`.';
const PROMISES = 'Use events or a generator process; only packages/scenarios/src/scenario/load.ts may wait.';
const HOST = 'It belongs in packages/cli.';

const banned: readonly (readonly [pattern: RegExp, fix: string, isAllowedWhenLoading: boolean])[] = [
  [/\bMath\s*\.\s*random\b/g, 'Take a named stream: `simulation.streams.get("part/purpose")`.', false],
  [/\bDate\s*\.\s*now\b|\bnew\s+Date\b/g, CLOCK, false],
  [/\bperformance\s*\.\s*now\b/g, CLOCK, false],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/g, CLOCK, false],
  [/\bconsole\s*\./g, HOST, false],
  [
    /\bprocess\s*\.\s*(env|argv|stdout|stderr|stdin|exit|cwd|hrtime|nextTick|memoryUsage|versions?|platform)\b/g,
    HOST,
    false,
  ],
  [/\bfrom\s+'node:/g, HOST, false],
  [/\b(new\s+Promise\b|Promise\s*[.<])/g, PROMISES, true],
  [/\basync\b(?!\s*[:=,)])|\bawait\s/g, PROMISES, true],
  [/\bimport\s*\(/g, PROMISES, true],
  [/\bexport\s+\*/g, 'List the names.', false],
  [/\bexport\s+default\b/g, 'Export it by name.', false],
];

const silenced = /eslint-disable|@ts-ignore|@ts-nocheck|@ts-expect-error/g;

/** Banned calls in core/src and scenarios/src, outside comments and strings; and comments that silence a check. */
export function checkBannedCalls(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!isShippedSource(path) || !/^packages\/(core|scenarios)\//.test(path)) continue;
    const code = blankCommentsAndStrings(parse(tree, path));
    const isLoading = path === 'packages/scenarios/src/scenario/load.ts';
    for (const [pattern, fix, isAllowedWhenLoading] of banned) {
      if (isLoading && isAllowedWhenLoading) continue;
      for (const { 0: call, index } of code.matchAll(pattern)) {
        violations.push({
          path,
          line: lineAt(text, index),
          rule: 'banned call',
          message: `\`${call.trim()}\` has no place in the engine and the models. ${fix}`,
        });
      }
    }
    for (const { 0: comment, index } of text.matchAll(silenced)) {
      const message = `\`${comment}\` silences a check here. Change the code instead.`;
      violations.push({ path, line: lineAt(text, index), rule: 'silenced check', message });
    }
  }
  return violations;
}

/** The text with comments and the insides of strings blanked out, at unchanged offsets; `'node:` is kept. */
function blankCommentsAndStrings(source: ts.SourceFile): string {
  const text = source.text;
  const keep: string[] = [];
  let end = 0;
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(source) > 0) {
      for (const child of node.getChildren(source)) visit(child);
      return;
    }
    const start = node.getStart(source);
    keep.push(
      blank(text.slice(end, start)),
      isText(node) ? blankText(text.slice(start, node.end)) : text.slice(start, node.end),
    );
    end = node.end;
  };
  visit(source);
  keep.push(blank(text.slice(end)));
  return keep.join('');
}

function isText(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isRegularExpressionLiteral(node)
  );
}

function blankText(text: string): string {
  return text.startsWith("'node:") ? text : blank(text);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
