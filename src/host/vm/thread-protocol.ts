/** What a thread of a vCPU is given when it starts. */
export interface ThreadData {
  readonly vcpu: number;
  readonly fd: number;
  /** where `struct kvm_run` is */
  readonly runAddress: bigint;
  readonly runBytes: number;
}

/** What the thread says. */
export type ThreadMessage =
  | { readonly kind: 'ready'; readonly threadId: number }
  | { readonly kind: 'left'; readonly exit: VcpuExit };

/** Why a vCPU is out of KVM_RUN, and how often a signal had interrupted it before. */
export type VcpuExit = { readonly kicks: number } & (
  | { readonly reason: 'told' | 'done' | 'ring-full' | 'interrupted' }
  | { readonly reason: 'died'; readonly cause: string; readonly registers: string }
);
