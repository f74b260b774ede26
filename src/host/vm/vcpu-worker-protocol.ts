/** Data of a vCPU worker. */
export interface VcpuWorkerData {
  readonly fd: number;
  /** address of `struct kvm_run` */
  readonly runAddress: bigint;
  readonly runBytes: number;
}

/** To a vCPU worker: enter the guest, or end. */
export type VcpuWorkerCommand = 'run' | 'end';

/** From a vCPU worker: its thread id, or that the vCPU exited. */
export type VcpuWorkerMessage =
  | { readonly kind: 'ready'; readonly threadId: number }
  | { readonly kind: 'exited'; readonly exit: VcpuExit };

/** Why a vCPU exited, and how many signals interrupted KVM_RUN before. */
export type VcpuExit = { readonly kicks: number } & (
  | { readonly reason: 'requested' | 'done' | 'ring-full' | 'interrupted' }
  | { readonly reason: 'died'; readonly cause: string; readonly registers: string }
);
