/** The Deno that tests use: one that is there, or on the build machine the pinned one from npm. */
import { spawnSync } from 'node:child_process';

/** As the notebooks were made with. About 90 MB, which is why it is no dependency of the workspace. */
const pinned = 'deno@2.9.6';

/** Deno, or why there is none. */
export type FoundDeno = { readonly path: string; readonly version: string } | { readonly missing: string };

/** Whether nothing may be skipped, as on the build machine: Deno is fetched, and what is missing is a failure. */
export const mustRun: boolean = process.env['BROWNOUT_ALL_TESTS'] === '1';

/** Looks for Deno: `BROWNOUT_DENO`, the path, then - where nothing may be skipped - npm. */
export function findDeno(): FoundDeno {
  const named = process.env['BROWNOUT_DENO'] ?? 'deno';
  const version = versionOf(named);
  if (version !== undefined) return { path: named, version };
  if (!mustRun) {
    return {
      missing: `Deno is missing: put it on the path (npm install --global ${pinned}), or name it in BROWNOUT_DENO`,
    };
  }
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', '--package', pinned, '--call', 'command -v deno'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const path = stdout.trim();
  const fetched = status === 0 ? versionOf(path) : undefined;
  if (fetched !== undefined) return { path, version: fetched };
  return { missing: `${pinned} cannot be fetched: ${stderr.trim().split('\n')[0] ?? 'no reason given'}` };
}

function versionOf(path: string): string | undefined {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 ? /^deno (\S+)/.exec(stdout)?.[1] : undefined;
}
