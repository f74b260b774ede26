import { ioctl } from '../ioctl/ioctl.ts';
import { rmapWriteProtect } from '../ioctl/sptes.ts';
import { step } from '../step.ts';
import { srcuSwitch } from './srcu-switch.ts';

const afterGracePeriod = ['inIoctl', 'holdsMmuLock', 'afterGracePeriod'] as const;

/** `memslot->nr_dirty_pages`, and the choice that `write_protect_slot` makes by it. */
const nrDirtyPages = ioctl.implement({
  actions: {
    readNrDirtyPages: ({ context: { kvm, my } }) => {
      my.nrDirtyPages = kvm.nrDirtyPages(my.slots).get();
    },
    resetNrDirtyPages: ({ context: { my } }) => {
      my.nrDirtyPages = 0;
    },
    zeroNewCount: ({ context: { kvm, my } }) => kvm.nrDirtyPages(1 - my.slots).set(0),
    loadOldWord: ({ context: { kvm, my } }) => kvm.dirtyBitmap(my.slots).loadWord(my.word, my.mask),
  },
  guards: {
    countIsZero: ({ context: { my } }) => my.nrDirtyPages === 0,
    fewPagesAreDirty: ({ context: { my, params } }) => my.nrDirtyPages < params.shadowPages,
  },
});

/**
 * `srcuSwitch` as `kvm_vm_ioctl_get_dirty_log` and `write_protect_slot` do it in Linux 3.3, arch/x86/kvm/x86.c, since
 * commit 95d4c16ce78c ("KVM: Optimize dirty logging by rmap_write_protect()"): still with the switch of the memslots,
 * but where fewer pages are dirty than shadow pages exist, only the pages in the old bitmap are protected, through
 * their rmap. `nr_dirty_pages` tells whether any page is dirty.
 */
export const rmapHybrid = srcuSwitch.use(nrDirtyPages, rmapWriteProtect).extend({
  states: {
    lockSlots: { on: { SLOTS_LOCKED: { actions: 'readMemslots', target: 'readNrDirtyPages' } } },
    readNrDirtyPages: {
      description: 'nr_dirty_pages = memslot->nr_dirty_pages',
      tags: ['inIoctl'],
      on: step('readNrDirtyPages', 'anyDirty'),
    },
    anyDirty: {
      description: 'if (memslot->nr_dirty_pages)',
      tags: ['inIoctl'],
      always: [{ guard: 'countIsZero', target: 'clearUser' }, { target: 'zeroNewBitmap' }],
    },
    zeroNewBitmap: { on: step('zeroNewBitmap', 'zeroNewCount') },
    zeroNewCount: {
      description: 'memslot->nr_dirty_pages = 0',
      tags: ['inIoctl'],
      on: step('zeroNewCount', 'publishMemslots'),
    },
    lockMmu: {
      on: { LOCK_GRANTED: [{ guard: 'fewPagesAreDirty', target: 'loadOldWord' }, { target: 'walkSptes' }] },
    },
    loadOldWord: {
      description:
        'write_protect_slot: if (nr_dirty_pages < kvm->arch.n_used_mmu_pages) for each set bit of dirty_bitmap',
      tags: afterGracePeriod,
      always: { guard: 'scannedAllWords', actions: 'resetWord', target: 'flushTlbs' },
      on: step('loadOldWord', 'rmapWriteProtect'),
    },
    rmapWriteProtect: {
      description: 'kvm_mmu_rmap_write_protect(kvm, gfn, memslot)',
      tags: afterGracePeriod,
      always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'loadOldWord' },
      on: step('writeProtectPage'),
    },
    freeOldBitmap: {
      on: step(['freeOldBitmap', 'resetSlots', 'resetNrDirtyPages', 'releaseSlotsLock', 'returnToUser'], 'inUserspace'),
    },
  },
});
