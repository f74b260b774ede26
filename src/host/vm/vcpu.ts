import { Worker } from 'node:worker_threads';
import { PrecopyError } from '../../model/errors.ts';
import { histogramBuckets, vcpuBlock } from '../guest/layout.ts';
import { kvmRun } from '../kernel/kvm-structs.ts';
import type { Libc } from '../kernel/libc.ts';
import type { Mapping } from './memory.ts';
import type { ThreadData, ThreadMessage, VcpuExit } from './thread-protocol.ts';

/** Which pages a vCPU writes, in which order and how fast. See `vcpuBlock` for what the fields mean. */
export interface Pattern {
  readonly writes: number;
  readonly firstPage: number;
  readonly pages: number;
  readonly stride: number;
  readonly hotShare: number;
  readonly hotPages: number;
  readonly think: number;
  readonly position: bigint;
}

/** Every page once, one after the other, as fast as it goes; `but` says what is different. */
export function sweep(pages: number, but: Partial<Pattern> = {}): Pattern {
  return { writes: pages, firstPage: 0, pages, stride: 1, hotShare: 0, hotPages: 0, think: 0, position: 0n, ...but };
}

/** SIGURG interrupts KVM_RUN. Nobody is hurt by one that comes too late. */
export const kickSignal = 23;

const unlimited = 2n ** 63n - 1n;

/** A vCPU, as the thread sees it that controls it. */
export class Vcpu {
  private readonly fields: DataView;
  private readonly run: DataView;
  private threadId = 0;
  /** of `enter`, while the vCPU is in the guest */
  private outcome: { readonly resolve: (exit: VcpuExit) => void; readonly reject: (error: Error) => void } | undefined;
  private isOver = false;

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

  /** Starts the thread of a vCPU. It is not in the guest yet. */
  static async start(options: {
    readonly number: number;
    readonly fd: number;
    readonly libc: Libc;
    readonly run: Mapping;
    readonly block: DataView;
    readonly memoryAddress: bigint;
  }): Promise<Vcpu> {
    const { number, fd, libc, run, block, memoryAddress } = options;
    const workerData: ThreadData = { vcpu: number, fd, runAddress: run.address, runBytes: run.bytes };
    const worker = new Worker(new URL(import.meta.resolve('#package/bin/vcpu-thread.js')), { workerData });
    const vcpu = new Vcpu(number, libc, worker, run, block, memoryAddress);
    await new Promise<void>((resolve, reject) => {
      worker.on('error', (error: Error) => {
        reject(error);
        vcpu.outcome?.reject(error);
      });
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'ready') {
          vcpu.threadId = message.threadId;
          resolve();
        } else vcpu.hasLeft(message.exit);
      });
    });
    return vcpu;
  }

  /** What it is to write when it enters the guest next. Its counters stay. */
  setPattern({ writes, firstPage, pages, stride, hotShare, hotPages, think, position }: Pattern): void {
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

  /** Begins to count writes from here; the upper byte of each value that it writes is `writer`. */
  setFirstValue(writer: number): void {
    this.fields.setBigUint64(vcpuBlock.value, BigInt(writer) << 56n, true);
  }

  /**
   * Enters the guest. Resolves when it has left.
   * @throws PrecopyError `HOST_GUEST_DIED` when it left in any other way than the code of the guest does
   */
  async enter(): Promise<Exclude<VcpuExit, { readonly reason: 'died' }>> {
    this.fields.setUint32(vcpuBlock.command, 0, true);
    const left = new Promise<VcpuExit>((resolve, reject) => {
      this.outcome = { resolve, reject };
    });
    this.worker.postMessage('run');
    const exit = await left;
    if (exit.reason !== 'died') return exit;
    throw new PrecopyError(
      'HOST_GUEST_DIED',
      `vCPU ${this.number} of the guest died: ${exit.cause}; ${exit.registers}`,
      'this kernel treats the guest differently from what precopy knows; please report this line with the output of `precopy host probe`',
    );
  }

  /** Tells it to leave the guest; `enter` resolves soon. */
  tellToLeave(): void {
    this.fields.setUint32(vcpuBlock.command, 1, true);
  }

  /** Interrupts KVM_RUN, which is entered again at once. */
  kick(): void {
    if (this.outcome) this.libc.signal(this.threadId, kickSignal);
  }

  /** Gets it out of the guest whatever it does there, without waiting. It is not to be entered again. */
  expel(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.tellToLeave();
    this.run.setUint8(kvmRun.immediateExit, 1);
    this.kick();
  }

  /** Ends its thread. */
  async end(): Promise<void> {
    this.expel();
    const ended = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage('end');
    await ended;
  }

  /** The kernel's number of its thread. */
  get thread(): number {
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

  /** Begins a new search for the longest write. */
  forgetWorst(): void {
    this.fields.setBigUint64(vcpuBlock.worstCycles, 0n, true);
  }

  /** How many writes fell into each bucket. */
  histogram(): Float64Array {
    return Float64Array.from({ length: histogramBuckets }, (_, bucket) => this.read(vcpuBlock.histogram + 8 * bucket));
  }

  private read(offset: number): number {
    return Number(this.fields.getBigUint64(offset, true));
  }

  private hasLeft(exit: VcpuExit): void {
    const { outcome } = this;
    this.outcome = undefined;
    outcome?.resolve(exit);
  }
}
