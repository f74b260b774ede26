import { register } from 'tsx/esm/api';

// As in precopy.js: a thread of its own has to be told again how to read the sources.
register({ tsconfig: false });

await import('../src/cli/simulate-worker.ts');
