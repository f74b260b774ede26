import { load } from './load.js';

await load('src/app/workers/search-worker-main');
