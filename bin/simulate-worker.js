// As in search-thread.js: a thread of its own has to be told again how to read the sources.
import './typescript.js';

await import('../src/cli/simulate-worker.ts');
