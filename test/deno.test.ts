/** The library in Deno, from the built packages: the same digests as in Node, runs on threads, pictures. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMitigations, mitigations, parseMitigationList, runScenario, type ScenarioDocument } from 'brownout';
import { describe, expect, it } from 'vitest';
import { tinyDocument } from '../packages/cli/test/tiny-document.ts';
import { buildPackages } from './built-packages.ts';
import { findDeno, mustRun } from './notebooks/deno.ts';

const root: string = join(import.meta.dirname, '..');
const deno = findDeno();
const missing = 'missing' in deno ? deno.missing : undefined;

describe.skipIf(missing !== undefined && !mustRun)(
  `in Deno${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('the library gives what it gives in Node', { timeout: 300_000 }, async () => {
      if ('missing' in deno) throw new Error(deno.missing);
      await buildPackages();
      const folder = mkdtempSync(join(tmpdir(), 'brownout-deno-'));
      try {
        const file = join(folder, 'day.json');
        const day = await tinyDocument();
        writeFileSync(file, JSON.stringify(day));
        const permissions = ['--allow-read', '--allow-env', '--allow-sys'];
        const { status, stdout, stderr } = spawnSync(
          deno.path,
          ['run', '--no-prompt', ...permissions, join('test', 'deno', 'replay.ts'), file],
          { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' } },
        );
        expect(stderr).toBe('');
        expect(status).toBe(0);
        const cached = applyMitigations(day, parseMitigationList('cached-list', mitigations)).document;
        const digest = (document: ScenarioDocument, seed: string): string => runScenario(document, { seed }).digest;
        expect(JSON.parse(stdout)).toEqual({
          digest: digest(day, '3'),
          isShown: true,
          picture: expect.stringMatching(/^<img alt=".+" src="data:image\/svg\+xml$/) as string,
          digests: [digest(day, '3'), digest(day, '4'), digest(cached, '3'), digest(cached, '4')],
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
