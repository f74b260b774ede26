import { load } from './load.js';

await load('src/host/vm/vcpu-worker-main');
