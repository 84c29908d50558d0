/** How the tests run: from TypeScript sources, packages resolved to their sources as well. */
import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['brownout-source'] },
  ssr: { resolve: { conditions: ['brownout-source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'benchmarks/**/*.test.ts',
      'scripts/**/*.test.{mjs,ts}',
      'test/**/*.test.ts',
    ],
    testTimeout: 120_000,
    pool: 'forks',
    // The runner would leave a core to itself and use one of two. It has next to nothing to do.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});

export default config;
