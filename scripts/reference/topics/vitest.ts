/**
 * `precopy/vitest`: matchers. `import 'precopy/vitest'` adds them to `expect`.
 * @module vitest
 */
export type * from 'precopy/vitest';
