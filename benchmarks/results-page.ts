/**
 * The page of results, section by section: one that is measured again takes the place of the old one, and says itself on which
 * machine and commit; the others stay as they were. What the profiles taught is written by hand and follows them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Titles in the order of the page. */
export const sectionTitles = [
  'Ratios',
  'Rates',
  'One control plane',
  'Many cores, many machines',
  'Import',
  'Memory over a long run',
  'Replay',
] as const;

/** Title of a section. */
export type SectionTitle = (typeof sectionTitles)[number];

/** Lines by title. */
export type Sections = Readonly<Partial<Record<SectionTitle, readonly string[]>>>;

/** Puts sections into the page beside those that are there. */
export function writeSections(folder: string, head: readonly string[], sections: Sections): void {
  const path = join(folder, 'results.md');
  const known = existsSync(path) ? sectionsIn(readFileSync(path, 'utf8')) : {};
  const all: Sections = { ...known, ...sections };
  const findings = readFileSync(join(folder, 'findings.md'), 'utf8');
  writeFileSync(path, `${pageOf(head, all)}\n${findings.trim()}\n`);
}

/** The text of a page without its findings. */
export function pageOf(head: readonly string[], sections: Sections): string {
  const blocks = sectionTitles.flatMap((title) => {
    const lines = sections[title];
    return lines === undefined ? [] : [`## ${title}`, '', ...lines, ''];
  });
  return `${[...head, '', ...blocks].join('\n').trim()}\n`;
}

/** The sections of a page that was written before. */
export function sectionsIn(page: string): Sections {
  const found: Partial<Record<SectionTitle, readonly string[]>> = {};
  for (const block of page.split(/^## /m).slice(1)) {
    const [title = '', ...lines] = block.split('\n');
    const known = sectionTitles.find((one) => one === title.trim());
    if (known !== undefined) found[known] = lines.join('\n').trim().split('\n');
  }
  return found;
}
