import { kvm } from '../machines/system.ts';

/** At most one actor is in code that `mmu_lock` protects, or several that hold it for reading. */
export const mutualExclusion = kvm.properties.never(
  { id: 'mutual-exclusion', description: 'an exclusive holder of mmu_lock excludes every other holder' },
  ({ is }) => is.holdsMmuLock.count() + Math.min(1, is.sharesMmuLock.count()) > 1,
);
