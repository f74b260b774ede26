import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type BitstateOptions, bitstate } from '../../search/dfs/bitstate.ts';
import type { SwarmMember } from '../../search/dfs/swarm.ts';
import type { Progress, StopReason } from '../../search/exploration.ts';
import { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import { type ProgramRef, programFor } from './worker-program.ts';

/** A search that a thread is to make, or the reason to stop the one that it makes. */
export type SwarmCommand = { readonly program: ProgramRef; readonly options: BitstateOptions } | StopReason;
/** How far the search of a thread is, or what it came to. */
export type SwarmMessage = { readonly progress: Progress } | SwarmMember;

let stop: StopReason | undefined;
parentPort?.on('message', async (order: SwarmCommand) => {
  if (typeof order === 'string') {
    stop = order;
    return;
  }
  stop = undefined;
  const distinct = new HyperLogLog();
  const engine = bitstate(await programFor(order.program), order.options, distinct);
  let turn = engine.next();
  while (!turn.done) {
    tell({ progress: turn.value });
    await setImmediate();
    turn = engine.next(stop);
  }
  tell({ exploration: turn.value, longest: distinct.registers });
});

function tell(report: SwarmMessage): void {
  parentPort?.postMessage(report);
}
