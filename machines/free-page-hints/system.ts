import { counter } from '../../src/model/declare.ts';
import { asStore, rendezvous } from '../../src/model/messages.ts';
import { owned, type System, type TypesOf } from '../../src/model/system.ts';
import { fifoLock } from '../locks.ts';
import { kvm } from '../system.ts';

/** `free_page_hint_status` of the balloon (include/hw/virtio/virtio-balloon.h). */
export const hintStatuses = { STOP: 0, REQUESTED: 1, START: 2 } as const;

const system = kvm.extend({
  name: 'free-page-hints',
  memory: ({ pages }) => ({
    /** `RAMState` (migration/ram.c), under `bitmap_mutex` */
    ramState: owned({
      /** `migration_dirty_pages`: the number of bits that are set in `bmap`, where the balloon clears some */
      dirtyPages: counter(pages, pages),
    }),
    /** `VirtIOBalloon`, under `free_page_lock` */
    virtioBalloon: owned({
      /** `free_page_hint_status` */
      hintStatus: counter(hintStatuses.START),
    }),
  }),
  messages: {
    /** `qemu_mutex_lock(&rs->bitmap_mutex)` of QEMU's migration */
    LOCK_BITMAP: rendezvous(),
    /** `bitmap_mutex` is held */
    BITMAP_LOCKED: rendezvous(),
    /** `qemu_mutex_unlock(&rs->bitmap_mutex)` */
    UNLOCK_BITMAP: asStore(rendezvous()),
    /** `qemu_mutex_lock(&dev->free_page_lock)` of QEMU's balloon */
    LOCK_FREE_PAGES: rendezvous(),
    /** `free_page_lock` is held */
    FREE_PAGES_LOCKED: rendezvous(),
    /** `qemu_mutex_unlock(&dev->free_page_lock)` */
    UNLOCK_FREE_PAGES: asStore(rendezvous()),
  },
  actors: { balloon: 'one', bitmapMutex: 'one', freePageLock: 'one' },
  tags: ['stopsHints', 'countsPages'],
});

/** The types of `kvmWithFreePageHints`. */
export interface KvmWithFreePageHints extends TypesOf<typeof system> {}

/** The KVM system with a balloon in the guest, which tells QEMU which pages are free. */
export const kvmWithFreePageHints: System<KvmWithFreePageHints> = system;

/**
 * `bitmap_mutex` of `RAMState` (migration/ram.c), for `RAMBlock.bmap` and `migration_dirty_pages`. QEMU 4.0 on
 * (386a907b37a9).
 */
export const bitmapMutex = fifoLock(kvmWithFreePageHints, 'bitmap-mutex', {
  lock: 'LOCK_BITMAP',
  granted: 'BITMAP_LOCKED',
  unlock: 'UNLOCK_BITMAP',
});

/**
 * `free_page_lock` of the balloon (hw/virtio/virtio-balloon.c), for its status and for taking a hint. QEMU 4.0 on
 * (c13c4153f76d).
 */
export const freePageLock = fifoLock(kvmWithFreePageHints, 'free-page-lock', {
  lock: 'LOCK_FREE_PAGES',
  granted: 'FREE_PAGES_LOCKED',
  unlock: 'UNLOCK_FREE_PAGES',
});
