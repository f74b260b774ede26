import { kvm } from '../machines/system.ts';

/** What `mmu_lock` protects is touched by one actor at a time. */
export const mutualExclusion = kvm.properties.never(
  { id: 'mutual-exclusion', says: 'no two actors are in code that mmu_lock protects' },
  ({ is }) => is.holdsMmuLock.count() > 1,
);
