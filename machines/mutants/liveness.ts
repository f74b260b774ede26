import { defineMutant } from '../../src/model/define-design.ts';
import { lockBreak, pml, rmapXchg, srcuSwitch } from '../designs/index.ts';
import { lockBreak as getDirtyLogByLockBreak } from '../get-dirty-log/lock-break.ts';
import { rmapXchg as getDirtyLog } from '../get-dirty-log/rmap-xchg.ts';
import { mmuLock } from '../locks.ts';
import { migration } from '../migration.ts';
import { srcu } from '../srcu.ts';
import { step } from '../step.ts';
import { vcpuWithPml } from '../vcpu/pml.ts';
import { vcpu } from '../vcpu.ts';
import { loadedWord } from './nonatomic-word.ts';

const lastComeFirstServed = defineMutant(rmapXchg, 'last-come-first-served', {
  bug: 'mmu_lock goes to the thread that asked last, as a spinlock without tickets may let it happen (before Linux 2.6.25)',
  breaks: 'lock-is-granted',
  params: { vcpus: 2, pages: 1, emulatingVcpus: 0 },
  machines: {
    mmuLock: mmuLock.extend({
      actions: {
        grantToNext: ({ context: { my, send } }) => {
          const others: number[] = [];
          for (let n = my.waiters.count() - 1; n > 0; n--) others.push(my.waiters.shift());
          my.holder = my.waiters.shift();
          for (const other of others) my.waiters.push(other);
          send('LOCK_GRANTED', my.holder);
        },
      },
    }),
  },
});

const acknowledges = { on: { IPI: { actions: 'ackIpi' } } } as const;

const interruptsOff = defineMutant(rmapXchg, 'interrupts-off', {
  bug: 'a vCPU waits for mmu_lock with interrupts off, while GET_DIRTY_LOG holds it until an IPI is taken',
  breaks: 'ipi-is-taken',
  params: { vcpus: 2, pages: 1, emulatingVcpus: 0 },
  machines: {
    vcpu: vcpu.extend({
      states: {
        host: {
          on: { IPI: [] },
          states: {
            readMemslots: acknowledges,
            markPageDirty: acknowledges,
            setSpte: acknowledges,
            enterGuest: acknowledges,
            inUserspace: acknowledges,
          },
        },
      },
    }),
  },
});

const restartWhenDirty = defineMutant(rmapXchg, 'restart-when-dirty', {
  bug: 'GET_DIRTY_LOG starts over after each dirty word, until it finds none',
  breaks: 'ioctl-returns',
  params: { vcpus: 1, pages: 1, emulatingVcpus: 1 },
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: { writeProtect: { always: { guard: 'maskIsEmpty', actions: 'resetWord', target: 'loadWord' } } },
    }),
  },
});

const rescanUntilClean = defineMutant(rmapXchg, 'rescan-until-clean', {
  bug: 'GET_DIRTY_LOG releases mmu_lock, and takes the log again as long as it is not empty',
  breaks: 'ioctl-returns',
  params: { vcpus: 1, pages: 1, emulatingVcpus: 1 },
  machines: {
    getDirtyLog: getDirtyLog.extend({
      actions: {
        xchgDirtyWord: ({ context: { kvm, ioctl, my, params } }) => {
          kvm.dirtyBitmap(0).xchgWord(my.word, my.mask);
          for (let bit = my.mask.first(); bit >= 0; bit = my.mask.first(bit + 1)) {
            ioctl.snapshot.set(my.word * params.bitsPerWord + bit);
          }
          my.flush = true;
        },
      },
      ghost: {
        xchgDirtyWord: ({ context: { my, ghost } }) => {
          ghost.marked(0).setWord(my.word, 0);
          ghost.due.andNotWord(my.word, my.mask);
        },
      },
      states: {
        flushTlbs: {
          states: {
            awaitAcks: {
              always: { guard: 'noAcksAwaited', actions: 'releaseMmuLock', target: '#get-dirty-log.lookAgain' },
            },
          },
        },
        lookAgain: {
          tags: ['inIoctl'],
          on: { STEP: [{ guard: 'wordIsClean', target: 'copyToUser' }, { target: 'lockMmu' }] },
        },
      },
    }),
  },
});

const logNotCleared = defineMutant(rmapXchg, 'log-not-cleared', {
  bug: 'GET_DIRTY_LOG copies the bitmap and clears nothing, so that a page stays dirty',
  breaks: 'quiet-guest-migrates',
  params: { vcpus: 1, pages: 1, emulatingVcpus: 0 },
  machines: {
    getDirtyLog: getDirtyLog.use(loadedWord).extend({
      states: { xchgWord: { on: step(['loadMask', 'snapshotMask'], 'writeProtect') } },
    }),
  },
});

const neverSmallEnough = defineMutant(rmapXchg, 'never-small-enough', {
  bug: 'QEMU completes where less is pending than the threshold, which is 0 (`<` in place of `<=`)',
  breaks: 'quiet-guest-migrates',
  params: { vcpus: 1, pages: 1, emulatingVcpus: 0 },
  machines: { migration: migration.extend({ states: { iterating: { on: { STOP: [] } } } }) },
});

const stopWhenClean = defineMutant(rmapXchg, 'stop-when-clean', {
  bug: 'QEMU has decided to stop the guest, and waits for a log with no page in it before it does',
  breaks: 'switchover-ends',
  params: { vcpus: 1, pages: 1, emulatingVcpus: 0 },
  machines: {
    migration: migration.extend({
      states: {
        iterating: { on: { STOP: 'askAgain' } },
        askAgain: { tags: ['stopping'], entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'mergeAgain' } },
        mergeAgain: {
          tags: ['stopping', 'logReturned'],
          on: step('mergeLog', 'sendAgain'),
        },
        sendAgain: {
          tags: ['stopping'],
          always: { guard: 'nothingLeft', target: 'pausing' },
          on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'], target: 'askAgain' } },
        },
      },
    }),
  },
});

const rewindAfterBreak = defineMutant(lockBreak, 'rewind-after-break', {
  bug: 'after a break the scan begins at the first word again, where a page may be dirty again',
  breaks: 'ioctl-returns',
  params: { vcpus: 1, pages: 2, emulatingVcpus: 0 },
  machines: {
    getDirtyLog: getDirtyLogByLockBreak.extend({
      states: { relockMmu: { on: { LOCK_GRANTED: { actions: 'resetWord', target: 'loadWordAfterBreak' } } } },
    }),
  },
});

const waitsForNewReaders = defineMutant(srcuSwitch, 'waits-for-new-readers', {
  bug: 'a grace period waits for readers that came after it began as well',
  breaks: 'grace-period-ends',
  params: { vcpus: 2, pages: 1, emulatingVcpus: 2 },
  machines: { srcu: srcu.extend({ guards: { noReaderLeft: ({ context: { my } }) => my.readers.isEmpty() } }) },
});

const kickMissed = defineMutant(pml, 'kick-missed', {
  bug: 'a kick does not take a vCPU out of the guest, so that its log waits for an exit that may never come',
  breaks: 'ipi-is-taken',
  params: { vcpus: 1, pages: 1 },
  machines: { vcpu: vcpuWithPml.extend({ states: { inGuest: { on: { KICK: [] } } } }) },
});

/** Bugs that lose no write: a liveness property fails. */
export const livenessMutants = [
  lastComeFirstServed,
  interruptsOff,
  restartWhenDirty,
  rescanUntilClean,
  logNotCleared,
  neverSmallEnough,
  stopWhenClean,
  rewindAfterBreak,
  waitsForNewReaders,
  kickMissed,
];
