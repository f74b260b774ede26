/** Free page hints: the KVM system with a balloon, and what its designs are made of. */
export { balloon } from './balloon.ts';
export { migrationThreadWithHints, migrationWithHints } from './migration.ts';
export {
  bitmapMutex,
  freePageLock,
  hintStatuses,
  type KvmWithFreePageHints,
  kvmWithFreePageHints,
} from './system.ts';
