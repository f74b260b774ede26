import { bitmapScan, getDirtyLogCall } from '../ioctl/dirty-bitmap.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { mmuLocking, slotsLocking } from '../ioctl/locks.ts';
import { rmapWriteProtect } from '../ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from '../ioctl/tlb-flush.ts';
import { wordCount } from '../params.ts';
import { step } from '../step.ts';

type Chunks = { readonly pages: number; readonly bitsPerWord: number; readonly wordsPerClear: number };

const firstWordOfChunk = (word: number, { wordsPerClear }: Chunks): number => word - (word % wordsPerClear);

const isLastOfChunk = (word: number, params: Chunks): boolean =>
  (word + 1) % params.wordsPerClear === 0 || word + 1 === wordCount(params);

/** KVM_CLEAR_DIRTY_LOG for one chunk, and KVM_GET_DIRTY_LOG that only reads. */
const clearDirtyLog = ioctl.implement({
  actions: {
    copyLiveWordToUser: ({ context: { kvm, qemu, my } }) =>
      kvm.dirtyBitmap(0).loadWord(my.word, qemu.userBitmap, my.word),
    startClear: ({ context: { my }, event }) => {
      my.word = event.word;
    },
    clearWord: ({ context: { kvm, qemu, ioctl, my } }) => {
      qemu.userBitmap.loadWord(my.word, my.mask);
      kvm.dirtyBitmap(0).fetchAndNotWord(my.word, my.mask);
      ioctl.snapshot.setWord(my.word, my.mask);
      my.flush ||= !my.mask.isEmpty();
    },
    endClear: ({ context: { ioctl, qemu, my, params } }) => {
      for (let word = firstWordOfChunk(my.word, params); word <= my.word; word++) qemu.userBitmap.setWord(word, 0);
      ioctl.snapshot.fill(false);
      my.word = 0;
      my.flush = false;
    },
    returnFromClear: ({ context: { send, actors } }) => send('CLEARED', actors.migration),
  },
  guards: {
    nothingToClear: ({ context: { qemu, my, params } }) =>
      qemu.userBitmap.isWordEmpty(my.word) && !isLastOfChunk(my.word, params),
    wordIsDone: ({ context: { my, params } }) => my.mask.isEmpty() && !isLastOfChunk(my.word, params),
  },
  ghost: {
    copyLiveWordToUser: ({ context: { qemu, my, ghost } }) => ghost.due.andNotWord(my.word, qemu.userBitmap, my.word),
    clearWord: ({ context: { my, ghost } }) => ghost.marked(0).andNotWord(my.word, my.mask),
  },
});

/**
 * GET_DIRTY_LOG and CLEAR_DIRTY_LOG as `kvm_get_dirty_log_protect` and `kvm_clear_dirty_log_protect` do them in Linux
 * 5.0 and later, virt/kvm/kvm_main.c (2a31b9db1535): GET copies the live bitmap and clears nothing. CLEAR takes a chunk
 * and the bits that user space has seen, clears those with `atomic_long_fetch_andnot`, protects their pages under
 * `mmu_lock`, flushes after the unlock, and returns. Between the clear and the protection a page is clean and writable.
 * That is harmless: user space has not read the page yet.
 */
export const manualClear = ioctl
  .use(getDirtyLogCall, slotsLocking, mmuLocking, bitmapScan, clearDirtyLog, rmapWriteProtect, tlbFlush)
  .createMachine({
    id: 'get-dirty-log',
    initial: 'inUserspace',
    states: {
      inUserspace: {
        description: 'the caller has called neither ioctl(KVM_GET_DIRTY_LOG) nor ioctl(KVM_CLEAR_DIRTY_LOG)',
        on: {
          GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' },
          CLEAR_DIRTY_LOG: { actions: 'startClear', target: 'lockSlotsToClear' },
        },
      },
      lockSlots: {
        description: 'kvm_vm_ioctl_get_dirty_log: mutex_lock(&kvm->slots_lock)',
        tags: ['inIoctl'],
        entry: 'requestSlotsLock',
        on: { SLOTS_LOCKED: 'copyWordToUser' },
      },
      lockSlotsToClear: {
        description: 'kvm_vm_ioctl_clear_dirty_log: mutex_lock(&kvm->slots_lock)',
        tags: ['inIoctl'],
        entry: 'requestSlotsLock',
        on: { SLOTS_LOCKED: 'lockMmu' },
      },
      copyWordToUser: {
        description: 'kvm->manual_dirty_log_protect: copy_to_user(log->dirty_bitmap, memslot->dirty_bitmap, n)',
        tags: ['inIoctl'],
        always: {
          guard: 'scannedAllWords',
          actions: ['resetWord', 'releaseSlotsLock', 'returnToUser'],
          target: 'inUserspace',
        },
        on: step(['copyLiveWordToUser', 'nextWord']),
      },
      lockMmu: {
        description: 'KVM_MMU_LOCK(kvm)',
        tags: ['inIoctl', 'waitsForMmuLock'],
        entry: 'requestMmuLock',
        on: { LOCK_GRANTED: 'clearWord' },
      },
      clearWord: {
        description:
          'mask = *dirty_bitmap_buffer++; if (!mask) continue; mask &= atomic_long_fetch_andnot(mask, p); if (mask) flush = true;',
        tags: ['inIoctl', 'holdsMmuLock'],
        on: {
          STEP: [
            { guard: 'nothingToClear', actions: 'nextWord', target: 'clearWord' },
            { actions: 'clearWord', target: 'writeProtect' },
          ],
        },
      },
      writeProtect: {
        description:
          'kvm_arch_mmu_enable_log_dirty_pt_masked(kvm, memslot, offset, mask); KVM_MMU_UNLOCK(kvm) after the last word',
        tags: ['inIoctl', 'holdsMmuLock'],
        always: [
          { guard: 'wordIsDone', actions: 'nextWord', target: 'clearWord' },
          { guard: 'nothingToFlush', actions: 'releaseMmuLock', target: 'returnFromClear' },
          { guard: 'maskIsEmpty', actions: 'releaseMmuLock', target: 'flushTlbs' },
        ],
        on: step('writeProtectPage'),
      },
      flushTlbs: {
        description: 'if (flush) kvm_flush_remote_tlbs_memslot(kvm, memslot)',
        ...flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.returnFromClear' }),
      },
      returnFromClear: {
        description: 'mutex_unlock(&kvm->slots_lock), and the return to user space',
        tags: ['inIoctl', 'clearReturns'],
        on: step(['endClear', 'releaseSlotsLock', 'returnFromClear'], 'inUserspace'),
      },
    },
  });
