import { kvm } from '../machines/system.ts';

/**
 * Ordering rule O12: memslots are switched, then `synchronize_srcu`, then the old bitmap belongs to the ioctl alone.
 */
export const gracePeriod = kvm.properties.always(
  { id: 'grace-period', description: 'after the grace period no fault path and no host writer uses the old memslots' },
  ({ is, actors, cpu, kvm: { memslots } }) => {
    if (!is.afterGracePeriod.of(actors.getDirtyLog)) return true;
    const fromCurrent = (writer: number) =>
      !is.usesMemslots.of(writer) || cpu.memslots(writer).get() === memslots.get();
    return actors.vcpu.every(fromCurrent) && actors.hostWriter.every(fromCurrent);
  },
);
