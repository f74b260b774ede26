import { Worker } from 'node:worker_threads';
import { PrecopyError } from '../../model/errors.ts';
import { histogramBuckets } from '../guest/histogram.ts';
import { vcpuBlock } from '../guest/layout.ts';
import { kvmRun } from '../kernel/kvm-structs.ts';
import type { Libc } from '../kernel/libc.ts';
import type { Mapping } from './memory.ts';
import type { VcpuExit, VcpuWorkerData, VcpuWorkerMessage } from './vcpu-worker-protocol.ts';

/** The pages that a vCPU writes, their order and rate. `vcpuBlock` describes the fields. */
export interface WritePattern {
  readonly writes: number;
  readonly firstPage: number;
  readonly pages: number;
  readonly stride: number;
  readonly hotShare: number;
  readonly hotPages: number;
  readonly think: number;
  readonly position: bigint;
}

/** Creates a pattern: by default it writes each page once, in order, without pauses. */
export function createPattern(pages: number, overrides: Partial<WritePattern> = {}): WritePattern {
  return {
    writes: pages,
    firstPage: 0,
    pages,
    stride: 1,
    hotShare: 0,
    hotPages: 0,
    think: 0,
    position: 0n,
    ...overrides,
  };
}

/** SIGURG interrupts KVM_RUN. By default a process ignores it, so one that arrives late does no harm. */
export const kickSignal = 23;

const unlimited = 2n ** 63n - 1n;

/** Controls a vCPU that a worker thread runs. */
export class Vcpu {
  private readonly fields: DataView;
  private readonly run: DataView;
  private threadId = 0;
  /** settles `enter`; set while the vCPU is in the guest */
  private pendingExit:
    | { readonly resolve: (exit: VcpuExit) => void; readonly reject: (error: Error) => void }
    | undefined;
  private hasEnded = false;

  private constructor(
    readonly number: number,
    private readonly libc: Libc,
    private readonly worker: Worker,
    kvmRunPages: Mapping,
    block: DataView,
    private readonly memoryAddress: bigint,
  ) {
    this.fields = block;
    this.run = new DataView(kvmRunPages.buffer);
  }

  /** Starts the thread of a vCPU. The vCPU does not enter the guest yet. */
  static async start(options: {
    readonly number: number;
    readonly fd: number;
    readonly libc: Libc;
    readonly run: Mapping;
    readonly block: DataView;
    readonly memoryAddress: bigint;
  }): Promise<Vcpu> {
    const { number, fd, libc, run, block, memoryAddress } = options;
    const workerData: VcpuWorkerData = { fd, runAddress: run.address, runBytes: run.bytes };
    const worker = new Worker(new URL(import.meta.resolve('#package/bin/vcpu-thread.js')), { workerData });
    const vcpu = new Vcpu(number, libc, worker, run, block, memoryAddress);
    await new Promise<void>((resolve, reject) => {
      worker.on('error', (error: Error) => {
        reject(error);
        vcpu.pendingExit?.reject(error);
      });
      worker.on('message', (message: VcpuWorkerMessage) => {
        if (message.kind === 'ready') {
          vcpu.threadId = message.threadId;
          resolve();
        } else vcpu.handleExit(message.exit);
      });
    });
    return vcpu;
  }

  /** Sets the pattern of the next `enter`. The counters keep their values. */
  setPattern({ writes, firstPage, pages, stride, hotShare, hotPages, think, position }: WritePattern): void {
    const set = (offset: number, value: number | bigint) => this.fields.setBigUint64(offset, BigInt(value), true);
    set(vcpuBlock.writesLeft, Number.isFinite(writes) ? writes : unlimited);
    set(vcpuBlock.base, this.memoryAddress + BigInt(firstPage) * 4096n);
    set(vcpuBlock.pages, pages);
    set(vcpuBlock.stride, stride);
    set(vcpuBlock.hotShare, hotShare);
    set(vcpuBlock.hotPages, hotPages);
    set(vcpuBlock.think, think);
    set(vcpuBlock.position, position);
  }

  /** Restarts the values that the vCPU writes. Their upper byte is the id of the writer. */
  setWriterId(id: number): void {
    this.fields.setBigUint64(vcpuBlock.value, BigInt(id) << 56n, true);
  }

  /**
   * Enters the guest. Resolves when the vCPU has exited.
   * @throws PrecopyError `HOST_GUEST_DIED` for an exit that the guest's code does not cause
   */
  async enter(): Promise<Exclude<VcpuExit, { readonly reason: 'died' }>> {
    this.fields.setUint32(vcpuBlock.command, 0, true);
    const exited = new Promise<VcpuExit>((resolve, reject) => {
      this.pendingExit = { resolve, reject };
    });
    this.worker.postMessage('run');
    const exit = await exited;
    if (exit.reason !== 'died') return exit;
    throw new PrecopyError(
      'HOST_GUEST_DIED',
      `vCPU ${this.number} of the guest died: ${exit.cause}; ${exit.registers}`,
      'please report this line and the output of `precopy host probe`',
    );
  }

  /** Requests an exit of the guest. `enter` resolves soon after. */
  requestExit(): void {
    this.fields.setUint32(vcpuBlock.command, 1, true);
  }

  /** Interrupts KVM_RUN, which the worker enters again at once. */
  kick(): void {
    if (this.pendingExit) this.libc.signal(this.threadId, kickSignal);
  }

  /** Forces an exit, whatever the guest does, and does not wait for it. The vCPU must not be entered again. */
  forceExit(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.requestExit();
    this.run.setUint8(kvmRun.immediateExit, 1);
    this.kick();
  }

  /** Ends the thread of the vCPU. */
  async end(): Promise<void> {
    this.forceExit();
    const ended = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage('end');
    await ended;
  }

  /** The kernel's id of the vCPU's thread. */
  get osThreadId(): number {
    return this.threadId;
  }

  get writes(): number {
    return this.read(vcpuBlock.writes);
  }

  get value(): bigint {
    return this.fields.getBigUint64(vcpuBlock.value, true);
  }

  get worstCycles(): number {
    return this.read(vcpuBlock.worstCycles);
  }

  get sumCycles(): number {
    return this.read(vcpuBlock.sumCycles);
  }

  /** Resets the longest write. */
  resetWorstCycles(): void {
    this.fields.setBigUint64(vcpuBlock.worstCycles, 0n, true);
  }

  /** Returns the number of writes in each bucket. */
  histogram(): Float64Array {
    return Float64Array.from({ length: histogramBuckets }, (_, bucket) => this.read(vcpuBlock.histogram + 8 * bucket));
  }

  private read(offset: number): number {
    return Number(this.fields.getBigUint64(offset, true));
  }

  private handleExit(exit: VcpuExit): void {
    const { pendingExit } = this;
    this.pendingExit = undefined;
    pendingExit?.resolve(exit);
  }
}
