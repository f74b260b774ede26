import type { KvmView } from '../machines/system.ts';
import { canWriteThroughRoot } from './can-write-lazily.ts';

/**
 * Returns true if a write of the page would go unlogged: its spte is writable or dirty, or a TLB entry is not flushed
 * before use.
 */
export function canWriteUnseen(view: KvmView, gfn: number): boolean {
  const { kvm, cpu, is, actors, params } = view;
  if (kvm.rootWritable.bits > 0) return canWriteThroughRoot(view, gfn);
  if ((params.dirtyBits === 1 ? kvm.spteDirty : kvm.spteWritable).has(gfn)) return true;
  for (const [vcpu, actor] of actors.vcpu.entries()) {
    if (!cpu.tlb(vcpu).has(gfn)) continue;
    const flushedBeforeUse = kvm.tlbFlushRequest.has(vcpu) && !is.inGuest.of(actor);
    if (!flushedBeforeUse) return true;
  }
  return false;
}
