/** Relative links in Markdown lead somewhere. */
import { posix } from 'node:path';
import { lineAt, type Tree, type Violation } from './tree.ts';

/** Links to files or headings that do not exist. `exists` says whether a file is there that is not in the tree. */
export function checkLinks(tree: Tree, exists: (path: string) => boolean): Violation[] {
  const violations: Violation[] = [];
  for (const [path, text] of tree) {
    if (!path.endsWith('.md')) continue;
    for (const [target, offset] of linksOf(text)) {
      const [file = '', anchor = ''] = target.split('#');
      const resolved = file === '' ? path : posix.join(posix.dirname(path), decodeURI(file));
      const line = lineAt(text, offset);
      const isFolder = [...tree.keys()].some((each) => each.startsWith(`${resolved.replace(/\/$/, '')}/`));
      if (!tree.has(resolved) && !isFolder && !exists(resolved)) {
        violations.push({
          path,
          line,
          rule: 'link',
          message: `"${target}" leads nowhere: there is no ${resolved}. Correct the link.`,
        });
      } else if (anchor !== '' && resolved.endsWith('.md') && !anchorsOf(tree.get(resolved) ?? '').has(anchor)) {
        violations.push({
          path,
          line,
          rule: 'link',
          message: `"${target}" leads nowhere: ${resolved} has no heading "#${anchor}". Correct the link.`,
        });
      }
    }
  }
  return violations;
}

/** The relative links of a document, outside code. */
function* linksOf(text: string): Generator<readonly [target: string, offset: number]> {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, blank).replace(/`[^`\n]*`/g, blank);
  for (const match of prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)/gm)) {
    const target = match[1] ?? match[2] ?? '';
    if (!/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) yield [target, match.index];
  }
}

/** The anchors that a Markdown reader makes out of headings: lower case, words joined by dashes, repeats numbered. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, blank);
  for (const match of prose.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const words = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let name = slug;
    for (let repeat = 1; anchors.has(name); repeat++) name = `${slug}-${repeat}`;
    anchors.add(name);
  }
  return anchors;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Decision pages have a number of their own and stand in the list. */
export function checkDecisions(tree: Tree): Violation[] {
  const violations: Violation[] = [];
  const list = 'docs/decisions/README.md';
  const numbers = new Map<string, string>();
  for (const path of tree.keys()) {
    const name = /^docs\/decisions\/((\d{4})-[a-z0-9-]+\.md)$/.exec(path);
    const isPage = path.startsWith('docs/decisions/') && path.endsWith('.md') && path !== list;
    if (name === null) {
      if (isPage)
        violations.push({ path, line: 1, rule: 'decision', message: 'is not named `NNNN-title.md`. Rename it.' });
      continue;
    }
    const [, file = '', number = ''] = name;
    const other = numbers.get(number);
    numbers.set(number, file);
    if (other !== undefined) {
      violations.push({
        path,
        line: 1,
        rule: 'decision',
        message: `has the number of ${other}. Take the next free one.`,
      });
    }
    if (tree.get(list)?.includes(`](${file})`) !== true) {
      violations.push({ path, line: 1, rule: 'decision', message: `is not in ${list}. Add it to the list.` });
    }
  }
  return violations;
}
