/** The document of the guides, whose large cluster is lost. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Name of its file. */
export const name = 'two-clusters.yaml';

/** What is in it. */
export const text: string = readFileSync(
  fileURLToPath(new URL(`../../../docs/guides/${name}`, import.meta.url)),
  'utf8',
);
