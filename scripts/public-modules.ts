/** The modules that `exports` in package.json names, by their sources. */
export const publicModules = [
  'src/index.ts',
  'machines/index.ts',
  'src/testing/vitest-matchers.ts',
  'src/testing/fast-check.ts',
];
