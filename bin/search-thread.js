import { load } from './load.js';

await load('src/cli/search-thread');
