import { defineMutant } from '../../src/model/define-design.ts';
import { srcuSwitch as design } from '../designs/index.ts';
import { srcuSwitch as getDirtyLog } from '../get-dirty-log/srcu-switch.ts';
import { step } from '../step.ts';
import { vcpuWithMemslotsSwitch } from '../vcpu/memslots-switch.ts';
import { loadStoreMark, nonatomicEmulatedMark, nonatomicFaultMark } from './nonatomic-mark.ts';

const protectBeforeSwitch = defineMutant(design, 'protect-before-switch', {
  bug: 'pages are write-protected first, and then the memslots are switched, as in b050b015 (M1)',
  fixedBy: 'edde99ce0529 "KVM: Write protect memory after slot swap"',
  breaks: 'logged-or-protected',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        scanWord: {
          on: {
            STEP: [
              { guard: 'wordIsClean', actions: 'nextWord', target: 'scanWord' },
              { actions: 'resetWord', target: 'lockMmu' },
            ],
          },
        },
        lockMmu: { tags: ['inIoctl'] },
        walkSptes: { tags: ['inIoctl', 'holdsMmuLock'] },
        flushTlbs: {
          tags: ['inIoctl', 'holdsMmuLock'],
          states: {
            awaitAcks: {
              always: {
                guard: 'noAcksAwaited',
                actions: 'releaseMmuLock',
                target: '#get-dirty-log.zeroNewBitmap',
              },
            },
          },
        },
        synchronizeSrcu: { on: { GRACE_PERIOD_OVER: 'copyToUser' } },
      },
    }),
  },
});

const nonatomicMark = defineMutant(design, 'nonatomic-mark', {
  bug: 'marks are a load and a store, as these kernels shipped them (M3)',
  fixedBy: 'Linux 3.3 (test_and_set_bit_le)',
  breaks: 'atomic-bitmap',
  machines: {
    vcpu: vcpuWithMemslotsSwitch.use(loadStoreMark).extend({
      states: { host: { states: { ...nonatomicFaultMark, ...nonatomicEmulatedMark } } },
    }),
  },
});

const noGracePeriod = defineMutant(design, 'no-grace-period', {
  bug: 'the memslots are switched without synchronize_srcu',
  breaks: 'grace-period',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: { publishMemslots: { on: step('publishMemslots', 'lockMmu') } },
    }),
  },
});

const synchronizeBeforeSwitch = defineMutant(design, 'synchronize-before-switch', {
  bug: 'synchronize_srcu comes before the memslots are switched, so it does not wait for readers of the old ones',
  breaks: 'grace-period',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        zeroNewBitmap: { on: step('zeroNewBitmap', 'synchronizeSrcu') },
        synchronizeSrcu: { on: { GRACE_PERIOD_OVER: 'publishMemslots' } },
        publishMemslots: { on: step('publishMemslots', 'lockMmu') },
      },
    }),
  },
});

const markOutsideReadSide = defineMutant(design, 'mark-outside-read-side', {
  bug: 'the fault path leaves its SRCU read section before it marks in the bitmap that it found there',
  breaks: 'grace-period',
  machines: {
    vcpu: vcpuWithMemslotsSwitch.extend({
      states: {
        host: {
          states: {
            readMemslots: { on: step(['readMemslots', 'srcuReadUnlock'], 'markPageDirty') },
          },
        },
      },
    }),
  },
});

const zeroAfterSwitch = defineMutant(design, 'zero-after-switch', {
  bug: 'the new bitmap is zeroed after the switch, when vCPUs mark in it already',
  breaks: 'atomic-bitmap',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        scanWord: {
          on: {
            STEP: [
              { guard: 'wordIsClean', actions: 'nextWord', target: 'scanWord' },
              { actions: 'resetWord', target: 'publishMemslots' },
            ],
          },
        },
        publishMemslots: { on: step('publishMemslots', 'zeroNewBitmap') },
        zeroNewBitmap: { on: step('zeroNewBitmap', 'synchronizeSrcu') },
      },
    }),
  },
});

const noFlush = defineMutant(design, 'no-flush', {
  bug: 'GET_DIRTY_LOG returns without a TLB flush (M7)',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        walkSptes: {
          always: { guard: 'walkedAllPages', actions: ['resetWalk', 'releaseMmuLock'], target: 'copyToUser' },
        },
      },
    }),
  },
});

const walkWithoutMmuLock = defineMutant(design, 'walk-without-mmu-lock', {
  bug: 'the walk over the shadow pages does not take mmu_lock',
  breaks: 'mutual-exclusion',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        lockMmu: { entry: [], always: 'walkSptes' },
        flushTlbs: {
          states: { awaitAcks: { always: { guard: 'noAcksAwaited', target: '#get-dirty-log.copyToUser' } } },
        },
      },
    }),
  },
});

/** Bugs put back into `srcu-switch`. */
export const srcuSwitchMutants = [
  protectBeforeSwitch,
  nonatomicMark,
  noGracePeriod,
  synchronizeBeforeSwitch,
  markOutsideReadSide,
  zeroAfterSwitch,
  noFlush,
  walkWithoutMmuLock,
];
