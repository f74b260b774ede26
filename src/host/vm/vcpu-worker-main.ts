/** Thread of one vCPU. A message enters KVM_RUN, which blocks the thread; the answer says why the vCPU exited. */
import { parentPort, workerData } from 'node:worker_threads';
import { exitPort } from '../guest/code.ts';
import { describeErrno, EINTR } from '../kernel/errno.ts';
import { exitReason, exitReasonName, request } from '../kernel/kvm-api.ts';
import { formatRegisters, kvmRun, registers } from '../kernel/kvm-structs.ts';
import { loadLibc } from '../kernel/libc.ts';
import type { VcpuExit, VcpuWorkerCommand, VcpuWorkerData, VcpuWorkerMessage } from './vcpu-worker-protocol.ts';

const { fd, runAddress, runBytes } = workerData as VcpuWorkerData;
const libc = await loadLibc();
const run = new DataView(libc.view(runAddress, runBytes));

function enterGuest(): VcpuExit {
  for (let kicks = 0; ; kicks++) {
    const result = libc.tryIoctl(fd, request.KVM_RUN);
    if (result === -EINTR) {
      if (run.getUint8(kvmRun.immediateExit) !== 0) return { reason: 'interrupted', kicks };
      continue;
    }
    if (result < 0) return died(`KVM_RUN failed: ${describeErrno(-result)}`, kicks);
    const reason = run.getUint32(kvmRun.exitReason, true);
    if (reason === exitReason.KVM_EXIT_DIRTY_RING_FULL) return { reason: 'ring-full', kicks };
    const port = reason === exitReason.KVM_EXIT_IO ? run.getUint16(kvmRun.ioPort, true) : undefined;
    if (port === exitPort.requested) return { reason: 'requested', kicks };
    if (port === exitPort.done) return { reason: 'done', kicks };
    return died(`${exitReasonName(reason)}, detail 0x${run.getBigUint64(kvmRun.detail, true).toString(16)}`, kicks);
  }
}

function died(cause: string, kicks: number): VcpuExit {
  const values = registers({});
  const result = libc.tryIoctl(fd, request.KVM_GET_REGS, values);
  return { reason: 'died', kicks, cause, registers: result < 0 ? 'registers unknown' : formatRegisters(values) };
}

const post = (message: VcpuWorkerMessage): void => parentPort?.postMessage(message);
parentPort?.on('message', (command: VcpuWorkerCommand) => {
  if (command === 'run') post({ kind: 'exited', exit: enterGuest() });
  else parentPort?.close();
});
post({ kind: 'ready', threadId: libc.threadId() });
