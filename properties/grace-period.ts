import { kvm } from '../machines/system.ts';

/** Ordering rule O12: memslots are switched, then `synchronize_srcu`, then the old bitmap belongs to the ioctl alone. */
export const gracePeriod = kvm.properties.always(
  { id: 'grace-period', says: 'after the grace period no fault path uses the old memslots' },
  ({ is, actors, cpu, kvm: { memslots } }) => {
    if (!is.afterGracePeriod.of(actors.getDirtyLog)) return true;
    return actors.vcpu.every((vcpu, nth) => !is.usesMemslots.of(vcpu) || cpu.memslots(nth).get() === memslots.get());
  },
);
