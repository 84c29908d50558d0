/** How the tests run: from TypeScript sources, packages resolved to their sources as well. */
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * Files that share worker processes: there the packages are imported once for all of them, which takes longer than most of
 * the tests do. Nothing in them may change what the next file finds (no mocks, no global state), so that their order does
 * not matter. `lazily.test.ts` replaces modules.
 */
const sharing = [
  'packages/{core,scenarios,cli}/{src,test}/**/!(lazily).test.ts',
  'scripts/{validate,reduced-model}/**/*.test.ts',
];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['brownout-source'] },
  ssr: { resolve: { conditions: ['brownout-source'] } },
  test: {
    // Generous: machines that build are slow, and busy with other files.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // The runner would leave a core to itself and use one of two. It has next to nothing to do.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'benchmarks/**/*.test.ts',
            'scripts/**/*.test.{mjs,ts}',
            'test/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...sharing],
        },
      },
      { extends: true, test: { name: 'shared', include: sharing, isolate: false } },
    ],
  },
});

export default config;
