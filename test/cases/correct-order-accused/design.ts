import { type AnyDesign, defineDesign } from 'precopy';
import {
  bitmapScan,
  flushRemoteTlbs,
  getDirtyLogCall,
  ioctl,
  mmuLocking,
  rmapWriteProtect,
  rmapXchg,
  slotsLocking,
  step,
  tlbFlush,
  xchgSnapshot,
} from 'precopy/kvm';

const withMachine = (id: string, getDirtyLog: unknown): AnyDesign =>
  defineDesign({
    ...rmapXchg,
    id,
    title: id,
    source: { version: 'an idea' },
    machines: { ...rmapXchg.machines, getDirtyLog } as typeof rmapXchg.machines,
  });

const snapshotMask = ioctl.implement({
  actions: { maskOfSnapshot: ({ context: { ioctl, my } }) => ioctl.snapshot.loadWord(my.word, my.mask) },
});

/**
 * GET_DIRTY_LOG that takes the words under `mmu_lock` and protects the pages after it, up to the copy to user space.
 */
function protectsOutsideLock(then: { readonly beforeFlush?: 'returnToUser'; readonly afterFlush?: 'returnToUser' }) {
  const { beforeFlush, afterFlush } = then;
  return ioctl
    .use(getDirtyLogCall, mmuLocking, bitmapScan, xchgSnapshot, snapshotMask, rmapWriteProtect, tlbFlush)
    .createMachine({
      id: 'get-dirty-log',
      initial: 'inUserspace',
      states: {
        inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockMmu' } } },
        lockMmu: {
          tags: ['inIoctl', 'waitsForMmuLock'],
          entry: 'requestMmuLock',
          on: { LOCK_GRANTED: 'snapshotWord' },
        },
        snapshotWord: {
          tags: ['inIoctl', 'holdsMmuLock'],
          always: { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'protectWord' },
          on: step(['xchgDirtyWord', 'resetMask', 'nextWord']),
        },
        protectWord: {
          tags: ['inIoctl'],
          always: [
            { guard: 'scannedAllWords', actions: 'resetWord', target: 'copyToUser' },
            { actions: 'maskOfSnapshot', target: 'protectPage' },
          ],
        },
        protectPage: {
          tags: ['inIoctl'],
          always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'protectWord' },
          on: step('writeProtectPage'),
        },
        copyToUser: {
          tags: ['inIoctl'],
          on: step(['copyToUser', ...(beforeFlush ? [beforeFlush] : [])], 'flushTlbs'),
        },
        flushTlbs: flushRemoteTlbs(['inIoctl'], {
          ...(afterFlush && { actions: afterFlush }),
          target: '#get-dirty-log.inUserspace',
        }),
      },
    });
}

/** Loses no write: TLBs are flushed after the copy, and before the call returns. */
export const flushesBeforeReturn = withMachine(
  'flushes-before-return',
  protectsOutsideLock({ afterFlush: 'returnToUser' }),
);

/** Loses writes: the call has returned when TLBs are flushed. */
export const returnsBeforeFlush = withMachine(
  'returns-before-flush',
  protectsOutsideLock({ beforeFlush: 'returnToUser' }),
);

const chunks = ioctl.implement({
  actions: {
    copyChunkToUser: ({ context: { qemu, ioctl, my } }) => {
      for (let word = my.word - 1 - ((my.word - 1) % 2); word < my.word; word++) {
        ioctl.snapshot.loadWord(word, my.mask);
        qemu.userBitmap.setWord(word, my.mask);
        ioctl.snapshot.setWord(word, 0);
      }
      my.mask.fill(false);
    },
    resetSnapshot: ({ context: { ioctl, my } }) => {
      ioctl.snapshot.fill(false);
      my.flush = false;
    },
  },
  guards: {
    chunkIsDone: ({ context: { my, params } }) =>
      my.word % 2 === 1 || (my.word + 1) * params.bitsPerWord >= params.pages,
  },
});
const locked = ['inIoctl', 'holdsMmuLock'] as const;

/**
 * Loses no write: holds `mmu_lock` for two words at a time, copies them to user space, and flushes once, at the end.
 */
export const chunkedCleared = withMachine(
  'chunked-cleared',
  ioctl
    .use(getDirtyLogCall, slotsLocking, mmuLocking, bitmapScan, xchgSnapshot, chunks, rmapWriteProtect, tlbFlush)
    .createMachine({
      id: 'get-dirty-log',
      initial: 'inUserspace',
      states: {
        inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } } },
        lockSlots: {
          tags: ['inIoctl', 'waitsForSlotsLock'],
          entry: 'requestSlotsLock',
          on: { SLOTS_LOCKED: 'lockMmu' },
        },
        lockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'loadWord' } },
        loadWord: {
          tags: locked,
          on: { STEP: [{ guard: 'wordIsClean', target: 'wordDone' }, { target: 'xchgWord' }] },
        },
        xchgWord: { tags: locked, on: step('xchgDirtyWord', 'writeProtect') },
        writeProtect: {
          tags: locked,
          always: { guard: 'maskIsEmpty', target: 'wordDone' },
          on: step('writeProtectPage'),
        },
        wordDone: {
          tags: locked,
          always: [
            { guard: 'chunkIsDone', actions: ['nextWord', 'releaseMmuLock'], target: 'copyChunk' },
            { actions: 'nextWord', target: 'loadWord' },
          ],
        },
        copyChunk: {
          tags: ['inIoctl'],
          on: {
            STEP: [
              { guard: 'scannedAllWords', actions: ['copyChunkToUser', 'resetWord'], target: 'flushTlbs' },
              { actions: 'copyChunkToUser', target: 'lockMmu' },
            ],
          },
        },
        flushTlbs: flushRemoteTlbs(['inIoctl'], {
          actions: ['resetSnapshot', 'releaseSlotsLock', 'returnToUser'],
          target: '#get-dirty-log.inUserspace',
        }),
      },
    }),
);
