import { tableOf } from '../machines/params.ts';
import type { KvmView } from '../machines/system.ts';

/** Returns true if the root page has an older generation, or is being brought to the current one under `mmu_lock`. */
export const rootIsOld = ({ kvm, is }: KvmView): boolean => kvm.rootIsStale.has(0) || is.protectsRoot.count() > 0;

/**
 * Returns true if some vCPU can write the page without a fault, through its TLB or by a walk, where the root page is
 * write-protected. A vCPU that will load the root before it enters the guest uses neither its cached translations nor a
 * root of an older generation.
 */
export function canWriteThroughRoot(view: KvmView, gfn: number): boolean {
  const { kvm, cpu, is, actors, params } = view;
  const table = tableOf(gfn, params);
  const spteWritable = kvm.spteWritable.has(gfn);
  const entryWritable = kvm.rootWritable.has(table);
  for (const [vcpu, actor] of actors.vcpu.entries()) {
    if (!is.inGuest.of(actor) && (kvm.mmuReloadRequest.has(vcpu) || is.loadsRoot.of(actor))) continue;
    if (cpu.tlb(vcpu).has(gfn)) return true;
    if (spteWritable && (entryWritable || cpu.walk(vcpu).has(table))) return true;
  }
  return spteWritable && entryWritable && !rootIsOld(view);
}
