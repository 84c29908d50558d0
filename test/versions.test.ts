/** The version that results carry is that of the packages they come from. */
import { readFileSync } from 'node:fs';
import { engineVersion } from '@brownout/scenarios';
import { expect, test } from 'vitest';

test.each(['core', 'scenarios', 'viewer', 'cli'])(
  'the engine version in results is the version of packages/%s',
  (name) => {
    const text = readFileSync(new URL(`../packages/${name}/package.json`, import.meta.url), 'utf8');
    expect(engineVersion).toBe((JSON.parse(text) as { version: string }).version);
  },
);

test.each(['core', 'scenarios', 'viewer', 'cli'])('packages/%s names the others by the version they have', (name) => {
  const text = readFileSync(new URL(`../packages/${name}/package.json`, import.meta.url), 'utf8');
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Readonly<Record<string, string>> };
  // Not `workspace:*`, which only pnpm would replace: plain `npm pack` makes what can be installed, too.
  for (const [other, version] of Object.entries(dependencies)) {
    if (/^(@brownout\/|brownout$)/.test(other)) expect([other, version]).toEqual([other, engineVersion]);
  }
});
