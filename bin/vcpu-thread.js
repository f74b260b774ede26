// A thread does not inherit what lets the main thread run TypeScript.
import './typescript.js';

await import('../src/host/vm/thread-of-vcpu.ts');
