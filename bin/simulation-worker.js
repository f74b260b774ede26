import { load } from './load.js';

await load('src/app/workers/simulation-worker-main');
