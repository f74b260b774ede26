#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The sources run as they are. A tsconfig.json of the folder that precopy happens to be called in has no say in that.
register({ tsconfig: false });

const { main } = await import('../src/cli/main.ts');
await main(process.argv);
