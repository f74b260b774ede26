import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (name: string): string => fileURLToPath(import.meta.resolve(name));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^precopy$/, replacement: path('./src/index.ts') },
      { find: /^precopy\/kvm$/, replacement: path('./machines/index.ts') },
      { find: /^precopy\/vitest$/, replacement: path('./src/testing/vitest-matchers.ts') },
      { find: /^precopy\/fast-check$/, replacement: path('./src/testing/fast-check.ts') },
      // Vite would resolve the development build of xstate, which warns and throws where the production build does
      // not: test what people run.
      { find: /^xstate$/, replacement: path('xstate') },
    ],
  },
  test: {
    exclude: ['**/node_modules/**', 'test/system/**'],
    include: ['test/**/*.test.ts', 'examples/own-tests/*.test.ts', 'templates/*/*.test.ts'],
    globalSetup: ['./test/support/kvm-setup.ts', './test/support/scratch-setup.ts'],
    pool: 'threads',
    // Files that run in one thread share their imports. Loading them for each file takes a quarter of a minute.
    isolate: false,
    maxWorkers: 2,
    // A nightly test searches for minutes.
    testTimeout: process.env['PRECOPY_NIGHTLY'] ? 600_000 : 60_000,
    hookTimeout: 60_000,
  },
});
