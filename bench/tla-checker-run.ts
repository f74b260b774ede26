/** One run of tla-checker, in a process of its own, so that it can be ended. Arguments: vCPUs, pages, vCPUs that emulate. Prints one line of JSON. */
import { checkTla, type TlaCheckerRun } from './tla-checker.ts';
import { configOf, tlaModel } from './tla-model.ts';

const [vcpus, pages, emulating] = process.argv.slice(2).map(Number) as [number, number, number];
const start = performance.now();
const { states, memoryBytes } = checkTla(tlaModel, configOf({ vcpus, pages, emulating }));
const run: TlaCheckerRun = { states, seconds: (performance.now() - start) / 1000, memoryBytes };
console.log(JSON.stringify(run));
