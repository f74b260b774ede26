#!/usr/bin/env node
import { load } from './load.js';

const { main, endProcess } = await load('src/cli/main');
await main(process.argv);
await endProcess();
