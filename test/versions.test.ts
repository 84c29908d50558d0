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
