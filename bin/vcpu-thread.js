import { load } from './load.js';

await load('src/host/vm/thread-of-vcpu');
