/**
 * Runs tla-checker in a process of its own, so that it can be ended. Arguments: vCPUs, pages, vCPUs that emulate.
 * Prints one line of JSON.
 */
import { Refuted } from './measurement.ts';
import { checkTla, type TlaCheckerRun } from './tla-checker.ts';
import { tlaModel, tlcConfig } from './tla-model.ts';

const [vcpus, pages, emulating] = process.argv.slice(2).map(Number) as [number, number, number];
const start = performance.now();
console.log(JSON.stringify(outcome()));

function outcome(): TlaCheckerRun {
  try {
    const { states, memoryBytes } = checkTla(tlaModel, tlcConfig({ vcpus, pages, emulating }));
    return { states, seconds: (performance.now() - start) / 1000, memoryBytes };
  } catch (error) {
    if (error instanceof Refuted) return { refuted: error.message };
    throw error;
  }
}
