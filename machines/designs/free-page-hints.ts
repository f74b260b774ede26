import { dirtyPagesCounted } from '../../properties/dirty-pages-counted.ts';
import { freePageCovers } from '../../properties/free-page-covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { balloon } from '../free-page-hints/balloon.ts';
import { migrationWithHints } from '../free-page-hints/migration.ts';
import { bitmapMutex, freePageLock, kvmWithFreePageHints } from '../free-page-hints/system.ts';
import { withoutStart } from './common.ts';
import { rmapXchgLateFlush } from './rmap-xchg.ts';

/** rmap-xchg-late-flush where the guest gives QEMU free page hints. */
export const freePageHints = defineDesign({
  ...rmapXchgLateFlush,
  id: 'free-page-hints',
  title: 'rmap-xchg-late-flush with a guest that names its free pages, which QEMU then does not send',
  source: {
    version: 'QEMU 4.0 on',
    commit: 'c13c4153f76d',
    functions: ['qemu_guest_free_page_hint', 'get_free_page_hints', 'virtio_balloon_free_page_hint_notify'],
  },
  system: kvmWithFreePageHints,
  machines: { ...rmapXchgLateFlush.machines, migration: migrationWithHints, balloon, bitmapMutex, freePageLock },
  properties: [...withoutStart, dirtyPagesCounted, ...freePageCovers],
  unsupportedParams: ['devices'],
  params: { vcpus: 1, pages: 1, emulatingVcpus: 0, loggingOn: 1 },
  livenessParams: { vcpus: 2 },
});
