import { parentPort, workerData } from 'node:worker_threads';
import { port } from '../guest/code.ts';
import { EINTR, errnoInWords } from '../kernel/errno.ts';
import { exitReason, nameOfExit, request } from '../kernel/kvm-api.ts';
import { kvmRun, registers, showRegisters } from '../kernel/kvm-structs.ts';
import { loadLibc } from '../kernel/libc.ts';
import type { ThreadData, ThreadMessage, VcpuExit } from './thread-protocol.ts';

/** The thread of one vCPU: each message sends it into KVM_RUN, and it says why it came back. While it is in there it hears nothing. */

const { fd, runAddress, runBytes } = workerData as ThreadData;
const libc = await loadLibc();
const run = new DataView(libc.view(runAddress, runBytes));

function enterGuest(): VcpuExit {
  for (let kicks = 0; ; kicks++) {
    const answer = libc.tryIoctl(fd, request.KVM_RUN);
    if (answer === -EINTR) {
      if (run.getUint8(kvmRun.immediateExit) !== 0) return { reason: 'interrupted', kicks };
      continue;
    }
    if (answer < 0) return died(`KVM_RUN failed: ${errnoInWords(-answer)}`, kicks);
    const reason = run.getUint32(kvmRun.exitReason, true);
    if (reason === exitReason.KVM_EXIT_DIRTY_RING_FULL) return { reason: 'ring-full', kicks };
    const byPort = reason === exitReason.KVM_EXIT_IO ? run.getUint16(kvmRun.ioPort, true) : undefined;
    if (byPort === port.told) return { reason: 'told', kicks };
    if (byPort === port.done) return { reason: 'done', kicks };
    return died(`${nameOfExit(reason)}, detail 0x${run.getBigUint64(kvmRun.detail, true).toString(16)}`, kicks);
  }
}

function died(cause: string, kicks: number): VcpuExit {
  const values = registers({});
  const answer = libc.tryIoctl(fd, request.KVM_GET_REGS, values);
  return { reason: 'died', kicks, cause, registers: answer < 0 ? 'registers unknown' : showRegisters(values) };
}

const say = (message: ThreadMessage): void => parentPort?.postMessage(message);
parentPort?.on('message', (message: 'run' | 'end') => {
  if (message === 'run') say({ kind: 'left', exit: enterGuest() });
  else parentPort?.close();
});
say({ kind: 'ready', threadId: libc.threadId() });
