import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { bitstate } from '../../search/dfs/bitstate.ts';
import type { StopReason } from '../../search/exploration.ts';
import { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import { programFor } from './worker-program.ts';
import type { SwarmCommand, SwarmMessage } from './worker-protocol.ts';

let stop: StopReason | undefined;

parentPort?.on('message', async (command: SwarmCommand) => {
  if ('stop' in command) {
    stop = command.stop;
    return;
  }
  stop = undefined;
  const { program, options } = command;
  const distinct = new HyperLogLog();
  const engine = bitstate(await programFor(program), options, distinct);
  let turn = engine.next();
  while (!turn.done) {
    post({ progress: turn.value });
    await setImmediate();
    turn = engine.next(stop);
  }
  post({ member: { exploration: turn.value, registers: distinct.registers } });
});

function post(message: SwarmMessage): void {
  parentPort?.postMessage(message);
}
