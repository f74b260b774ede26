import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type BitstateOptions, bitstate } from '../explore/bitstate.ts';
import { Distinct } from '../explore/distinct.ts';
import type { Progress, StopReason } from '../explore/result.ts';
import type { SwarmMember } from '../explore/swarm.ts';
import { programFor, type WhichProgram } from './thread-program.ts';

/** A search that a thread is to make, or the reason to stop the one that it makes. */
export type SwarmOrder = { readonly program: WhichProgram; readonly options: BitstateOptions } | StopReason;
/** How far the search of a thread is, or what it came to. */
export type SwarmReport = { readonly progress: Progress } | SwarmMember;

let stop: StopReason | undefined;
parentPort?.on('message', async (order: SwarmOrder) => {
  if (typeof order === 'string') {
    stop = order;
    return;
  }
  stop = undefined;
  const distinct = new Distinct();
  const engine = bitstate(await programFor(order.program), order.options, distinct);
  let turn = engine.next();
  while (!turn.done) {
    tell({ progress: turn.value });
    await setImmediate();
    turn = engine.next(stop);
  }
  tell({ exploration: turn.value, longest: distinct.longest });
});

function tell(report: SwarmReport): void {
  parentPort?.postMessage(report);
}
