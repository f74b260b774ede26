import type { kvm } from '../machines/system.ts';

type KvmView = typeof kvm extends { properties: { always(told: never, holds: (view: infer V) => boolean): unknown } }
  ? V
  : never;

/** Whether some vCPU can write the page without a fault: its spte is writable, or a TLB has it that will not be flushed before use. */
export function canWriteUnseen({ kvm, cpu, is, actors, params }: KvmView, gfn: number): boolean {
  if (kvm.spteWritable.has(gfn)) return true;
  for (let vcpu = 0; vcpu < params.vcpus; vcpu++) {
    const flushedBeforeUse = kvm.tlbFlushRequest.has(vcpu) && !is.inGuest.of(actors.vcpu[vcpu] as number);
    if (cpu.tlb(vcpu).has(gfn) && !flushedBeforeUse) return true;
  }
  return false;
}
