import { defineMutant } from '../../src/model/define-design.ts';
import { adBits, manualClearTdp, pml, rmapXchgFastPageFault } from '../designs/index.ts';
import { harvestDirtyBits } from '../get-dirty-log/dirty-bits.ts';
import { manualClear as getDirtyLog } from '../get-dirty-log/manual-clear.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { leafClearDirty } from '../set-memory-region.ts';
import { step } from '../step.ts';
import { vcpuWithFastPageFault } from '../vcpu/fast-page-fault.ts';
import { vcpuWithPml } from '../vcpu/pml.ts';
import { noFlushAfterScan } from './flush.ts';

const markBeforeInstall = defineMutant(rmapXchgFastPageFault, 'mark-before-install', {
  bug: 'the fast page fault marks the page, and then makes the spte writable without mmu_lock (M9)',
  breaks: 'logged-or-protected',
  machines: {
    vcpu: vcpuWithFastPageFault.extend({
      states: {
        host: {
          states: {
            walkShadowPage: {
              on: {
                STEP: [
                  { guard: 'spteIsWritable', actions: 'resetGfn', target: 'enterGuest' },
                  { target: 'markBeforehand' },
                ],
                FIX_SLOWLY: 'lockMmu',
              },
            },
            markBeforehand: { on: step('markPageDirty', 'cmpxchgSpte') },
            cmpxchgSpte: { on: step(['setSpteWritable', 'resetGfn'], 'enterGuest') },
          },
        },
      },
    }),
  },
});

const mmuLockSharing = ioctl.implement({
  actions: {
    requestMmuLockShared: ({ context: { send, actors } }) => send('LOCK_SHARED', actors.mmuLock),
    releaseMmuLockShared: ({ context: { send, actors } }) => send('UNLOCK_SHARED', actors.mmuLock),
  },
});

const clearSharesMmuLock = defineMutant(manualClearTdp, 'clear-shares-mmu-lock', {
  bug: 'CLEAR_DIRTY_LOG takes mmu_lock for reading, beside faults that mark before they install (M14)',
  fixedBy: 'review of the arm64 series of V. Sharma, May 2023',
  breaks: 'protected-after-clear',
  machines: {
    getDirtyLog: getDirtyLog.use(mmuLockSharing).extend({
      states: {
        lockMmu: { entry: 'requestMmuLockShared' },
        clearWord: { tags: ['inIoctl', 'sharesMmuLock'] },
        writeProtect: {
          tags: ['inIoctl', 'sharesMmuLock'],
          always: [
            { guard: 'nothingToFlush', actions: 'releaseMmuLockShared', target: 'returnFromClear' },
            { guard: 'maskIsEmpty', actions: 'releaseMmuLockShared', target: 'flushTlbs' },
          ],
        },
      },
    }),
  },
});

const noFlushOfDirtyBits = defineMutant(adBits, 'no-flush', {
  bug: 'D bits are cleared and TLBs are not flushed, so that writes through them set no D bit (M19)',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: harvestDirtyBits.extend({ states: noFlushAfterScan }),
  },
});

const loadDirty = ioctl.implement({
  actions: {
    loadDirtySpte: ({ context: { kvm, ioctl, my } }) => {
      if (kvm.spteDirty.has(my.gfn)) ioctl.harvested.set(my.gfn);
    },
  },
});

const nonatomicHarvest = defineMutant(adBits, 'nonatomic-harvest', {
  bug: 'a D bit is read and then stored as clear: the processor sets it in between (M12)',
  breaks: 'logged-or-protected',
  machines: {
    getDirtyLog: harvestDirtyBits.use(loadDirty, leafClearDirty).extend({
      states: {
        harvest: { on: step('loadDirtySpte', 'storeCleanSpte') },
        storeCleanSpte: {
          tags: ['inIoctl', 'holdsMmuLock'],
          on: step('storeCleanSpte', 'markHarvested'),
        },
      },
    }),
  },
});

const harvestTooLate = defineMutant(adBits, 'harvest-after-snapshot', {
  bug: 'the bitmap is taken first, and the D bits are harvested into it afterwards, for the next time',
  breaks: 'snapshot-is-complete',
  machines: {
    getDirtyLog: harvestDirtyBits.extend({
      states: {
        lockMmu: { on: { LOCK_GRANTED: 'loadWord' } },
        loadWord: { always: { guard: 'scannedAllWords', actions: 'resetWord', target: 'harvest' } },
        harvest: { always: { guard: 'walkedAllPages', actions: 'resetWalk', target: 'flushTlbs' } },
      },
    }),
  },
});

const noDrainOnPause = defineMutant(pml, 'no-drain-on-pause', {
  bug: 'a vCPU stops for the last GET_DIRTY_LOG with pages left in its log (M16)',
  breaks: 'final-image',
  machines: {
    vcpu: vcpuWithPml.extend({
      states: { host: { states: { drainPmlToPause: { always: 'inUserspace', on: { STEP: [] } } } } },
    }),
  },
});

/** Bugs put back into the fault paths and harvests: fast page fault, TDP MMU, D bits, page-modification logging. */
export const faultPathMutants = [
  markBeforeInstall,
  noDrainOnPause,
  clearSharesMmuLock,
  noFlushOfDirtyBits,
  nonatomicHarvest,
  harvestTooLate,
];
