import { load } from './load.js';

await load('src/cli/swarm-thread');
