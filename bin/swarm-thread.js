import { register } from 'tsx/esm/api';

// A thread does not inherit what lets the main thread run TypeScript.
register({ tsconfig: false });
await import('../src/cli/swarm-thread.ts');
