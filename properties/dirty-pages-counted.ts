import { kvm } from '../machines/system.ts';

/**
 * `migration_dirty_pages` says how much there is to send, so QEMU goes by it when it decides whether the migration converges and when it stops the
 * guest. A thread that changes bits and count in more than one step holds everybody else off meanwhile.
 */
export const dirtyPagesCounted = kvm.properties.always(
  { id: 'dirty-pages-counted', description: 'QEMU counts as many pages to send as have their bit set' },
  ({ is, actors, qemu }) => is.countsPages.of(actors.migration) || qemu.dirtyPages.get() === qemu.bmap.count(),
);
