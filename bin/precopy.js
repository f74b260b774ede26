#!/usr/bin/env node
import { load } from './load.js';

const { main } = await load('src/cli/main');
await main(process.argv);
