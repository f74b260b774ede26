import { defineConfig } from 'vitest/config';

/** Tests that install packages or start other programs: `npm run test:system`. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    globalSetup: ['./test/support/scratch-setup.ts'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 900_000,
  },
});
