/** A fingerprint of everything that a run depends on besides its document and its seed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['packages/core', 'packages/scenarios'];

/** Twelve hexadecimal digits over the sources of core and scenarios, without their tests. */
export function sourcesFingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const names = readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
    for (const file of ['../package.json', ...files]) {
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, folder, 'src', file)))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 12);
}
