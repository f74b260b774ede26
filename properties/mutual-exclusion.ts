import { kvm } from '../machines/system.ts';

/** What `mmu_lock` protects is touched by one actor at a time, or by several that share the lock. */
export const mutualExclusion = kvm.properties.never(
  { id: 'mutual-exclusion', description: 'nobody is in code that mmu_lock protects beside one who holds it alone' },
  ({ is }) => is.holdsMmuLock.count() + Math.min(1, is.sharesMmuLock.count()) > 1,
);
