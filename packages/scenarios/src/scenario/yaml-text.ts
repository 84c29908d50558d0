import type * as yamlModule from 'yaml';
import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import type { Path } from './data-path.ts';
import { DocumentError, type DocumentProblem, type Position } from './document-error.ts';

/**
 * What loading needs to know about YAML beyond its library: which texts not to hand to it at all, what it does not check
 * cheaply, and where a path stands in the text.
 */

/** The module `yaml`, which is imported when the first text is read. */
export type YamlLibrary = typeof yamlModule;

/** Indentation and inline nesting beyond these are refused unread: the library's cost per level grows without bound. */
const widestIndentation = 200;
const mostOpenBrackets = 60;

/** Longer messages of the library, which may quote the text, are cut. */
const longestMessage = 150;

/** Aliases beyond this are refused before any is followed. */
const mostAliasNodes = 1_000;

/**
 * Refuses texts that nest without end before the library sees them; it would run out of stack or of memory. Brackets are
 * counted wherever they stand, so a text full of unbalanced brackets in its notes is refused too.
 */
export function checkYamlText(text: string, name: string): void {
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const indentation = /^[ \t]*(?:[-?][ \t]+)*/.exec(line.slice(0, widestIndentation + 2))?.[0].length ?? 0;
    for (const [bracket] of line.matchAll(/[[\]{}]/g)) {
      open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
      if (open > mostOpenBrackets) break;
    }
    if (indentation <= widestIndentation && open <= mostOpenBrackets) continue;
    throw new DocumentError(name, [
      { path: '', message: 'nested too deeply', position: { line: index + 1, column: 1 } },
    ]);
  }
}

/** The first thing wrong with a parsed document: syntax, a tag, a repeated key, an alias to nowhere. */
export function yamlProblem(
  yaml: YamlLibrary,
  document: Document,
  lineCounter: LineCounter,
): DocumentProblem | undefined {
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    return { path: '', message: plainMessage(error.message), position: at(lineCounter, error.pos[0]) };
  }
  const anchors = new Set<string>();
  let aliases = 0;
  let found: DocumentProblem | undefined;
  const report = (message: string, offset: number | undefined): symbol => {
    found = { path: '', message: `malformed YAML: ${message}`, position: at(lineCounter, offset ?? 0) };
    return yaml.visit.BREAK;
  };
  const repetition = (map: YAMLMap): symbol | undefined => {
    const key = repeatedKey(map);
    return key && report(`the key "${String(key)}" stands twice`, key.range?.[0]);
  };
  yaml.visit(document, {
    Node: (_, node) => {
      if (!yaml.isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return yaml.isMap(node) ? repetition(node) : undefined;
      }
      aliases += 1;
      if (aliases > mostAliasNodes) return report('aliases repeat too much of the document', node.range?.[0]);
      return anchors.has(node.source) ? undefined : report(`nothing is called "${node.source}"`, node.range?.[0]);
    },
  });
  return found;
}

/** Where the value at a path stands, or its key; the nearest parent for what is not in the text. */
export function nodePosition(
  yaml: YamlLibrary,
  document: Document,
  lineCounter: LineCounter,
  path: Path,
  part: 'key' | 'value' = 'value',
): Position | undefined {
  const nodeAt = (steps: Path): unknown => (steps.length === 0 ? document.contents : document.getIn(steps, true));
  if (part === 'key') {
    const parent = nodeAt(path.slice(0, -1));
    const pairs: readonly Pair[] = yaml.isMap(parent) ? parent.items : [];
    const key = pairs.map((pair) => pair.key).find((node) => String(node) === String(path.at(-1)));
    if (yaml.isNode(key) && key.range) return at(lineCounter, key.range[0]);
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(path.slice(0, length));
    if (yaml.isNode(node) && node.range) return at(lineCounter, node.range[0]);
  }
  return undefined;
}

/** The library can check this itself, but in time quadratic in the number of keys. */
function repeatedKey(map: YAMLMap): Node | undefined {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const name = String(key);
    if (seen.has(name)) return key as Node;
    seen.add(name);
  }
  return undefined;
}

function at(lineCounter: LineCounter, offset: number): Position {
  const { line, col } = lineCounter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function plainMessage(message: string): string {
  const [first = message] = message.split('\n');
  return `malformed YAML: ${first.charAt(0).toLowerCase()}${first.slice(1, longestMessage)}`;
}
