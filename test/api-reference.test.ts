/**
 * The reference of the library is made of the comments in the sources. Making it takes half a minute, so it is made here only with
 * `BROWNOUT_ALL_TESTS=1`, as on the build machine; that every exported name has a comment is always checked (tidy).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

it.skipIf(process.env['BROWNOUT_ALL_TESTS'] !== '1')(
  'the reference is made without a warning, and has a page for each entry',
  { timeout: 300_000 },
  () => {
    const out = mkdtempSync(join(tmpdir(), 'brownout-api-'));
    try {
      const typedoc = join(root, 'node_modules/typedoc/bin/typedoc');
      const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, '--out', out], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(`${stdout}${stderr}`.split('\n').filter((line) => /warning|error/i.test(line))).toEqual([]);
      expect(status).toBe(0);
      expect(readdirSync(join(out, 'modules')).length).toBeGreaterThanOrEqual(8);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
);
