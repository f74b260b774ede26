import { register } from 'tsx/esm/api';

// A worker thread does not inherit what lets the main thread run TypeScript.
register({ tsconfig: false });
await import('./thread-of-vcpu.ts');
