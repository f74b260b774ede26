import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { serializeRun } from '../../simulate/run-serialization.ts';
import { simulateRun } from '../../simulate/simulation-run.ts';
import { designFor } from './design-ref.ts';
import type { SimulationAssignment, SimulationCommand, SimulationMessage } from './worker-protocol.ts';

let stop: SimulationCommand | undefined;
parentPort?.on('message', (reason: SimulationCommand) => {
  stop = reason;
});

const { experiment, runs, ...ref } = workerData as SimulationAssignment;
const design = await designFor(ref);
for (const run of runs) {
  if (stop) break;
  const engine = simulateRun({ ...experiment, design }, run);
  let turn = engine.next();
  while (!turn.done) {
    await setImmediate();
    turn = engine.next(stop);
  }
  post(serializeRun(turn.value));
}
parentPort?.close();

function post(message: SimulationMessage): void {
  parentPort?.postMessage(message);
}
