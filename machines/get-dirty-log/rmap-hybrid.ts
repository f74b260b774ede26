import { srcuSwitch } from './srcu-switch.ts';

const afterGracePeriod = ['inIoctl', 'holdsMmuLock', 'afterGracePeriod'] as const;

/**
 * GET_DIRTY_LOG as `kvm_vm_ioctl_get_dirty_log` and `write_protect_slot` do it in Linux 3.3, arch/x86/kvm/x86.c, since commit 95d4c16ce78c
 * ("KVM: Optimize dirty logging by rmap_write_protect()"): still with the switch of the memslots, but where fewer pages are dirty than
 * shadow pages exist, only the pages in the old bitmap are protected, through their rmap. Whether anything is dirty is read off
 * `nr_dirty_pages`.
 */
export const rmapHybrid = srcuSwitch.extend({
  states: {
    lockSlots: { on: { SLOTS_LOCKED: { actions: 'readMemslots', target: 'readNrDirtyPages' } } },
    readNrDirtyPages: { tags: ['inIoctl'], on: { STEP: { actions: 'readNrDirtyPages', target: 'anyDirty' } } },
    anyDirty: {
      tags: ['inIoctl'],
      always: [{ guard: 'countIsZero', target: 'clearUser' }, { target: 'zeroNewBitmap' }],
    },
    zeroNewBitmap: { on: { STEP: { actions: 'zeroNewBitmap', target: 'zeroNewCount' } } },
    zeroNewCount: { tags: ['inIoctl'], on: { STEP: { actions: 'zeroNewCount', target: 'publishMemslots' } } },
    lockMmu: {
      on: { LOCK_GRANTED: [{ guard: 'fewPagesAreDirty', target: 'loadOldWord' }, { target: 'walkSptes' }] },
    },
    loadOldWord: {
      tags: afterGracePeriod,
      always: { guard: 'scannedAllWords', actions: 'rewind', target: 'flushTlbs' },
      on: { STEP: { actions: 'loadOldWord', target: 'rmapWriteProtect' } },
    },
    rmapWriteProtect: {
      tags: afterGracePeriod,
      always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'loadOldWord' },
      on: { STEP: { actions: 'writeProtectPage' } },
    },
    freeOldBitmap: {
      on: {
        STEP: {
          actions: ['freeOldBitmap', 'forgetSlots', 'forgetNrDirtyPages', 'releaseSlotsLock', 'returnToUser'],
          target: 'inUserspace',
        },
      },
    },
  },
});
