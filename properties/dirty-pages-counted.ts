import { kvmWithFreePageHints } from '../machines/free-page-hints/system.ts';

/**
 * `migration_dirty_pages` is the number of pages to send, by which QEMU decides whether the migration converges and
 * when to stop the guest. A thread that changes bits and count in several steps has to exclude all others meanwhile.
 */
export const dirtyPagesCounted = kvmWithFreePageHints.properties.always(
  {
    id: 'dirty-pages-counted',
    description: 'migration_dirty_pages is the number of bits that are set in the bitmap of QEMU',
  },
  ({ is, actors, qemu, ramState }) =>
    is.countsPages.of(actors.migration) || ramState.dirtyPages.get() === qemu.bmap.count(),
);
