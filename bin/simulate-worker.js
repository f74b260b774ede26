import { load } from './load.js';

await load('src/cli/simulate-worker');
