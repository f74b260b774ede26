import { load } from './load.js';

await load('src/app/workers/swarm-worker-main');
