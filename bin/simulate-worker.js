// A thread does not inherit what lets the main thread run TypeScript.
import './typescript.js';

await import('../src/cli/simulate-worker.ts');
